"""Events as the API writes them: plain rows in, plain data out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypedDict

from django.db.models import QuerySet

from apps.audit.models import AuditEvent


class EventWire(TypedDict):
    """Who did what when."""

    event_id: int
    seq: int
    at: str
    user: int | None
    user_email: str
    action: str
    subject: str
    subject_id: str
    detail: Any
    prev_hash: str
    hash: str


_NAMES = tuple(EventWire.__annotations__)
_COLUMNS = tuple("user_id" if name == "user" else name for name in _NAMES)
_DETAIL = _NAMES.index("detail")
Row = tuple[Any, ...]


def rows(events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent, Row]:
    """Return `events` as the columns that `write` reads, for a paginator to cut; keeps a known count."""
    columns = events.values_list(*_COLUMNS)
    columns.known_count = getattr(events, "known_count", None)  # type: ignore[attr-defined]
    return columns


def write(row: Sequence[Any]) -> EventWire:
    """Return one event."""
    written: Any = dict(zip(_NAMES, row, strict=True))
    written["detail"] = _object(row[_DETAIL])
    return written  # type: ignore[no-any-return]


def _object(detail: str) -> Any:
    """Return what the event tells besides; the stored text itself where someone broke it."""
    try:
        return json.loads(detail)
    except ValueError:
        return detail
