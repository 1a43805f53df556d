"""Verifying and closing, one or many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from apps.audit.actions import record_many
from apps.common.db import unit_of_work
from apps.common.errors import AppError
from apps.companies.errors import PeriodClosed
from apps.companies.models import Company
from apps.companies.queries import closed_months
from apps.trans.actions.rows import (
    SUBJECT,
    ClosedPeriods,
    Event,
    content_event,
    drafts_of,
    give_numbers,
    is_closed,
    locked,
    locked_all,
    locked_counters,
)
from apps.trans.errors import AlreadyClosed, NotVerified, TransactionClosed, UnknownTransaction
from apps.trans.models import Transaction, TransactionStatus
from apps.users.models import User

Judge = Callable[[Transaction, ClosedPeriods], AppError | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one transaction of a bulk action; `error` is None where it went well."""

    trans_id: int
    error: AppError | None = None


@unit_of_work
def toggle_status(trans_id: int, *, acting_user: User, company: Company) -> Transaction:
    """Verify a transaction that awaits it, or withdraw the verification.

    Raises UnknownTransaction, TransactionClosed, PeriodClosed.
    """
    transaction = locked(trans_id, company)
    if error := _fault_to_toggle(transaction, closed_months(company)):
        raise error
    verify = transaction.status == TransactionStatus.PENDING
    _set_status([transaction], TransactionStatus.VERIFIED if verify else TransactionStatus.PENDING)
    action = "transaction.verified" if verify else "transaction.unverified"
    record_many([(action, SUBJECT, transaction.pk, {})], acting_user=acting_user, company_id=company.pk)
    return transaction


@unit_of_work
def verify_transactions(trans_ids: Sequence[int], *, acting_user: User, company: Company) -> list[Outcome]:
    """Verify each of the transactions that can be; one that is verified already stays so."""
    outcomes, going = _judged(trans_ids, _fault_to_toggle, company)
    waiting = [transaction for transaction in going if transaction.status == TransactionStatus.PENDING]
    _set_status(waiting, TransactionStatus.VERIFIED)
    events: list[Event] = [("transaction.verified", SUBJECT, transaction.pk, {}) for transaction in waiting]
    record_many(events, acting_user=acting_user, company_id=company.pk)
    return outcomes


@unit_of_work
def close_transactions(trans_ids: Sequence[int], *, acting_user: User, company: Company) -> list[Outcome]:
    """Close each of the transactions that can be, numbering them in the order given."""
    outcomes, going = _judged(trans_ids, _fault_to_close, company)
    close_verified(going, acting_user=acting_user, company=company)
    return outcomes


@unit_of_work
def close_transaction(trans_id: int, *, acting_user: User, company: Company) -> Transaction:
    """Close a verified transaction and give it its number.

    Raises UnknownTransaction, NotVerified, AlreadyClosed, PeriodClosed.
    """
    transaction = locked(trans_id, company)
    if error := _fault_to_close(transaction, closed_months(company)):
        raise error
    close_verified([transaction], acting_user=acting_user, company=company)
    return transaction


def _judged(trans_ids: Sequence[int], judge: Judge, company: Company) -> tuple[list[Outcome], list[Transaction]]:
    """Return an outcome per distinct id, and the transactions that may go on, locked, in that order."""
    found, closed = locked_all(trans_ids, company), closed_months(company)
    outcomes = [
        Outcome(key, judge(found[key], closed) if key in found else UnknownTransaction())
        for key in dict.fromkeys(trans_ids)
    ]
    return outcomes, [found[outcome.trans_id] for outcome in outcomes if outcome.error is None]


def _fault_to_toggle(transaction: Transaction, closed: ClosedPeriods) -> AppError | None:
    if transaction.status == TransactionStatus.CLOSED:
        return TransactionClosed()
    return PeriodClosed() if is_closed(transaction.date, closed) else None


def _fault_to_close(transaction: Transaction, closed: ClosedPeriods) -> AppError | None:
    if transaction.status == TransactionStatus.CLOSED:
        return AlreadyClosed()
    if transaction.status == TransactionStatus.PENDING:
        return NotVerified()
    return PeriodClosed() if is_closed(transaction.date, closed) else None


def _set_status(transactions: Sequence[Transaction], status: TransactionStatus) -> None:
    keys = [transaction.pk for transaction in transactions]
    Transaction.objects.filter(pk__in=keys).update(
        status=status, version=F("version") + 1, updated_at=timezone.now()
    )


def close_verified(transactions: Sequence[Transaction], *, acting_user: User, company: Company) -> None:
    """Number and close verified transactions whose rows are locked, in the order given."""
    counters = locked_counters({transaction.date.year for transaction in transactions}, company)
    drafts = drafts_of(transactions)
    events = []
    give_numbers(transactions, counters)
    for transaction in transactions:
        draft = drafts[transaction.pk]
        events.append(content_event("transaction.closed", transaction, draft, number=transaction.number))
    record_many(events, acting_user=acting_user, company_id=company.pk)
