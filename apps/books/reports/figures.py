"""What the reports read: the chart, and what its accounts moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from apps.accounts.models import Account
from apps.accounts.queries import account_named, accounts_of
from apps.companies.models import Company
from apps.trans.balances import Moved, moved
from apps.trans.models import OF_YEAR_END, Entry, Transaction, TransactionKind, TransactionStatus
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


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one company in some states. Read several within one snapshot."""

    company: Company
    statuses: frozenset[int]
    accounts: QuerySet[Account] | None = None

    def moved(self, first: dt.date | None, last: dt.date | None) -> Moved:
        """Return what each account moved between two days."""
        return moved(self.company, first, last, statuses=self.statuses, accounts=self.accounts)

    def of_kinds(self, kinds: Collection[str], first: dt.date | None, last: dt.date | None) -> Moved:
        """Return what the entries of some kinds of a year's end moved between two days, with their reversals.

        There are a handful a year, all of them closed: a partial index holds them.
        """
        if TransactionStatus.CLOSED not in self.statuses:
            return {}
        ends = Transaction.objects.filter(OF_YEAR_END, company=self.company, kind__in=kinds).order_by()
        keys = list(ends.values_list("pk", flat=True))
        if not keys:
            return {}
        rows = Entry.objects.filter(Q(transaction__in=keys) | Q(transaction__reverses__in=keys))
        rows = rows if first is None else rows.filter(date__gte=first)
        rows = rows if last is None else rows.filter(date__lte=last)
        summed = rows.order_by().values_list("account_id").annotate(Sum("debit"), Sum("credit"))
        return {key: (int(debits), int(credits_)) for key, debits, credits_ in summed}
