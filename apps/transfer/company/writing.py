"""A company's archive, from one state of its books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Account
from apps.attachments.queries import attachments_of
from apps.attachments.queries import content_of as content_of_attachment
from apps.audit.models import AuditChain, AuditEvent
from apps.audit.queries import earlier_chains
from apps.books.models import DailyBook, DailyBookEntry
from apps.books.queries import content_of as content_of_book
from apps.common.db import exact_sums, snapshot
from apps.companies.models import Company, Period
from apps.trans.models import Entry, Transaction
from apps.transfer.company import records
from apps.transfer.company.records import (
    AccountRecord,
    AttachmentRecord,
    BookRecord,
    EventRecord,
    PeriodRecord,
    Record,
    TransactionRecord,
    UserRecord,
    line_of,
)
from apps.users.models import User
from services.daily import archive

_CHUNK = 2_000
_EVENT = ("seq", "at", "user_id", "user_email", "action", "subject", "subject_id", "detail", "prev_hash", "hash")


def write_archive(company: Company, path: Path) -> None:
    """Write the company to an archive at `path`; nothing is left after an error.

    Reads one state of the books; the memory it takes does not grow with them, save by their keys.
    """
    with snapshot(), archive.writing(
        path, kind=records.KIND, version=records.FORMAT, facts=lambda: _facts(company)
    ) as writer:
        for name, rows in _files(company):
            writer.add_stream(name, _blocks(rows))
        for attachment in attachments_of(company):
            writer.add_stream(records.PAPER.format(attachment.pk), iter([content_of_attachment(attachment)]))


def _files(company: Company) -> Iterator[tuple[str, Iterable[Record]]]:
    yield records.USERS, _users(company)
    yield records.ACCOUNTS, _accounts(company)
    yield records.PERIODS, _periods(company)
    yield records.TRANSACTIONS, _transactions(company)
    yield records.BOOKS, _books(company)
    yield records.ATTACHMENTS, _attachments(company)
    yield records.TRAIL, _events(company.pk)
    for chain in earlier_chains(company.pk):
        yield records.EARLIER.format(-chain), _events(chain)


def _blocks(rows: Iterable[Record]) -> Iterator[bytes]:
    """Yield the lines in pieces worth compressing at once."""
    block = bytearray()
    for row in rows:
        block += line_of(row)
        if len(block) > 1 << 18:
            yield bytes(block)
            block.clear()
    yield bytes(block)


def _facts(company: Company) -> dict[str, Any]:
    transactions = Transaction.objects.filter(company=company)
    (total,) = exact_sums(transactions.order_by(), "total")
    heads = AuditChain.objects.filter(Q(chain=company.pk) | Q(company_id=company.pk)).order_by("-chain")
    return {
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "version": settings.SPECTACULAR_SETTINGS["VERSION"],
        "company": {"name": company.name, "kind": company.kind, "created_at": company.created_at.isoformat()},
        "counts": {
            "accounts": Account.objects.filter(company=company).count(),
            "transactions": transactions.count(),
            "entries": Entry.objects.filter(transaction__company=company).count(),
            "books": DailyBook.objects.filter(company=company).count(),
            "attachments": attachments_of(company).count(),
        },
        "total": total,
        # Under the number by which it was first written, each trail with its last event.
        "trails": [
            {
                "file": records.TRAIL if head.chain > 0 else records.EARLIER.format(-head.chain),
                "chain": head.chain if head.origin is None else head.origin, "seq": head.seq, "hash": head.hash,
            }
            for head in heads
        ],
    }


def _users(company: Company) -> Iterator[UserRecord]:
    """Yield the company's people, and whoever recorded something in it or made one of its books."""
    recorded = Transaction.objects.filter(company=company).order_by().values("user")
    books = DailyBook.objects.filter(company=company).order_by()
    concerned = Q(company=company) | Q(pk__in=recorded)
    concerned |= Q(pk__in=attachments_of(company).order_by().values("user"))
    concerned |= Q(pk__in=books.values("created_by")) | Q(pk__in=books.filter(user__isnull=False).values("user"))
    rows = User.objects.filter(concerned).order_by("pk")
    for row in rows.values_list("pk", "email", "name", "group", "rol", "status"):
        yield UserRecord(*row)


def _accounts(company: Company) -> Iterator[AccountRecord]:
    fields = ("pk", "code", "name", "kind", "nature", "liquidity", "monetary", "postable", "parent__code", "status")
    for row in Account.objects.filter(company=company).order_by("pk").values_list(*fields):
        yield AccountRecord(*row)


def _periods(company: Company) -> Iterator[PeriodRecord]:
    for row in Period.objects.filter(company=company).order_by("pk").values_list("year", "month", "status"):
        yield PeriodRecord(*row)


def _transactions(company: Company) -> Iterator[TransactionRecord]:
    fields = ("pk", "user_id", "date", "legend", "status", "kind", "number", "version", "reverses_id", "created_at",
              "updated_at")
    headers = Transaction.objects.filter(company=company).order_by("pk").values_list(*fields)
    lines = Entry.objects.filter(transaction__company=company).order_by("transaction_id", "pk")
    columns = lines.values_list("transaction_id", "account_id", "debit", "credit").iterator(chunk_size=_CHUNK)
    by_header = groupby(columns, key=itemgetter(0))
    for header in headers.iterator(chunk_size=_CHUNK):
        _key, own = next(by_header)  # sealed: each has lines, and both are in order of the key
        values = (*header, tuple(row[1:] for row in own))
        yield TransactionRecord(*values)


def _books(company: Company) -> Iterator[BookRecord]:
    for book in DailyBook.objects.filter(company=company).order_by("pk"):
        closed = DailyBookEntry.objects.filter(book=book).order_by("pk").values_list("transaction_id", flat=True)
        yield BookRecord(
            book.name, book.date_from, book.date_to, book.user_id, book.group, book.created_by_id, book.created_at,
            book.entries_count, book.lines_count, book.total, book.sha256, book.status, content_of_book(book).decode(),
            tuple(closed),
        )


def _attachments(company: Company) -> Iterator[AttachmentRecord]:
    rows = attachments_of(company).order_by("pk")
    for row in rows.values_list("pk", "transaction_id", "user_id", "name", "created_at"):
        yield AttachmentRecord(*row)


def _events(chain: int) -> Iterator[EventRecord]:
    rows = AuditEvent.objects.filter(chain=chain).order_by("seq").values_list(*_EVENT)
    for row in rows.iterator(chunk_size=_CHUNK):
        yield EventRecord(*row)
