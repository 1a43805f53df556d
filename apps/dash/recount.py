"""The dashboard's figures once more, counted row by row: the slow way that the fast one must equal."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields

from apps.books.models import BookStatus, DailyBook, DailyBookEntry
from apps.companies.models import Company
from apps.config.roles import STUDENT
from apps.dash.queries import (
    VERIFY_WITHIN_DAYS,
    GroupActivity,
    MonthActivity,
    Overdue,
    Statistics,
    statistics,
)
from apps.trans.models import Entry, Transaction, TransactionStatus
from apps.users.models import User, UserStatus


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that the dashboard shows and the rows do not bear out."""

    figure: str
    shown: object
    counted: object


@dataclass(frozen=True, slots=True)
class _Row:
    user_id: int
    group: str
    date: dt.date
    status: int

    @property
    def loaded(self) -> bool:
        return self.status != TransactionStatus.PENDING


def differences(company: Company | None, *, today: dt.date) -> list[Difference]:
    """Return the figures of `statistics` that differ from a recount of the rows."""
    shown, counted = statistics(company, today=today), recount(company, today=today)
    pairs = [(field.name, getattr(shown, field.name), getattr(counted, field.name)) for field in fields(Statistics)]
    return [Difference(*pair) for pair in pairs if pair[1] != pair[2]]


def recount(company: Company | None, *, today: dt.date) -> Statistics:
    """Return the figures, counted from every user, transaction and entry of a company or of all."""
    rows, groups = list(_rows(company)), _students(company)
    named = {group for group in groups if group}
    months = _months_to(today)
    busy = {row.group for row in rows if row.date >= months[-2]}
    active = named | {row.group for row in rows if row.group and row.loaded}
    by_group = [GroupActivity(group, *_activity([row for row in rows if row.group == group])) for group in active]
    return Statistics(
        students=len(groups),
        groups=len(named),
        loaded=sum(row.loaded for row in rows),
        books=_books(company),
        evolution=tuple(
            MonthActivity(month, *_activity([row for row in rows if row.date.replace(day=1) == month]))
            for month in months
        ),
        by_group=tuple(sorted(by_group, key=lambda found: (-found.transactions, found.group))),
        debit_excess=_debit_excess(company),
        overdue=_overdue(rows, today),
        idle_groups=tuple(sorted(named - busy)),
    )


def _rows(company: Company | None) -> Iterator[_Row]:
    transactions = Transaction.objects.order_by()
    if company is not None:
        transactions = transactions.filter(company=company)
    for values in transactions.values_list("user_id", "user__group", "date", "status").iterator():
        yield _Row(*values)


def _books(company: Company | None) -> int:
    closed = Transaction.objects.filter(status=TransactionStatus.CLOSED)
    books = DailyBook.objects.filter(status=BookStatus.CLOSED)
    if company is not None:
        closed, books = closed.filter(company=company), books.filter(company=company)
    booked = DailyBookEntry.objects.filter(book__in=books).values("transaction")
    return books.count() + closed.exclude(pk__in=booked).count()


def _students(company: Company | None) -> list[str]:
    return [
        user.group
        for user in User.objects.all()
        if user.rol == STUDENT and user.status == UserStatus.ACTIVE
        and (company is None or user.company_id == company.pk)
    ]


def _months_to(today: dt.date) -> list[dt.date]:
    months = [today.replace(day=1)]
    while len(months) < 6:
        months.insert(0, (months[0] - dt.timedelta(days=1)).replace(day=1))
    return months


def _activity(rows: list[_Row]) -> tuple[int, int]:
    loaded = [row for row in rows if row.loaded]
    return len(loaded), len({row.user_id for row in loaded})


def _debit_excess(company: Company | None) -> int:
    entries = Entry.objects.order_by()
    if company is not None:
        entries = entries.filter(transaction__company=company)
    return sum(debit - credit for debit, credit in entries.values_list("debit", "credit").iterator())


def _overdue(rows: list[_Row], today: dt.date) -> Overdue | None:
    late: defaultdict[dt.date, int] = defaultdict(int)
    for row in rows:
        following = (row.date.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        month_end = following - dt.timedelta(days=1)
        if not row.loaded and (today - month_end).days > VERIFY_WITHIN_DAYS:
            late[row.date.replace(day=1)] += 1
    return Overdue(sum(late.values()), min(late)) if late else None
