"""Mending a closed transaction: its mirror, closed too."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.actions import record_many
from apps.common.db import unit_of_work
from apps.companies.models import Company
from apps.config.policy import Reach
from apps.trans.actions.generating import check_generated, insert_closed
from apps.trans.actions.rows import content_event, drafts_of, locked, must_reach
from apps.trans.errors import AlreadyReversed, NotClosed
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
    check_generated(draft, company)
    mirror = insert_closed(draft, acting_user=acting_user, company=company, reverses=original)
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
