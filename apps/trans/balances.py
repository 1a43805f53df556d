"""What the accounts moved over any span of dates, from the totals that the guards keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import QuerySet, Sum

from apps.accounts.models import Account
from apps.accounts.queries import AccountTotals, Sides, account_totals, accounts_of, moved_in_months
from apps.common.db import snapshot
from apps.companies.models import Company
from apps.trans.models import Entry, TransactionStatus
from apps.trans.queries import tallied
from ledger.spans import Span, cut

Moved = dict[int, Sides]
EVERY_STATUS = frozenset(TransactionStatus)


def trial_balance(
    company: Company, *, date_from: dt.date | None = None, date_to: dt.date | None = None
) -> list[AccountTotals]:
    """Return what each postable account moved from one date to another, both included, in order of code."""
    if date_from is None and date_to is None:
        return account_totals(company)
    with snapshot():
        return account_totals(company, moved(company, date_from, date_to))


def moved(
    company: Company,
    date_from: dt.date | None,
    date_to: dt.date | None,
    *,
    statuses: Collection[int] = EVERY_STATUS,
    accounts: QuerySet[Account] | None = None,
) -> Moved:
    """Return (debits, credits) by account between two dates, both included; accounts that moved nothing are absent.

    Whole months come from their totals: only entries of the shorter parts of the months that the
    dates cut are read. Totals know no states: with `statuses` the entries of the rarer side, those
    asked for or the others, are summed. `accounts` narrows it. Call within a snapshot.
    """
    wanted = EVERY_STATUS & set(statuses)
    if wanted == EVERY_STATUS:
        return _moved(company, Span(date_from, date_to), accounts)
    others = EVERY_STATUS - wanted
    if _how_many(company, wanted) <= _how_many(company, others):
        return _moved_in_states(company, Span(date_from, date_to), wanted, accounts)
    every = _moved(company, Span(date_from, date_to), accounts)
    return without(every, _moved_in_states(company, Span(date_from, date_to), others, accounts))


def together(parts: Iterable[Moved]) -> Moved:
    """Return the sum of what was moved in several spans."""
    total: Moved = {}
    for part in parts:
        for account_id, (debits, credits_) in part.items():
            before = total.get(account_id, (0, 0))
            total[account_id] = (before[0] + debits, before[1] + credits_)
    return total


def without(every: Moved, some: Moved) -> Moved:
    """Return what is left of `every` without `some`, which is a part of it."""
    left = together([every, {key: (-debits, -credits_) for key, (debits, credits_) in some.items()}])
    return {key: sides for key, sides in left.items() if any(sides)}


def _moved(company: Company, span: Span, accounts: QuerySet[Account] | None) -> Moved:
    parts = cut(span.first, span.last)
    found = [_moved_on(company, days, accounts) for days in parts.days]
    if parts.months is not None:
        found.append(moved_in_months(company, parts.months, accounts))
    return without(together(found), together(_moved_on(company, days, accounts) for days in parts.less))


def _moved_on(company: Company, days: Span, accounts: QuerySet[Account] | None) -> Moved:
    # IN lets the engine seek each account's dates in the index of the mayor.
    rows = Entry.objects.filter(account__in=_keys(company, accounts), date__range=(days.first, days.last))
    return _summed(rows)


def _moved_in_states(
    company: Company, span: Span, statuses: Collection[int], accounts: QuerySet[Account] | None
) -> Moved:
    rows = Entry.objects.filter(transaction__company=company, transaction__status__in=statuses)
    if accounts is not None:
        rows = rows.filter(account__in=_keys(company, accounts))
    if span.first is not None:
        rows = rows.filter(transaction__date__gte=span.first)
    if span.last is not None:
        rows = rows.filter(transaction__date__lte=span.last)
    return _summed(rows)


def _keys(company: Company, accounts: QuerySet[Account] | None) -> QuerySet[Account]:
    return (accounts_of(company) if accounts is None else accounts).order_by()


def _summed(rows: QuerySet[Entry]) -> Moved:
    summed = rows.order_by().values_list("account_id").annotate(Sum("debit"), Sum("credit"))
    return {account_id: (int(debits), int(credits_)) for account_id, debits, credits_ in summed}


def _how_many(company: Company, statuses: Collection[int]) -> int:
    return sum(tallied(company, status=status) for status in statuses)
