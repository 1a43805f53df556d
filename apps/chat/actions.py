"""Changing what the assistant knows and remembers."""

from __future__ import annotations

import datetime as dt
import functools
import logging
import os
import subprocess
import sys
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from apps.audit.actions import record
from apps.chat.converting import text_of
from apps.chat.errors import AlreadyRebuilding, NameMissing, NameTaken, QuotaUsedUp
from apps.chat.models import ChatDocument, ChatQuery, ChatQuota, IndexStatus
from apps.chat.queries import document_of, index_row, query_of, seconds_to_midnight
from apps.common.db import unit_of_work
from apps.companies.models import Company
from apps.config.policy import Reach
from apps.users.models import User

logger = logging.getLogger(__name__)
LEASE = dt.timedelta(seconds=60)


# --- Questions ------------------------------------------------------------------------------------------


@unit_of_work
def reserve_question(user: User) -> dt.date:
    """Take one of the user's questions of the day and return the day it was taken from; QuotaUsedUp.

    One conditional update, so that requests at once take no more than there are.
    """
    today = timezone.localdate()
    ChatQuota.objects.get_or_create(user=user, defaults={"day": today})
    rows = ChatQuota.objects.filter(user=user)
    rows.exclude(day=today).update(day=today, asked=0)
    if not rows.filter(asked__lt=settings.CHAT_QUESTIONS_PER_DAY).update(asked=F("asked") + 1):
        raise QuotaUsedUp(seconds_to_midnight())
    return today


@unit_of_work
def give_back_question(user: User, day: dt.date) -> None:
    """Return a question that nobody answered to the day it was taken from."""
    ChatQuota.objects.filter(user=user, day=day, asked__gt=0).update(asked=F("asked") - 1)


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


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is to be a document: the name that is shown, the file's own, which says its kind, and its bytes."""

    name: str
    file_name: str
    content: bytes


def add_document(upload: Upload, *, for_all: bool, acting_user: User, company: Company) -> ChatDocument:
    """Add a document for the company, or for all; UnreadableDocument, NameMissing, NameTaken."""
    # Read before the unit of work: it may take a minute, in which others want to write.
    text = text_of(upload.file_name, upload.content)
    document = ChatDocument(name=upload.name, text=text, company=None if for_all else company)
    return write_document(document, acting_user=acting_user, company=company)


def replace_document(
    document_id: int, upload: Upload, *, for_all: bool | None, acting_user: User, company: Company
) -> ChatDocument:
    """Put a file in the place of a document; None for `for_all` leaves whose it is.

    Raises UnknownDocument, UnreadableDocument, NameMissing, NameTaken.
    """
    document_of(document_id, company)
    text = text_of(upload.file_name, upload.content)
    return _replace(document_id, upload.name, text, for_all=for_all, acting_user=acting_user, company=company)


@unit_of_work
def _replace(
    document_id: int, name: str, text: str, *, for_all: bool | None, acting_user: User, company: Company
) -> ChatDocument:
    document = document_of(document_id, company)
    document.name, document.text = name, text
    if for_all is not None:
        document.company = None if for_all else company
    return write_document(document, acting_user=acting_user, company=company)


@unit_of_work
def write_document(document: ChatDocument, *, acting_user: User, company: Company) -> ChatDocument:
    """Store a document, new or changed; NameTaken, NameMissing. `company` is where the change is audited."""
    action = "document.added" if document.pk is None else "document.replaced"
    document.name = _shown(document.name)
    if not document.name:
        raise NameMissing
    document.uploaded_by = acting_user
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError:
        raise NameTaken from None
    _changed(action, document, acting_user=acting_user, company=company)
    return document


def _shown(name: str) -> str:
    """Return a name on one line, without what cannot be seen: it stands beside answers."""
    return "".join(char for char in " ".join(name.split()) if char.isprintable()).strip()


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


@unit_of_work
def keep_lease(lease: str, progress: int | None = None) -> None:
    """Move the lease on and tell how far the rebuild is, in percent; without effect once it is lost."""
    changes: dict[str, Any] = {"lease_until": timezone.now() + LEASE}
    if progress is not None:
        changes["progress"] = min(max(progress, 0), 100)
    IndexStatus.objects.filter(pk=1, lease=lease).update(**changes)


@unit_of_work
def begin_reading(lease: str) -> None:
    """Mark the index as fresh from here on: a document changed later makes it stale again."""
    IndexStatus.objects.filter(pk=1, lease=lease).update(stale=False)


@unit_of_work
def end_rebuild(lease: str, *, succeeded: bool) -> None:
    """Give the lease back; without effect once it is lost. One that failed leaves the index stale."""
    changes: dict[str, Any] = {"lease": "", "lease_until": None}
    changes |= {"last_rebuild": timezone.now(), "progress": 100} if succeeded else {"stale": True}
    IndexStatus.objects.filter(pk=1, lease=lease).update(**changes)
