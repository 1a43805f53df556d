"""Daily books against what is closed: one more rule of `verify_ledger`."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from apps.books.models import BookStatus, DailyBook, DailyBookContent, DailyBookEntry
from apps.trans.models import Entry
from apps.trans.verification.findings import Finding
from apps.trans.verification.scope import Scope
from services.daily.libro_diario import digest

Asientos = list[tuple[Any, ...]]  # number, date, legend, ((code, debit, credit), ...)


def books_say_what_is_closed(scope: Scope) -> Iterator[Finding]:
    """Each book bears the digest of its content, and its content is what its transactions say.

    Names of accounts are left out: they may change, the book keeps what they were.
    """
    for book in scope.of(DailyBook.objects).select_related("content").order_by("pk"):
        content = _content(book)
        if content is None or digest(content) != book.sha256:
            yield Finding("book_digest", book.company_id, str(book.pk), book.sha256)
        elif book.status == BookStatus.CLOSED and _said(content) != _closed(book):
            yield Finding("book_content", book.company_id, str(book.pk))


def _content(book: DailyBook) -> bytes | None:
    try:
        return zlib.decompress(bytes(book.content.packed))
    except (DailyBookContent.DoesNotExist, zlib.error):
        return None


def _said(content: bytes) -> Asientos:
    return [
        (number, day, legend, tuple((code, debit, credit) for code, _name, debit, credit in lines))
        for number, day, legend, lines in json.loads(content)[4]
    ]


def _closed(book: DailyBook) -> Asientos:
    entries = DailyBookEntry.objects.filter(book=book).order_by("pk")
    lines: defaultdict[int, list[tuple[str, int, int]]] = defaultdict(list)
    rows = Entry.objects.filter(transaction__in=entries.values("transaction")).order_by("entr_id")
    for key, code, debit, credit in rows.values_list("transaction_id", "account__code", "debit", "credit"):
        lines[key].append((code, debit, credit))
    headers = entries.values_list("transaction_id", "transaction__number", "transaction__date", "transaction__legend")
    return [(number, day.isoformat(), legend, tuple(lines[key])) for key, number, day, legend in headers]
