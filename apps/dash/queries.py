"""The dashboard's figures, from what the database keeps materialised.

Cost grows with people and months, not with transactions: four statements over tallies and accounts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from apps.accounts.models import Account
from apps.common.db import exact_sums
from apps.companies.models import Company
from apps.config.roles import STUDENT
from apps.trans.models import Transaction, TransactionStatus, TransactionTally
from apps.users.models import User, UserStatus

MONTHS_SHOWN = 6
# A month's transactions should be verified within these days of its end.
VERIFY_WITHIN_DAYS = 15

_LOADED = Q(status__in=[TransactionStatus.VERIFIED, TransactionStatus.CLOSED])


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
    students = _students_by_group(company)
    months = _months(company)
    activity, busy = _groups(company, since=shift_month(today, -1))
    named = set(students) - {""}
    by_group = {group: GroupActivity(group) for group in named} | activity
    debits, credits_ = exact_sums(_of(company, Account.objects.filter(Q(debits__gt=0) | Q(credits__gt=0))),
                                  "debits", "credits")
    return Statistics(
        students=sum(students.values()),
        groups=len(named),
        loaded=sum(row["loaded"] for row in months),
        books=_books(months),
        evolution=_evolution(months, today),
        by_group=tuple(sorted(by_group.values(), key=lambda row: (-row.transactions, row.group))),
        debit_excess=debits - credits_,
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


def _of(company: Company | None, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows if company is None else rows.filter(company=company)


def _students_by_group(company: Company | None) -> dict[str, int]:
    rows = _of(company, User.objects.filter(rol=STUDENT, status=UserStatus.ACTIVE))
    return dict(rows.order_by().values_list("group").annotate(students=Count("user_id")))


def _months(company: Company | None) -> list[dict[str, Any]]:
    """Return, for each month with transactions: month, pending, loaded, closed, people."""
    rows = _of(company, TransactionTally.objects.filter(count__gt=0))
    return list(
        rows.order_by("month").values("month").annotate(
            pending=Sum("count", filter=Q(status=TransactionStatus.PENDING), default=0),
            loaded=Sum("count", filter=_LOADED, default=0),
            closed=Sum("count", filter=Q(status=TransactionStatus.CLOSED), default=0),
            people=Count("user", filter=_LOADED, distinct=True),
        )
    )


def _groups(company: Company | None, *, since: dt.date) -> tuple[dict[str, GroupActivity], set[str]]:
    """Return the activity by group, and the groups with any transaction dated from `since` on."""
    rows = _of(company, TransactionTally.objects.filter(count__gt=0)).exclude(user__group="")
    found = rows.order_by().values_list("user__group").annotate(
        loaded=Sum("count", filter=_LOADED, default=0),
        people=Count("user", filter=_LOADED, distinct=True),
        recent=Count("pk", filter=Q(month__gte=since)),
    )
    activity, busy = {}, set()
    for group, transactions, people, recent in found:
        if transactions:
            activity[group] = GroupActivity(group, transactions, people)
        if recent:
            busy.add(group)
    return activity, busy


def _books(months: Sequence[dict[str, Any]]) -> int:
    """Return how many daily books there are: a transaction closed outside a book counts as one."""
    return sum(row["closed"] for row in months)


def _evolution(months: Sequence[dict[str, Any]], today: dt.date) -> tuple[MonthActivity, ...]:
    found = {row["month"]: MonthActivity(row["month"], row["loaded"], row["people"]) for row in months}
    return tuple(found.get(month, MonthActivity(month)) for month in months_shown(today))


def _overdue(months: Sequence[dict[str, Any]], today: dt.date) -> Overdue | None:
    # A month ended more than N days ago exactly when it lies before the month of N days ago.
    limit = shift_month(today - dt.timedelta(days=VERIFY_WITHIN_DAYS), 0)
    late = [row for row in months if row["pending"] and row["month"] < limit]
    return Overdue(sum(row["pending"] for row in late), late[0]["month"]) if late else None
