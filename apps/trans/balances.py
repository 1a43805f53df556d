"""Balances over any span of dates, from the totals that the guards keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Sum

from apps.accounts.queries import AccountTotals, Sides, account_totals, accounts_of, moved_in_months
from apps.common.db import snapshot
from apps.companies.models import Company
from apps.trans.models import Entry
from ledger.spans import Span, cut


def trial_balance(
    company: Company, *, date_from: dt.date | None = None, date_to: dt.date | None = None
) -> list[AccountTotals]:
    """Return what each postable account moved from one date to another, both included, in order of code.

    Whole months come from their totals: only entries of the months that the dates cut are read.
    """
    if date_from is None and date_to is None:
        return account_totals(company)
    parts = cut(date_from, date_to)
    with snapshot():
        moved = [_moved_on(company, days) for days in parts.days]
        if parts.months is not None:
            moved.append(moved_in_months(company, parts.months))
        return account_totals(company, _summed(moved))


def _summed(parts: Sequence[dict[int, Sides]]) -> dict[int, Sides]:
    if len(parts) == 1:
        return parts[0]
    total: dict[int, Sides] = {}
    for part in parts:
        for account_id, (debits, credits_) in part.items():
            before = total.get(account_id, (0, 0))
            total[account_id] = (before[0] + debits, before[1] + credits_)
    return total


def _moved_on(company: Company, days: Span) -> dict[int, Sides]:
    rows = Entry.objects.filter(account__in=accounts_of(company).order_by(), date__range=(days.first, days.last))
    summed = rows.order_by().values_list("account_id").annotate(Sum("debit"), Sum("credit"))
    return {account_id: (int(debits), int(credits_)) for account_id, debits, credits_ in summed}
