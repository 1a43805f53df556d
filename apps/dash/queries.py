"""The dashboard's figures, from what the database keeps materialised.

Cost grows with people, months and books, not with transactions: five statements over what is kept of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.companies.models import Company
from apps.config.roles import STUDENT
from apps.trans.models import Transaction
from apps.users.models import User, UserStatus

MONTHS_SHOWN = 6
# A month's transactions should be verified within these days of its end.
VERIFY_WITHIN_DAYS = 15


@dataclass(frozen=True, slots=True)
class MonthActivity:
    """Verified and closed transactions dated in a month, and by how many people."""

    month: dt.date
    transactions: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True)
class GroupActivity:
    """Verified and closed transactions of a group's people, and how many of them have some."""

    group: str
    transactions: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True)
class Overdue:
    """Transactions that should have been verified by now, and the oldest month with some."""

    transactions: int
    oldest_month: dt.date


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the dashboard shows. `debit_excess` is debe - haber of all accounts, in centavos: 0 in sound books."""

    students: int
    groups: int
    loaded: int
    books: int
    evolution: tuple[MonthActivity, ...]
    by_group: tuple[GroupActivity, ...]
    debit_excess: int
    overdue: Overdue | None
    idle_groups: tuple[str, ...]


def statistics(company: Company | None, *, today: dt.date) -> Statistics:
    """Return the figures of a company, or of all together, as they stand on `today`."""
    students = dict(_select(_STUDENTS, company, rol=STUDENT, active=UserStatus.ACTIVE))
    months = [_Month(_date(month), *map(int, figures)) for month, *figures in _select(_MONTHS, company)]
    groups = [_Group(group, *map(int, figures))
              for group, *figures in _select(_GROUPS, company, since=shift_month(today, -1))]
    named, busy = set(students) - {""}, {group.name for group in groups if group.recent}
    return Statistics(
        students=sum(students.values()),
        groups=len(named),
        loaded=sum(month.loaded for month in months),
        books=_books(months, company),
        evolution=_evolution(months, today),
        by_group=_by_group(groups, named),
        debit_excess=_debit_excess(company),
        overdue=_overdue(months, today),
        idle_groups=tuple(sorted(named - busy)),
    )


def demo_company() -> Company | None:
    """Return the company of the demo, where it is loaded."""
    return Company.objects.filter(is_demo=True).first()


def has_data() -> bool:
    """Return whether anybody uses the system yet."""
    return User.objects.exists() or Transaction.objects.exists()


def shift_month(day: dt.date, months: int) -> dt.date:
    """Return the first day of the month that lies `months` after the month of `day`.

    >>> shift_month(dt.date(2026, 1, 31), -1)
    datetime.date(2025, 12, 1)
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month0 + 1, 1)


def months_shown(today: dt.date) -> list[dt.date]:
    """Return the first days of the months of the evolution, that of `today` last."""
    return [shift_month(today, back) for back in range(1 - MONTHS_SHOWN, 1)]


def _books(months: Sequence[_Month], company: Company | None) -> int:
    """Return how many daily books there are: a transaction closed outside a book counts as one."""
    ((books, booked),) = _select(_BOOKS, company)
    return int(books) + sum(month.closed for month in months) - int(booked)


def _evolution(months: Sequence[_Month], today: dt.date) -> tuple[MonthActivity, ...]:
    found = {row.month: MonthActivity(row.month, row.loaded, row.people) for row in months}
    return tuple(found.get(month, MonthActivity(month)) for month in months_shown(today))


def _by_group(groups: Sequence[_Group], named: set[str]) -> tuple[GroupActivity, ...]:
    """Return the activity of the groups that have some, and of the students' groups that have none."""
    found = {name: GroupActivity(name) for name in named}
    found |= {group.name: GroupActivity(group.name, group.loaded, group.people) for group in groups if group.loaded}
    return tuple(sorted(found.values(), key=lambda row: (-row.transactions, row.group)))


def _overdue(months: Sequence[_Month], today: dt.date) -> Overdue | None:
    # A month ended more than N days ago exactly when it lies before the month of N days ago.
    limit = shift_month(today - dt.timedelta(days=VERIFY_WITHIN_DAYS), 0)
    late = [row for row in months if row.pending and row.month < limit]
    return Overdue(sum(row.pending for row in late), late[0].month) if late else None


def _debit_excess(company: Company | None) -> int:
    # In halves: a sum of totals of 64 bits need not fit 64 bits.
    ((debits_high, debits_low, credits_high, credits_low),) = _select(_TOTALS, company)
    high, low = int(debits_high or 0) - int(credits_high or 0), int(debits_low or 0) - int(credits_low or 0)
    return (high << 32) + low


# --- The statements ---------------------------------------------------------------------------------
# Plain SQL: for these the ORM takes four times as long to write a statement as the engine to answer it.

_STUDENTS = """
SELECT t."group", COUNT(*) FROM users t WHERE t.rol = %(rol)s AND t.status = %(active)s {company} GROUP BY t."group"
"""

_MONTHS = """
SELECT t.month,
  COALESCE(SUM(t.count) FILTER (WHERE t.status = 0), 0),
  COALESCE(SUM(t.count) FILTER (WHERE t.status IN (1, 2)), 0),
  COALESCE(SUM(t.count) FILTER (WHERE t.status = 2), 0),
  COUNT(DISTINCT t.user_id) FILTER (WHERE t.status IN (1, 2))
FROM transaction_tallies t WHERE t.count > 0 {company} GROUP BY t.month ORDER BY t.month
"""

_GROUPS = """
SELECT u."group", SUM(d.loaded), COUNT(*) FILTER (WHERE d.loaded > 0), SUM(d.recent)
FROM (
  SELECT t.user_id,
    COALESCE(SUM(t.count) FILTER (WHERE t.status IN (1, 2)), 0) AS loaded,
    COUNT(*) FILTER (WHERE t.month >= %(since)s) AS recent
  FROM transaction_tallies t WHERE t.count > 0 {company} GROUP BY t.user_id
) d JOIN users u ON u.user_id = d.user_id
WHERE u."group" <> '' GROUP BY u."group"
"""

_BOOKS = """
SELECT COUNT(*), COALESCE(SUM(t.entries_count), 0) FROM daily_books t WHERE t.status = 'closed' {company}
"""

_TOTALS = """
SELECT SUM(t.debits >> 32), SUM(t.debits & 4294967295), SUM(t.credits >> 32), SUM(t.credits & 4294967295)
FROM accounts t WHERE (t.debits <> 0 OR t.credits <> 0) {company}
"""


@dataclass(frozen=True, slots=True)
class _Month:
    """A row of _MONTHS."""

    month: dt.date
    pending: int
    loaded: int
    closed: int
    people: int


@dataclass(frozen=True, slots=True)
class _Group:
    """A row of _GROUPS; `recent` is above 0 where the group did anything lately."""

    name: str
    loaded: int
    people: int
    recent: int


def _select(statement: str, company: Company | None, **parameters: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a statement, of one company or of all."""
    scope = "" if company is None else "AND t.company_id = %(company)s"
    if company is not None:
        parameters["company"] = company.pk
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{company}", scope), parameters)
        return list(cursor.fetchall())


def _date(raw: str | dt.date) -> dt.date:
    """Return a date; SQLite's columns are text to a cursor."""
    return dt.date.fromisoformat(raw) if isinstance(raw, str) else raw
