"""Taking closed transactions back to Verificado, where the database lets them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import F
from django.utils import timezone

from apps.audit.actions import record_many
from apps.common.db import lock_row, unit_of_work
from apps.companies.models import Company
from apps.trans.actions.closing import close_verified
from apps.trans.actions.rows import content_event, drafts_of, locked_all, locked_counters
from apps.trans.errors import NotClosed
from apps.trans.models import BooksPass, NumberCounter, Transaction, TransactionStatus
from apps.users.models import User


@unit_of_work
def reopen_transactions(trans_ids: Sequence[int], *, acting_user: User, company: Company) -> int:
    """Take closed transactions back to Verificado; return how many others got a new number by it.

    Numbers stay without a gap: what was closed after them in a fiscal year is numbered again in the
    same order. The database refuses it but in educational mode or a practice company
    (BooksNotErasable). Raises NotClosed, PeriodClosed.
    """
    found = locked_all(trans_ids, company)
    if any(transaction.status != TransactionStatus.CLOSED for transaction in found.values()):
        raise NotClosed
    first = _first_numbers(found.values())
    counters = locked_counters(set(first), company)
    later = [transaction for year in sorted(first) for transaction in _later(company, year, first[year], found)]
    _take_back([*found.values(), *later], company)
    for year, counter in counters.items():
        counter.last = first[year] - 1
    NumberCounter.objects.bulk_update(counters.values(), ["last"])
    drafts = drafts_of(list(found.values()))
    events = [content_event("transaction.reopened", found[key], drafts[key]) for key in sorted(found)]
    record_many(events, acting_user=acting_user, company_id=company.pk)
    if later:
        close_verified(later, acting_user=acting_user, company=company)
    return len(later)


def _first_numbers(transactions: Iterable[Transaction]) -> dict[int, int]:
    """Return the first number in each fiscal year."""
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    for transaction in transactions:
        numbers[transaction.fiscal_year or 0].append(transaction.number or 0)  # a closed one has both
    return {year: min(found) for year, found in numbers.items()}


def _later(company: Company, year: int, number: int, but: dict[int, Transaction]) -> list[Transaction]:
    rows = Transaction.objects.filter(company=company, fiscal_year=year, number__gt=number).order_by("number")
    return [transaction for transaction in lock_row(rows) if transaction.pk not in but]


def _take_back(transactions: Sequence[Transaction], company: Company) -> None:
    keys = [transaction.pk for transaction in transactions]
    books_pass = BooksPass.objects.create(company=company)
    Transaction.objects.filter(pk__in=keys).update(
        status=TransactionStatus.VERIFIED, number=None, fiscal_year=None, version=F("version") + 1,
        updated_at=timezone.now(),
    )
    books_pass.delete()
    for transaction in transactions:
        transaction.status, transaction.number, transaction.fiscal_year = TransactionStatus.VERIFIED, None, None
        transaction.version += 1
