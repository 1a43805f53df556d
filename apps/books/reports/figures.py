"""What the reports read: the chart, and what its accounts moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from apps.accounts.models import Account, AccountMonth
from apps.accounts.queries import account_named, accounts_of
from apps.companies.models import Company
from apps.trans.balances import EVERY_STATUS, Moved, moved, together, without
from apps.trans.models import Entry, Transaction, TransactionKind
from apps.trans.queries import year_ends
from ledger.rules import DATE_MAX, DATE_MIN
from ledger.spans import Span, cut, month_start
from ledger.statements import EQUITY, EXPENSE, INCOME, Chart, Node

CLOSING_OF_BOOKS = frozenset({TransactionKind.CLOSING, TransactionKind.OPENING})
RESULTS = frozenset({TransactionKind.RESULTS})
RESULT_ACCOUNT = "resultado del ejercicio"  # folded, as names are searched
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


def results_closed_by_hand(company: Company, first: dt.date | None, last: dt.date | None) -> set[int]:
    """Return the keys of ordinary transactions between two days that are a refundición.

    That is: of 31 December, and of nothing but income, expenses and the equity account that is named
    for the year's result. A class writes it by hand, and books that come from elsewhere have it so.
    """
    start, end = first or DATE_MIN, last or DATE_MAX
    days = [day for year in range(start.year, end.year + 1) if start <= (day := dt.date(year, 12, 31)) <= end]
    if not days:
        return set()
    takes_it = accounts_of(company).filter(kind=EQUITY, postable=True, search_text__contains=RESULT_ACCOUNT)
    accounts = list(takes_it.order_by().values_list("pk", flat=True))
    lines = Entry.objects.filter(account__in=accounts, date__in=days)
    lines = lines.filter(transaction__kind=TransactionKind.STANDARD)
    keys = set(lines.order_by().values_list("transaction_id", flat=True)) if accounts else set()
    if not keys:
        return keys
    others = Entry.objects.filter(transaction__in=keys).exclude(account__in=accounts)
    others = others.exclude(account__kind__in=[INCOME, EXPENSE])
    return keys - set(others.order_by().values_list("transaction_id", flat=True))


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
        """Return what each account moved in each month of a range in which any did, by the months' first days."""
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
        return {month: found[month] for month in sorted(found) if found[month]}

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

        There are a handful a year: a partial index holds them. A refundición recorded by hand is one too.
        """
        keys = [entry.trans_id for entry in year_ends(self.company) if entry.kind in kinds]
        if TransactionKind.RESULTS in kinds:
            keys += results_closed_by_hand(self.company, first, last)
        if not keys:
            return {}
        # One after the other: an OR over both tables makes SQLite read every entry.
        mirrors = Transaction.objects.filter(reverses__in=keys).order_by()
        rows = Entry.objects.filter(transaction__in=[*keys, *mirrors.values_list("pk", flat=True)])
        rows = rows if first is None else rows.filter(date__gte=first)
        rows = rows if last is None else rows.filter(date__lte=last)
        if self.statuses != EVERY_STATUS:
            rows = rows.filter(transaction__status__in=self.statuses)
        summed = rows.order_by().values_list("account_id").annotate(Sum("debit"), Sum("credit"))
        return {key: (int(debits), int(credits_)) for key, debits, credits_ in summed}
