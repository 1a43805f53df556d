"""Writing down books that were made elsewhere."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from apps.books.models import DailyBook, DailyBookContent, DailyBookEntry
from apps.common.db import unit_of_work
from apps.common.rows import day_value, insert_row, moment_value
from apps.common.text import fold
from services.daily.libro_diario import digest


@dataclass(frozen=True, slots=True)
class PastBook:
    """A book of other books: its row (the company's and users' keys are those of here), content and transactions."""

    row: DailyBook
    content: bytes
    transactions: Sequence[int]


class ContentBroken(Exception):
    """The content of a book is not that of its SHA-256; the text names the book."""


_FIELDS = (
    "company", "name", "search_text", "date_from", "date_to", "user", "group", "created_by", "created_at",
    "entries_count", "lines_count", "total", "sha256", "status", "lease", "lease_until", "progress",
)


@unit_of_work
def record_past_book(past: PastBook) -> int:
    """Record a book with the time at which it was made; return its key. Raises ContentBroken.

    By plain SQL: a book never changes, so its time must be there from the first.
    """
    row = past.row
    if digest(past.content) != row.sha256:
        raise ContentBroken(row.name)
    key = insert_row(DailyBook, _FIELDS, (
        row.company_id, row.name, fold(row.name), day_value(row.date_from), day_value(row.date_to), row.user_id,
        row.group, row.created_by_id, moment_value(row.created_at), row.entries_count, row.lines_count, row.total,
        row.sha256, row.status, "", None, 0,
    ))
    DailyBookContent.objects.create(book_id=key, packed=zlib.compress(past.content))
    DailyBookEntry.objects.bulk_create(
        DailyBookEntry(book_id=key, transaction_id=transaction) for transaction in past.transactions
    )
    return key
