"""Reading transactions."""

from __future__ import annotations

from django.db.models import QuerySet, Sum

from apps.companies.models import Company
from apps.trans.models import Transaction, TransactionTally


def transactions_of(company: Company) -> QuerySet[Transaction]:
    """Return a company's transactions, newest date first, then newest recorded."""
    return Transaction.objects.filter(company=company)


def tallied(company: Company, *, user_id: int | None = None, status: int | None = None) -> int:
    """Return how many transactions there are, from the tallies: the cost does not grow with them."""
    rows = TransactionTally.objects.filter(company=company)
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    if status is not None:
        rows = rows.filter(status=status)
    return rows.aggregate(found=Sum("count"))["found"] or 0
