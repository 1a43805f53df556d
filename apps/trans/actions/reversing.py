"""Mending a closed transaction: its mirror, closed too."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.actions import record_many
from apps.common.db import unit_of_work
from apps.companies.models import Company
from apps.config.policy import Reach
from apps.trans.actions.rows import (
    check_drafts,
    content_event,
    drafts_of,
    give_number,
    insert,
    locked,
    locked_counters,
    must_reach,
)
from apps.trans.errors import AccountsUnusable, AlreadyReversed, DraftInvalid, NotClosed
from apps.trans.models import LEGEND_MAX, Transaction, TransactionStatus
from apps.users.models import User
from ledger.entries import Draft


@unit_of_work
def reverse_transaction(
    trans_id: int,
    *,
    reason: str,
    date: dt.date | None = None,
    acting_user: User,
    company: Company,
    reach: Reach = Reach.ANY,
) -> Transaction:
    """Record the mirror of a closed transaction, closed with a number of its own.

    Dated today unless told otherwise. Raises UnknownTransaction, NotYours, NotClosed,
    AlreadyReversed, AccountsUnusable, PeriodClosed.
    """
    original = locked(trans_id, company)
    must_reach(original, acting_user, reach)
    if original.status != TransactionStatus.CLOSED:
        raise NotClosed
    if Transaction.objects.filter(reverses=original).exists():
        raise AlreadyReversed
    draft = _mirror(original, reason, date or timezone.localdate())
    _check(draft, company)
    counter = locked_counters({draft.date.year}, company)[draft.date.year]
    (mirror,) = insert(
        [draft], acting_user=acting_user, company=company, status=TransactionStatus.VERIFIED, reverses=original
    )
    give_number(mirror, counter)
    counter.save(update_fields=["last"])
    event = content_event(
        "transaction.reversed", mirror, draft, reverses=original.pk, number=mirror.number, reason=reason
    )
    record_many([event], acting_user=acting_user, company_id=company.pk)
    return mirror


def _mirror(original: Transaction, reason: str, date: dt.date) -> Draft:
    legend = _("Reversal of entry No. %(number)d of %(year)d: %(reason)s") % {
        "number": original.number, "year": original.fiscal_year, "reason": reason,
    }
    lines = drafts_of([original])[original.pk].lines
    return Draft(date=date, legend=legend[:LEGEND_MAX], lines=tuple(line.mirrored() for line in lines))


def _check(draft: Draft, company: Company) -> None:
    """Name a fault of the accounts as the state of the books that it is: the caller gave no lines."""
    try:
        check_drafts([draft], company)
    except DraftInvalid as error:
        if all(fault.code == "account_inactive" for fault in error.faults):
            raise AccountsUnusable from error
        raise
