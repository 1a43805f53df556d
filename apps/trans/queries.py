"""Reading transactions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import BooleanField, QuerySet, Sum
from django.db.models.expressions import RawSQL

from apps.companies.models import Company
from apps.trans.models import YEAR_END_KINDS, Transaction, TransactionTally


def transactions_of(company: Company) -> QuerySet[Transaction]:
    """Return a company's transactions, newest date first, then newest recorded."""
    return Transaction.objects.filter(company=company)


@dataclass(frozen=True, slots=True)
class YearEnd:
    """An entry of the end of a fiscal year."""

    trans_id: int
    kind: str
    date: dt.date


def year_ends(company: Company) -> list[YearEnd]:
    """Return the entries of the ends of a company's years, a handful each.

    The kinds stand as literals, and nothing else narrows or orders the rows: else SQLite passes by the
    partial index that holds them, and reads all transactions.
    """
    kinds = ", ".join(f"'{kind}'" for kind in YEAR_END_KINDS)
    literal = RawSQL(f"transactions.kind IN ({kinds})", (), output_field=BooleanField())  # noqa: S611 - constants
    rows = Transaction.objects.filter(literal, company=company).order_by()
    return [YearEnd(*row) for row in rows.values_list("trans_id", "kind", "date")]


def tallied(company: Company, *, user_id: int | None = None, status: int | None = None) -> int:
    """Return how many transactions there are, from the tallies: the cost does not grow with them."""
    rows = TransactionTally.objects.filter(company=company)
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    if status is not None:
        rows = rows.filter(status=status)
    return rows.aggregate(found=Sum("count"))["found"] or 0
