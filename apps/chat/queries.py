"""Reading what was asked, the documents and the state of the index."""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone

from apps.chat.errors import NoIndex, UnknownDocument, UnknownPassage, UnknownQuery
from apps.chat.models import ChatDocument, ChatQuery, IndexStatus
from apps.chat.service import assistant, configuration
from apps.companies.models import Company
from apps.config.policy import Reach
from apps.users.models import User
from services.chat.manifest import IndexMissing, Manifest, of_current, of_index
from services.chat.networks import has_vectors_of

TURNS_MAX = 3


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the assistant can answer, and who is making its index."""

    status_id: int
    is_available: bool
    is_rebuilding: bool
    last_rebuild: dt.datetime | None
    total_vectors: int
    total_documents: int
    rebuild_by: int | None
    rebuild_by_name: str | None
    progress: int
    has_vectors: bool


def status() -> Status:
    """Return the state of the index, from the row and from what it says of itself: nothing of it is loaded."""
    row, config = index_row(), configuration()
    index = _told(config.index_dir)
    return Status(
        status_id=row.pk,
        is_available=index is not None and index.documents > 0,
        is_rebuilding=is_rebuilding(row),
        last_rebuild=row.last_rebuild,
        total_vectors=index.passages if index else 0,
        total_documents=index.documents if index else 0,
        rebuild_by=row.rebuild_by_id,
        rebuild_by_name=row.rebuild_by.name if row.rebuild_by else None,
        progress=row.progress,
        has_vectors=index is not None and has_vectors_of(config, index),
    )


def _told(index_dir: Path) -> Manifest | None:
    with contextlib.suppress(IndexMissing):
        return of_index(index_dir)
    return None


def index_row() -> IndexStatus:
    """Return the one row, making it where it was lost."""
    rows = IndexStatus.objects.select_related("rebuild_by")
    return rows.filter(pk=1).first() or IndexStatus.objects.get_or_create(pk=1)[0]


def is_rebuilding(row: IndexStatus) -> bool:
    """Return whether the lease is still held."""
    return row.lease_until is not None and row.lease_until > timezone.now()


def history_of(user: User, company: Company, reach: Reach) -> QuerySet[ChatQuery]:
    """Return the company's questions that the user may read, newest first."""
    rows = ChatQuery.objects.filter(company=company).select_related("user")
    return rows if reach is Reach.ANY else rows.filter(user=user)


def query_of(query_id: int, user: User, company: Company, reach: Reach) -> ChatQuery:
    """Return one question; UnknownQuery where the user may not read it."""
    found = history_of(user, company, reach).filter(pk=query_id).first()
    if found is None:
        raise UnknownQuery
    return found


def questions_before(conversation_id: uuid.UUID | None, user: User, company: Company) -> list[str]:
    """Return the user's last questions of a conversation, oldest first."""
    if conversation_id is None:
        return []
    rows = ChatQuery.objects.filter(user=user, company=company, conversation_id=conversation_id)
    return list(rows.values_list("question", flat=True)[:TURNS_MAX])[::-1]


def seconds_to_midnight() -> int:
    """Return how long it is until a new day begins."""
    now = timezone.localtime()
    tomorrow = (now + dt.timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((tomorrow - now).total_seconds()) + 1


def passage_of(chunk_id: str, company: Company) -> Any:
    """Return what a citation points to (services.chat.citing.Place); UnknownPassage, NoIndex."""
    service = assistant()
    try:
        place = service.passage(chunk_id, owner=company.pk)
    except service.IndexMissing:
        raise NoIndex(is_rebuilding=is_rebuilding(index_row())) from None
    if place is None:
        raise UnknownPassage
    return place


def documents_of(company: Company) -> QuerySet[ChatDocument]:
    """Return the documents that the company's questions are answered from, beside the library's.

    Without their texts, of which a page of the list would hold hundreds of megabytes; `characters` counts them.
    """
    return _documents(company).defer("text").annotate(characters=Length("text"))


def _documents(company: Company) -> QuerySet[ChatDocument]:
    return ChatDocument.objects.filter(Q(company=company) | Q(company=None)).select_related("uploaded_by")


def document_of(document_id: int, company: Company) -> ChatDocument:
    """Return one of them; UnknownDocument."""
    found = _documents(company).filter(pk=document_id).first()
    if found is None:
        raise UnknownDocument
    return found


def has_index() -> bool:
    """Return whether the current index is whole, by the lengths of its files, and holds documents; loads nothing."""
    with contextlib.suppress(IndexMissing):
        return of_current(settings.CHAT_INDEX_DIR).documents > 0
    return False
