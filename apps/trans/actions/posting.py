"""Recording transactions."""

from __future__ import annotations

from collections.abc import Sequence

from apps.audit.actions import record_many
from apps.common.db import unit_of_work
from apps.companies.models import Company
from apps.trans.actions.rows import check_drafts, content_event, insert
from apps.trans.models import Transaction
from apps.users.models import User
from ledger.entries import Draft


@unit_of_work
def post_transactions(drafts: Sequence[Draft], *, acting_user: User, company: Company) -> list[Transaction]:
    """Record the drafts, all or none; each awaits verification.

    Raises DraftInvalid for the first draft that breaks a rule, PeriodClosed for one dated in a
    closed period.
    """
    check_drafts(drafts, company)
    posted = insert(drafts, acting_user=acting_user, company=company)
    events = [
        content_event("transaction.posted", transaction, draft)
        for transaction, draft in zip(posted, drafts, strict=True)
    ]
    record_many(events, acting_user=acting_user, company_id=company.pk)
    return posted


def post_transaction(draft: Draft, *, acting_user: User, company: Company) -> Transaction:
    """Record one draft; see post_transactions."""
    return post_transactions([draft], acting_user=acting_user, company=company)[0]
