"""What the guards keep (totals, months, tallies) against what the lines say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F

from apps.accounts.models import Account, AccountMonth
from apps.common.db import exact_parts, exact_sum
from apps.trans.models import Entry, Transaction, TransactionTally
from apps.trans.verification.findings import Finding
from apps.trans.verification.scope import Scope, month_text

SIDES = ("debit", "credit")
Figures = dict[tuple[Any, ...], int]


def account_totals_agree(scope: Scope) -> Iterator[Finding]:
    """Each account's totals, and its months', are the sums of its sealed lines."""
    months = _moved(scope)
    totals: Counter[tuple[Any, ...]] = Counter()
    for (account_id, _month, side), amount in months.items():
        totals[account_id, side] += amount
    companies = dict(scope.of(Account.objects).values_list("pk", "company_id"))
    for (account_id, side), expected, found in differences(totals, _totals(scope)):
        yield Finding(f"account_{side}s", companies.get(account_id), str(account_id), expected, found)
    for (account_id, month, side), expected, found in differences(months, _months(scope)):
        yield Finding(f"month_{side}s", companies.get(account_id), f"{account_id}/{month}", expected, found)


def _moved(scope: Scope) -> Figures:
    """Return what the lines moved, by account, month and side."""
    lines = scope.of(Entry.objects.filter(transaction__unsealed=None), "transaction__company")
    groups = lines.values("account_id", month=month_text()).annotate(**exact_parts(*SIDES)).order_by()
    return {(row["account_id"], row["month"], side): exact_sum(row, side) for row in groups for side in SIDES}


def _totals(scope: Scope) -> Figures:
    rows = scope.of(Account.objects).values_list("pk", "debits", "credits")
    return {(key, side): amount for key, *amounts in rows for side, amount in zip(SIDES, amounts, strict=True)}


def _months(scope: Scope) -> Figures:
    rows = scope.of(AccountMonth.objects, "account__company")
    found = rows.annotate(text=month_text("month")).values_list("account_id", "text", "debits", "credits")
    return {
        (account_id, month, side): amount
        for account_id, month, *amounts in found
        for side, amount in zip(SIDES, amounts, strict=True)
    }


def parents_are_of_the_company(scope: Scope) -> Iterator[Finding]:
    """No account stands under another company's."""
    foreign = scope.of(Account.objects).filter(parent__isnull=False).exclude(parent__company=F("company"))
    for key, company_id, parent_id in foreign.order_by("pk").values_list("pk", "company_id", "parent_id"):
        yield Finding("account_parent_foreign", company_id, str(key), found=parent_id)


def tallies_agree(scope: Scope) -> Iterator[Finding]:
    """Each tally counts the sealed transactions of its user, month and state."""
    keys = ("company_id", "user_id", "text", "status")
    counted = scope.of(Transaction.objects.filter(unsealed=None)).annotate(text=month_text())
    groups = counted.values(*keys).annotate(count=Count("pk")).order_by()
    tallies = scope.of(TransactionTally.objects).annotate(text=month_text("month")).values(*keys, "count")
    expected, found = ({tuple(row[key] for key in keys): row["count"] for row in rows} for rows in (groups, tallies))
    for (company_id, *rest), wanted, said in differences(expected, found):
        yield Finding("tally", company_id, "/".join(map(str, rest)), wanted, said)


def differences(expected: Figures, found: Figures) -> Iterator[tuple[tuple[Any, ...], int, int]]:
    """Return (key, expected, found) wherever they differ; what is missing on one side is 0 there."""
    for key in sorted(expected.keys() | found.keys()):
        pair = expected.get(key, 0), found.get(key, 0)
        if pair[0] != pair[1]:
            yield key, *pair
