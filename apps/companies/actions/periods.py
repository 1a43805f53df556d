"""Opening, closing and reopening periods.

Closing a year closes what is dated in it; its months keep their own state, which counts again when
the year is reopened. The database's guards make closing wait for postings under way, and refuse
those that come after.
"""

from __future__ import annotations

import logging

from apps.audit.actions import Actor, record
from apps.common.db import lock_row, unit_of_work
from apps.companies.errors import PeriodAlreadyClosed, PeriodAlreadyOpen, PeriodExists, UnknownPeriod, YearClosed
from apps.companies.models import Company, Period, PeriodStatus
from apps.companies.queries import period_of, periods_of

logger = logging.getLogger(__name__)


@unit_of_work
def open_period(year: int, month: int | None, *, acting_user: Actor, company: Company) -> Period:
    """Add a year (`month` None) or a month to the company's periods; PeriodExists when it is there."""
    period, made = Period.objects.get_or_create(company=company, year=year, month=month)
    if not made:
        raise PeriodExists
    return _told("period.opened", period, acting_user=acting_user)


@unit_of_work
def close_period(period_id: int, *, acting_user: Actor, company: Company) -> Period:
    """Close a period; UnknownPeriod, PeriodAlreadyClosed (also by its year)."""
    period = _locked(company, period_id)
    if period.effective_status == PeriodStatus.CLOSED:
        raise PeriodAlreadyClosed
    return _set(period, PeriodStatus.CLOSED, "period.closed", acting_user=acting_user)


@unit_of_work
def reopen_period(period_id: int, *, acting_user: Actor, company: Company) -> Period:
    """Reopen a period; UnknownPeriod, PeriodAlreadyOpen, YearClosed for a month of a closed year."""
    period = _locked(company, period_id)
    if period.effective_status == PeriodStatus.OPEN:
        raise PeriodAlreadyOpen
    if period.waits_for_year:
        raise YearClosed
    return _set(period, PeriodStatus.OPEN, "period.reopened", acting_user=acting_user)


def _locked(company: Company, period_id: int) -> Period:
    period = lock_row(periods_of(company).filter(pk=period_id)).first()
    if period is None:
        raise UnknownPeriod
    return period


def _set(period: Period, status: PeriodStatus, action: str, *, acting_user: Actor) -> Period:
    period.status = status
    period.save(update_fields=["status"])
    return _told(action, period, acting_user=acting_user)


def _told(action: str, period: Period, *, acting_user: Actor) -> Period:
    """Record what was done and return the period as it stands now."""
    record(
        action, acting_user=acting_user, company_id=period.company_id, subject="period", subject_id=period.pk,
        detail={"period": str(period)},
    )
    logger.info(action, extra={"company_id": period.company_id, "period": str(period)})
    return period_of(period.company, period.pk)
