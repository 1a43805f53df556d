"""Reading companies and periods."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from apps.companies.models import Company, Period, PeriodStatus


def default_company() -> Company:
    """Return the company of callers who never heard of companies; made where it was lost."""
    return Company.objects.get_or_create(is_default=True, defaults={"name": "Mosaite"})[0]


def is_closed(company: Company, day: dt.date) -> bool:
    """Return whether the month or the year of `day` is closed."""
    month = Q(month__isnull=True) | Q(month=day.month)
    return Period.objects.filter(month, company=company, year=day.year, status=PeriodStatus.CLOSED).exists()


def closed_months(company: Company) -> set[tuple[int, int | None]]:
    """Return the closed periods as (year, month or None)."""
    rows = Period.objects.filter(company=company, status=PeriodStatus.CLOSED).order_by()
    return set(rows.values_list("year", "month"))


def periods_of(company: Company) -> QuerySet[Period]:
    """Return a company's periods, newest year first."""
    return Period.objects.filter(company=company)
