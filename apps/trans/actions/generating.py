"""Recording what the system itself composes: closed at once, with a number of its own."""

from __future__ import annotations

from apps.audit.actions import record_many
from apps.common.db import unit_of_work
from apps.companies.models import Company
from apps.trans.actions.rows import check_drafts, content_event, give_numbers, insert, locked_counters
from apps.trans.errors import AccountsUnusable, DraftInvalid
from apps.trans.models import Transaction, TransactionKind, TransactionStatus
from apps.users.models import User
from ledger.entries import Draft


@unit_of_work
def post_generated(draft: Draft, kind: TransactionKind, *, acting_user: User, company: Company) -> Transaction:
    """Record a draft of a kind of its own, closed.

    Raises DraftInvalid, AccountsUnusable, PeriodClosed.
    """
    check_generated(draft, company)
    posted = insert_closed(draft, acting_user=acting_user, company=company, kind=kind)
    event = content_event("transaction.generated", posted, draft, number=posted.number, kind=kind.value)
    record_many([event], acting_user=acting_user, company_id=company.pk)
    return posted


def insert_closed(
    draft: Draft,
    *,
    acting_user: User,
    company: Company,
    kind: TransactionKind = TransactionKind.STANDARD,
    reverses: Transaction | None = None,
) -> Transaction:
    """Insert a draft, seal it and close it with the next number of its year; the caller tells the trail."""
    counters = locked_counters({draft.date.year}, company)
    (posted,) = insert(
        [draft], acting_user=acting_user, company=company, status=TransactionStatus.VERIFIED, reverses=reverses,
        kind=kind,
    )
    give_numbers([posted], counters)
    return posted


def check_generated(draft: Draft, company: Company) -> None:
    """Name a fault of the accounts as the state of the books that it is: the caller gave no lines."""
    try:
        check_drafts([draft], company)
    except DraftInvalid as error:
        if all(fault.code == "account_inactive" for fault in error.faults):
            raise AccountsUnusable from error
        raise
