"""How far the closing of a year is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count

from apps.books.errors import UnknownYear
from apps.companies.models import Company, Period, PeriodStatus
from apps.trans.models import Transaction, TransactionKind, TransactionStatus
from apps.trans.queries import year_ends
from ledger.rules import DATE_MAX, DATE_MIN

STEPS = (
    TransactionKind.ADJUSTMENT, TransactionKind.INFLATION, TransactionKind.RESULTS, TransactionKind.CLOSING,
    TransactionKind.OPENING,
)


@dataclass(frozen=True, slots=True)
class Year:
    """A fiscal year, which is a calendar year."""

    number: int

    @classmethod
    def of(cls, number: int) -> Year:
        """Return the year; UnknownYear for one that books cannot have."""
        if not DATE_MIN.year <= number <= DATE_MAX.year:
            raise UnknownYear
        return cls(number)

    @property
    def first(self) -> dt.date:
        """1 January."""
        return dt.date(self.number, 1, 1)

    @property
    def last(self) -> dt.date:
        """31 December."""
        return dt.date(self.number, 12, 31)

    def date_of(self, step: TransactionKind) -> dt.date:
        """Return the date of a step's entry: the last day, for the apertura the day after."""
        return self.last + dt.timedelta(days=1) if step == TransactionKind.OPENING else self.last


def standing(company: Company, year: Year, step: TransactionKind) -> list[Transaction]:
    """Return the entries of a step that were not reversed, in order of number."""
    day = year.date_of(step)
    keys = [entry.trans_id for entry in year_ends(company) if entry.kind == step and entry.date == day]
    if not keys:
        return []
    return list(Transaction.objects.filter(pk__in=keys, reversed_by__isnull=True).order_by("number"))


def unclosed(company: Company, year: Year) -> tuple[int, int]:
    """Return how many transactions of the year await verification, and how many their daily book."""
    rows = Transaction.objects.filter(
        company=company, status__lt=TransactionStatus.CLOSED, date__range=(year.first, year.last)
    )
    found = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    return found.get(TransactionStatus.PENDING, 0), found.get(TransactionStatus.VERIFIED, 0)


def is_shut(company: Company, year: Year) -> bool:
    """Return whether the year is closed as a period."""
    return Period.objects.filter(
        company=company, year=year.number, month__isnull=True, status=PeriodStatus.CLOSED
    ).exists()
