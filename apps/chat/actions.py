"""Changing what the assistant knows and remembers."""

from __future__ import annotations

import datetime as dt
import functools
import logging
import os
import subprocess
import sys
import uuid
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from apps.audit.actions import record
from apps.chat.converting import text_of
from apps.chat.errors import AlreadyRebuilding, NameTaken
from apps.chat.models import ChatDocument, ChatQuery, IndexStatus
from apps.chat.queries import document_of, index_row, query_of
from apps.common.db import unit_of_work
from apps.companies.models import Company
from apps.config.policy import Reach
from apps.users.models import User

logger = logging.getLogger(__name__)
LEASE = dt.timedelta(seconds=60)


# --- Questions ------------------------------------------------------------------------------------------


@unit_of_work
def remember(query: ChatQuery) -> ChatQuery:
    """Store a question with its answer."""
    query.save(force_insert=True)
    return query


@unit_of_work
def give_feedback(
    query_id: int, *, helpful: bool, comment: str, acting_user: User, company: Company, reach: Reach
) -> ChatQuery:
    """Keep whether an answer helped; UnknownQuery."""
    query = query_of(query_id, acting_user, company, reach)
    query.helpful, query.comment = helpful, comment
    query.save(update_fields=["helpful", "comment"])
    return query


# --- Documents ------------------------------------------------------------------------------------------


@unit_of_work
def add_document(name: str, content: bytes, *, for_all: bool, acting_user: User, company: Company) -> ChatDocument:
    """Add a document for the company, or for all; UnreadableDocument, NameTaken."""
    document = ChatDocument(name=name, text=text_of(name, content), company=None if for_all else company)
    return write_document(document, acting_user=acting_user, company=company)


@unit_of_work
def replace_document(
    document_id: int, name: str, content: bytes, *, acting_user: User, company: Company
) -> ChatDocument:
    """Put a file in the place of a document; UnknownDocument, UnreadableDocument, NameTaken."""
    document = document_of(document_id, company)
    document.name, document.text = name, text_of(name, content)
    return write_document(document, acting_user=acting_user, company=company)


@unit_of_work
def write_document(document: ChatDocument, *, acting_user: User, company: Company) -> ChatDocument:
    """Store a document, new or changed; NameTaken. `company` is where the change is audited."""
    action = "document.added" if document.pk is None else "document.replaced"
    document.uploaded_by = acting_user
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError:
        raise NameTaken from None
    _changed(action, document, acting_user=acting_user, company=company)
    return document


@unit_of_work
def remove_document(document_id: int, *, acting_user: User, company: Company) -> None:
    """Remove a document; UnknownDocument."""
    document = document_of(document_id, company)
    _changed("document.removed", document, acting_user=acting_user, company=company)
    document.delete()


def _changed(action: str, document: ChatDocument, *, acting_user: User, company: Company) -> None:
    index_row()
    IndexStatus.objects.update(stale=True)
    transaction.on_commit(functools.partial(refresh_index, acting_user=acting_user))
    record(
        action, acting_user=acting_user, company_id=company.pk, subject="document", subject_id=document.pk,
        detail={"name": document.name, "for_all": document.company_id is None},
    )


# --- The index --------------------------------------------------------------------------------------------


@unit_of_work
def claim_rebuild(*, acting_user: User | None) -> str:
    """Take the lease of rebuilding and return its name; AlreadyRebuilding while another holds it."""
    index_row()
    free = Q(lease_until=None) | Q(lease_until__lte=timezone.now())
    lease = uuid.uuid4().hex
    claimed = IndexStatus.objects.filter(free, pk=1).update(
        lease=lease, lease_until=timezone.now() + LEASE, progress=0, rebuild_by=acting_user
    )
    if not claimed:
        raise AlreadyRebuilding
    if acting_user is not None:
        record(
            "index.rebuild", acting_user=acting_user, company_id=acting_user.company_id, subject="index", subject_id=1
        )
    return lease


def refresh_index(*, acting_user: User) -> None:
    """Start a rebuild where none runs; one that runs looks for changes before it ends."""
    if not settings.CHAT_REBUILD_ON_CHANGE:
        return
    try:
        start_rebuild(claim_rebuild(acting_user=acting_user))
    except AlreadyRebuilding:
        logger.info("chat.rebuild_follows")


def start_rebuild(lease: str) -> None:
    """Rebuild in a process of its own, whose memory goes with it."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "rebuild_chat_index", "--lease", lease]
    subprocess.Popen(  # noqa: S603 - our own command
        command, env=os.environ | {"DATABASE_URL": settings.DATABASE_URL, "DATA_DIR": str(settings.DATA_DIR)},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
    )


def keep_lease(lease: str, progress: int) -> None:
    """Move the lease on and tell how far the rebuild is, in percent; without effect once it is lost."""
    IndexStatus.objects.filter(pk=1, lease=lease).update(
        lease_until=timezone.now() + LEASE, progress=min(max(progress, 0), 100)
    )


def begin_reading(lease: str) -> None:
    """Mark the index as fresh from here on: a document changed later makes it stale again."""
    IndexStatus.objects.filter(pk=1, lease=lease).update(stale=False)


def end_rebuild(lease: str, *, succeeded: bool) -> None:
    """Give the lease back; without effect once it is lost."""
    changes: dict[str, Any] = {"lease": "", "lease_until": None}
    if succeeded:
        changes |= {"last_rebuild": timezone.now(), "progress": 100}
    IndexStatus.objects.filter(pk=1, lease=lease).update(**changes)
