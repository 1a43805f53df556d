"""What the reports read: the chart, and what its accounts moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from apps.accounts.models import Account, AccountMonth
from apps.accounts.queries import account_named, accounts_of
from apps.companies.models import Company
from apps.trans.balances import EVERY_STATUS, Moved, moved, together, without
from apps.trans.models import Entry, TransactionKind, TransactionStatus
from apps.trans.queries import year_ends
from ledger.spans import Span, cut, month_start
from ledger.statements import Chart, Node

CLOSING_OF_BOOKS = frozenset({TransactionKind.CLOSING, TransactionKind.OPENING})
RESULTS = frozenset({TransactionKind.RESULTS})
_NODE = ("acc_id", "code", "name", "kind", "nature", "liquidity", "postable", "parent_id")


def chart_of(company: Company) -> Chart:
    """Return the company's chart as a tree."""
    return Chart(Node(*row) for row in accounts_of(company).order_by().values_list(*_NODE))


def account_asked(company: Company, named: str | None) -> int | None:
    """Return the key of the account asked for by code or number; ValidationError for one that is not there."""
    if named is None:
        return None
    acc_id = account_named(company, named.strip())
    if acc_id is None:
        raise ValidationError({"account": [_("There is no account with this code or number.")]})
    return acc_id


def monthly(rows: QuerySet[Entry]) -> dict[dt.date, Moved]:
    """Return what the entries moved by month and account."""
    found: dict[dt.date, Moved] = {}
    for day, account_id, debits, credits_ in (
        rows.order_by().values_list("date", "account_id").annotate(Sum("debit"), Sum("credit"))
    ):
        month = found.setdefault(month_start(day), {})
        before = month.get(account_id, (0, 0))
        month[account_id] = (before[0] + int(debits), before[1] + int(credits_))
    return {month: found[month] for month in sorted(found)}


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one company in some states. Read several within one snapshot."""

    company: Company
    statuses: frozenset[int]
    accounts: QuerySet[Account] | None = None

    def moved(self, first: dt.date | None, last: dt.date | None) -> Moved:
        """Return what each account moved between two days."""
        return moved(self.company, first, last, statuses=self.statuses, accounts=self.accounts)

    def by_month(self, first: dt.date, last: dt.date) -> dict[dt.date, Moved]:
        """Return what each account moved in each month that a range touches, by the months' first days."""
        if self.statuses != EVERY_STATUS:
            rows = Entry.objects.filter(transaction__company=self.company, transaction__status__in=self.statuses)
            rows = rows.filter(date__range=(first, last))
            return monthly(rows if self.accounts is None else rows.filter(account__in=self.accounts.order_by()))
        parts = cut(first, last)
        found = self._whole_months(parts.months) if parts.months is not None else {}
        for days in (*parts.days, *parts.less):
            if days.first is not None:
                month, then = month_start(days.first), self.moved(days.first, days.last)
                before = found.get(month, {})
                found[month] = without(before, then) if days in parts.less else together([before, then])
        return {month: found[month] for month in sorted(found)}

    def _whole_months(self, months: Span) -> dict[dt.date, Moved]:
        chosen = accounts_of(self.company) if self.accounts is None else self.accounts
        rows = AccountMonth.objects.filter(
            account__in=chosen.order_by(), month__gte=months.first, month__lte=months.last
        )
        found: dict[dt.date, Moved] = {}
        for month, account_id, debits, credits_ in rows.order_by().values_list(
            "month", "account_id", "debits", "credits"
        ):
            found.setdefault(month, {})[account_id] = (debits, credits_)
        return found

    def of_kinds(self, kinds: Collection[str], first: dt.date | None, last: dt.date | None) -> Moved:
        """Return what the entries of some kinds of a year's end moved between two days, with their reversals.

        There are a handful a year, all of them closed: a partial index holds them.
        """
        if TransactionStatus.CLOSED not in self.statuses:
            return {}
        keys = [entry.trans_id for entry in year_ends(self.company) if entry.kind in kinds]
        if not keys:
            return {}
        rows = Entry.objects.filter(Q(transaction__in=keys) | Q(transaction__reverses__in=keys))
        rows = rows if first is None else rows.filter(date__gte=first)
        rows = rows if last is None else rows.filter(date__lte=last)
        summed = rows.order_by().values_list("account_id").annotate(Sum("debit"), Sum("credit"))
        return {key: (int(debits), int(credits_)) for key, debits, credits_ in summed}
