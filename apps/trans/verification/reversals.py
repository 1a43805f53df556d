"""Reversals against what they reverse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.common.db import exact_parts, exact_sum
from apps.trans.models import Entry, Transaction, TransactionKind, TransactionStatus
from apps.trans.verification.findings import Finding
from apps.trans.verification.scope import Scope

Sums = dict[int, dict[int, tuple[int, int]]]


def links_are_right(scope: Scope) -> Iterator[Finding]:
    """A reversal is closed, and names a closed transaction of its company."""
    reversal = Q(kind=TransactionKind.REVERSAL)
    rows = scope.of(Transaction.objects).order_by("pk")
    original = Transaction.objects.filter(pk=OuterRef("reverses_id"))
    named = Q(reverses__isnull=False)
    for code, wrong in (
        ("reversal_kind", reversal ^ named),
        ("reversal_open", reversal & ~Q(status=TransactionStatus.CLOSED)),
        ("reversal_lost", named & ~Exists(original)),
        ("reversal_foreign", named & Exists(original.exclude(company=OuterRef("company")))),
        ("reversal_of_open", named & Exists(original.exclude(status=TransactionStatus.CLOSED))),
    ):
        for key, company_id, reverses_id in rows.filter(wrong).values_list("pk", "company_id", "reverses_id"):
            yield Finding(code, company_id, str(key), found=reverses_id)


def mirrors_are_like_their_originals(scope: Scope) -> Iterator[Finding]:
    """A reversal moves each account by what its original moved, on the other side."""
    links = scope.of(Transaction.objects.filter(reverses__isnull=False)).order_by("pk")
    lines = scope.of(Entry.objects, "transaction__company")
    mirrors = _sums(lines.filter(transaction__reverses__isnull=False))
    originals = _sums(lines.filter(transaction__reversed_by__isnull=False))
    for key, company_id, reverses_id in links.values_list("pk", "company_id", "reverses_id"):
        moved = originals.get(reverses_id or 0, {})
        if mirrors.get(key, {}) != {account: (credit, debit) for account, (debit, credit) in moved.items()}:
            yield Finding("reversal_unlike", company_id, str(key), expected=reverses_id)


def _sums(lines: QuerySet[Entry]) -> Sums:
    """Return (debits, credits) by transaction and account."""
    sums: Sums = {}
    groups: Any = lines.values("transaction_id", "account_id").annotate(**exact_parts("debit", "credit")).order_by()
    for row in groups:
        moved = exact_sum(row, "debit"), exact_sum(row, "credit")
        sums.setdefault(row["transaction_id"], {})[row["account_id"]] = moved
    return sums
