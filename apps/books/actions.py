"""Making and dissolving daily books."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.audit.actions import record
from apps.books import pages
from apps.books.errors import (
    AlreadyDissolved,
    BookNotLast,
    BookReversed,
    BookTooLarge,
    NothingToBook,
    UnknownBook,
)
from apps.books.models import BookStatus, DailyBook, DailyBookContent, DailyBookEntry
from apps.books.queries import candidates, must_know_user
from apps.common.db import lock_row, unit_of_work
from apps.common.sheets import day_first
from apps.common.text import fold
from apps.companies.errors import PeriodClosed
from apps.companies.models import Company
from apps.companies.queries import closed_months
from apps.trans.actions import close_verified, reopen_transactions
from apps.trans.actions.rows import drafts_of, is_closed
from apps.trans.models import Transaction
from apps.users.models import User
from ledger.entries import Draft
from services.daily.libro_diario import Asiento, Book, PrintedLine, canonical, digest

logger = logging.getLogger(__name__)
LINES_MAX = 60_000
LEASE = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Range:
    """Which verified transactions go into a book: from one day to another, of a user or group if given."""

    date_from: dt.date
    date_to: dt.date
    user_id: int | None = None
    group: str = ""
    name: str = ""

    @property
    def title(self) -> str:
        """The name, or one by the dates."""
        dates = {"from": day_first(self.date_from), "to": day_first(self.date_to)}
        return self.name or _("From %(from)s to %(to)s") % dates


@unit_of_work
def create_book(asked: Range, *, acting_user: User, company: Company) -> DailyBook:
    """Close the verified transactions of a range, numbered in order of date, as one book.

    Raises NothingToBook, BookTooLarge, PeriodClosed, Invalid for a user who is not of the company.
    """
    must_know_user(company, asked.user_id)
    transactions = _locked(asked, company)
    drafts = drafts_of(transactions)
    close_verified(transactions, acting_user=acting_user, company=company)
    content = canonical(_content(asked, company, transactions, drafts))
    book = DailyBook.objects.create(
        company=company, name=asked.title, search_text=fold(asked.title), date_from=asked.date_from,
        date_to=asked.date_to, user_id=asked.user_id, group=asked.group, created_by=acting_user,
        entries_count=len(transactions), lines_count=sum(len(draft.lines) for draft in drafts.values()),
        total=sum(draft.total for draft in drafts.values()), sha256=digest(content),
    )
    DailyBookContent.objects.create(book=book, packed=zlib.compress(content))
    DailyBookEntry.objects.bulk_create(
        DailyBookEntry(book=book, transaction=closed) for closed in transactions
    )
    _tell("book.created", book, {"transactions": len(transactions), "sha256": book.sha256}, acting_user)
    return book


def _locked(asked: Range, company: Company) -> list[Transaction]:
    """Return the transactions of the range in order of date, their rows locked in the order of their keys."""
    rows = candidates(company, asked.date_from, asked.date_to, user_id=asked.user_id, group=asked.group)
    found = list(lock_row(rows.select_related(None).order_by("pk")))
    if not found:
        raise NothingToBook
    if (lines := sum(row.entries_count for row in found)) > LINES_MAX:
        raise BookTooLarge(lines, LINES_MAX)
    closed = closed_months(company)
    if any(is_closed(row.date, closed) for row in found):
        raise PeriodClosed
    return sorted(found, key=lambda row: (row.date, row.pk))


def _content(
    asked: Range, company: Company, transactions: Sequence[Transaction], drafts: Mapping[int, Draft]
) -> Book:
    rows = Account.objects.filter(company=company).order_by().values_list("pk", "code", "name")
    names = {key: (code, name) for key, code, name in rows}
    return Book(
        company.name, asked.title, asked.date_from, asked.date_to,
        tuple(
            Asiento(
                row.number or 0, row.date, row.legend,
                tuple(
                    PrintedLine(*names[line.account_id], line.debit, line.credit)
                    for line in drafts[row.pk].lines
                ),
            )
            for row in transactions
        ),
    )


@unit_of_work
def dissolve_book(book_id: int, *, acting_user: User, company: Company) -> DailyBook:
    """Give a book's transactions back to Verificado; it stays in the list, dissolved.

    What was closed later outside of books is numbered again, so that no gap is left. Raises
    UnknownBook, AlreadyDissolved, BookNotLast, BookReversed, PeriodClosed, BooksNotErasable.
    """
    book = lock_row(DailyBook.objects.filter(company=company, pk=book_id)).first()
    if book is None:
        raise UnknownBook
    if book.status == BookStatus.DISSOLVED:
        raise AlreadyDissolved
    entries = DailyBookEntry.objects.filter(book=book)
    keys = list(entries.values_list("transaction_id", flat=True))
    _must_be_last(book, company)
    if entries.filter(transaction__reversed_by__isnull=False).exists():
        raise BookReversed
    renumbered = reopen_transactions(keys, acting_user=acting_user, company=company)
    entries.delete()
    book.status = BookStatus.DISSOLVED
    book.save(update_fields=["status"])
    _tell("book.dissolved", book, {"transactions": len(keys), "renumbered": renumbered}, acting_user)
    return book


def _must_be_last(book: DailyBook, company: Company) -> None:
    """Raise BookNotLast where another standing book holds numbers after the book's first of a fiscal year."""
    numbers = Transaction.objects.filter(company=company)
    own = DailyBookEntry.objects.filter(book=book).order_by()
    for year in set(own.values_list("transaction__fiscal_year", flat=True)):
        first = numbers.filter(pk__in=own.values("transaction"), fiscal_year=year).order_by("number").first()
        later = DailyBookEntry.objects.exclude(book=book).filter(
            transaction__company=company, transaction__fiscal_year=year, transaction__number__gt=first and first.number
        )
        if later.exists():
            raise BookNotLast


@unit_of_work
def forget_books(company: Company, *, acting_user: User | None) -> int:
    """Delete the company's books, before all its transactions are erased; return how many."""
    books = DailyBook.objects.filter(company=company)
    forgotten = books.count()
    if forgotten:
        DailyBookEntry.objects.filter(book__in=books).delete()  # first: nothing else of a book goes before them
        books.delete()
        transaction.on_commit(lambda: pages.forget(company.pk))
        record(
            "books.forgotten", acting_user=acting_user, company_id=company.pk, subject="company",
            subject_id=company.pk, detail={"books": forgotten},
        )
    return forgotten


# --- The pages of a large book, under a lease ---------------------------------------------------------


@unit_of_work
def claim_pages(book_id: int) -> str | None:
    """Take the lease of making a book's pages and return its name; None while another holds it."""
    free = Q(lease_until=None) | Q(lease_until__lte=timezone.now())
    lease = uuid.uuid4().hex
    claimed = DailyBook.objects.filter(free, pk=book_id).update(
        lease=lease, lease_until=timezone.now() + LEASE, progress=0
    )
    return lease if claimed else None


def keep_pages(book_id: int, lease: str, percent: int) -> None:
    """Move the lease on and tell how far the pages are; without effect once it is lost."""
    DailyBook.objects.filter(pk=book_id, lease=lease).update(
        lease_until=timezone.now() + LEASE, progress=min(max(percent, 0), 100)
    )


def release_pages(book_id: int, lease: str) -> None:
    """Give the lease back."""
    DailyBook.objects.filter(pk=book_id, lease=lease).update(lease="", lease_until=None)


def _tell(action: str, book: DailyBook, detail: Mapping[str, object], acting_user: User | None) -> None:
    record(
        action, acting_user=acting_user, company_id=book.company_id, subject="book", subject_id=book.pk, detail=detail
    )
    logger.info(action, extra={"company_id": book.company_id, "book_id": book.pk})
