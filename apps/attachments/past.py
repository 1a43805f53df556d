"""Keeping documents that came with other books."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from apps.attachments.kinds import kind_of, named_after
from apps.attachments.models import NAME_MAX, Attachment
from apps.common.db import unit_of_work
from apps.common.rows import insert_rows, moment_value
from apps.companies.models import Company

_FIELDS = (
    "company", "transaction", "user", "name", "content_type", "bytes", "sha256", "stored_name", "created_at",
)


class NotADocument(ValueError):
    """A file is none of the kinds that are kept; the text is its name."""


@dataclass(frozen=True, slots=True)
class PastDocument:
    """A document whose file is stored here already; keys are those of here."""

    transaction_id: int
    user_id: int
    looked: Looked
    stored_name: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """What a document's bytes say of it, and the name that it has by them."""

    name: str
    content_type: str
    size: int
    sha256: str


def look(name: str, content: bytes) -> Looked:
    """Return what the bytes of a document say; NotADocument for what is not taken from anybody."""
    kind = kind_of(content)
    if kind is None or not content:
        raise NotADocument(name)
    shown, digest = named_after(name, kind, most=NAME_MAX), hashlib.sha256(content).hexdigest()
    return Looked(shown, kind.content_type, len(content), digest)


@unit_of_work
def record_past_documents(documents: Sequence[PastDocument], *, company: Company) -> None:
    """Record documents with the times at which they were added.

    By plain SQL: an attachment never changes, so its time must be there from the first.
    """
    insert_rows(Attachment, _FIELDS, (
        (
            company.pk, one.transaction_id, one.user_id, one.looked.name, one.looked.content_type, one.looked.size,
            one.looked.sha256, one.stored_name, moment_value(one.created_at),
        )
        for one in documents
    ))
