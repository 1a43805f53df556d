"""Changing and deleting what is not closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.accounts.models import Account
from apps.audit.actions import record_many
from apps.common.db import unit_of_work
from apps.common.text import fold
from apps.companies.errors import PeriodClosed
from apps.companies.models import Company
from apps.companies.queries import closed_months
from apps.config.policy import Reach
from apps.trans.actions.rows import (
    accounts_in,
    check_drafts,
    content_event,
    drafts_of,
    insert_lines,
    is_closed,
    lock_accounts,
    locked,
    must_reach,
    seal,
)
from apps.trans.errors import NoLongerPending, TransactionClosed, TransactionVerified, VersionMismatch
from apps.trans.models import UNSEALED, Entry, Transaction, TransactionStatus
from apps.users.models import User
from ledger.entries import Draft, Line


@dataclass(frozen=True, slots=True)
class Change:
    """What to change of a transaction; None leaves a part as it is."""

    date: dt.date | None = None
    legend: str | None = None
    lines: tuple[Line, ...] | None = None


@unit_of_work
def edit_transaction(
    trans_id: int,
    change: Change,
    *,
    acting_user: User,
    company: Company,
    reach: Reach = Reach.ANY,
    version: int | None = None,
) -> Transaction:
    """Change a transaction that awaits verification, in one step.

    `version` is the one the caller read; another current one raises VersionMismatch. Raises
    UnknownTransaction, NotYours, TransactionVerified, TransactionClosed, PeriodClosed, DraftInvalid.
    """
    transaction = locked(trans_id, company)
    must_reach(transaction, acting_user, reach)
    if version is not None and version != transaction.version:
        raise VersionMismatch
    _must_be_pending(transaction)
    before = drafts_of([transaction])[transaction.pk]
    draft = Draft(
        date=change.date or before.date,
        legend=before.legend if change.legend is None else change.legend,
        lines=before.lines if change.lines is None else change.lines,
    )
    _must_be_open(transaction, company)
    check_drafts([draft], company)
    _replace(transaction, before, draft)
    event = content_event("transaction.edited", transaction, draft)
    record_many([event], acting_user=acting_user, company_id=company.pk)
    return transaction


def _replace(transaction: Transaction, before: Draft, draft: Draft) -> None:
    """Write the draft over the transaction; its lines only where they or their date changed."""
    rows = Transaction.objects.filter(pk=transaction.pk)
    lines_change = (draft.date, draft.lines) != (before.date, before.lines)
    if lines_change:
        lock_accounts(accounts_in([before, draft]))
        rows.update(unsealed=UNSEALED)
        transaction.entries.all().delete()
    rows.update(
        date=draft.date, legend=draft.legend, search_text=fold(draft.legend), total=draft.total,
        entries_count=len(draft.lines), version=transaction.version + 1, updated_at=timezone.now(),
    )
    if lines_change:
        insert_lines([(transaction, draft)])
        seal([transaction])


@unit_of_work
def delete_transaction(trans_id: int, *, acting_user: User, company: Company, reach: Reach = Reach.ANY) -> None:
    """Delete a transaction that is not closed; with Reach.OWN, one's own that awaits verification.

    Raises UnknownTransaction, NotYours, NoLongerPending, TransactionClosed, PeriodClosed.
    """
    transaction = locked(trans_id, company)
    must_reach(transaction, acting_user, reach)
    if transaction.status == TransactionStatus.CLOSED:
        raise TransactionClosed
    if reach is Reach.OWN and transaction.status != TransactionStatus.PENDING:
        raise NoLongerPending
    _must_be_open(transaction, company)
    event = content_event("transaction.deleted", transaction, drafts_of([transaction])[transaction.pk])
    remove(Transaction.objects.filter(pk=transaction.pk))
    record_many([event], acting_user=acting_user, company_id=company.pk)


def remove(rows: QuerySet[Transaction]) -> None:
    """Take transactions that are not closed out of the books and their balances.

    The rooms above that keep something of them are told first (TRANSACTION_REMOVAL_STEPS).
    """
    for path in settings.TRANSACTION_REMOVAL_STEPS:
        import_string(path)(rows)
    lock_accounts(Account.objects.filter(pk__in=Entry.objects.filter(transaction__in=rows).values("account_id")))
    rows.filter(status=TransactionStatus.VERIFIED).update(status=TransactionStatus.PENDING)
    rows.update(unsealed=UNSEALED)
    Entry.objects.filter(transaction__in=rows).delete()
    # A mirror points at its original with PROTECT: Django would look at them one by one.
    rows._raw_delete(rows.db)  # noqa: SLF001


def _must_be_pending(transaction: Transaction) -> None:
    if transaction.status == TransactionStatus.CLOSED:
        raise TransactionClosed
    if transaction.status == TransactionStatus.VERIFIED:
        raise TransactionVerified


def _must_be_open(transaction: Transaction, company: Company) -> None:
    if is_closed(transaction.date, closed_months(company)):
        raise PeriodClosed
