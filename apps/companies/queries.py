"""Reading companies and periods."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.companies.errors import UnknownCompanyNumber, UnknownPeriod
from apps.companies.models import Company, Period, PeriodStatus
from apps.config.policy import Reach


def default_company() -> Company:
    """Return the company of callers who never heard of companies; made where it was lost."""
    return Company.objects.get_or_create(is_default=True, defaults={"name": "Mosaite"})[0]


def companies_for(own: Company, reach: Reach) -> QuerySet[Company]:
    """Return the companies that a caller of `own` sees: all with Reach.ANY, else that one."""
    companies = Company.objects.all()
    return companies if reach is Reach.ANY else companies.filter(pk=own.pk)


def company_of(company_id: int) -> Company:
    """Return a company; UnknownCompanyNumber when there is none such."""
    company = Company.objects.filter(pk=company_id).first()
    if company is None:
        raise UnknownCompanyNumber
    return company


def is_closed(company: Company, day: dt.date) -> bool:
    """Return whether the month or the year of `day` is closed."""
    month = Q(month__isnull=True) | Q(month=day.month)
    return Period.objects.filter(month, company=company, year=day.year, status=PeriodStatus.CLOSED).exists()


def closed_months(company: Company) -> set[tuple[int, int | None]]:
    """Return the closed periods as (year, month or None)."""
    rows = Period.objects.filter(company=company, status=PeriodStatus.CLOSED).order_by()
    return set(rows.values_list("year", "month"))


def periods_of(company: Company) -> QuerySet[Period]:
    """Return a company's periods, newest year first, each knowing whether its year is closed."""
    closed_year = Period.objects.filter(
        company=OuterRef("company"), year=OuterRef("year"), month__isnull=True, status=PeriodStatus.CLOSED
    )
    return Period.objects.filter(company=company).annotate(shut_by_year=Exists(closed_year))


def with_status(periods: QuerySet[Period], status: str) -> QuerySet[Period]:
    """Keep of `periods_of` those that are open or closed, by themselves or with their year."""
    closed = Q(status=PeriodStatus.CLOSED) | Q(shut_by_year=True)
    return periods.filter(closed if status == PeriodStatus.CLOSED else ~closed)


def period_of(company: Company, period_id: int) -> Period:
    """Return one of the company's periods, as `periods_of` does; else UnknownPeriod."""
    period = periods_of(company).filter(pk=period_id).first()
    if period is None:
        raise UnknownPeriod
    return period
