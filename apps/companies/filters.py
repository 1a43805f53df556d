"""The filters of the lists of companies and periods."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from apps.companies.models import Company, CompanyKind, Period, PeriodKind, PeriodStatus
from apps.companies.queries import with_status
from apps.companies.serializers import YEAR_MAX, YEAR_MIN


class CompanyFilter(filters.FilterSet):
    """`?kind=`."""

    kind = filters.ChoiceFilter(label=_("shared or practice"), choices=CompanyKind.choices)

    class Meta:
        model = Company
        fields: list[str] = []


class PeriodFilter(filters.FilterSet):
    """`?kind=&year=&status=`."""

    kind = filters.ChoiceFilter(label=_("year or month"), choices=PeriodKind.choices, method="of_kind")
    year = filters.NumberFilter(label=_("fiscal year"), min_value=YEAR_MIN, max_value=YEAR_MAX, decimal_places=0)
    status = filters.ChoiceFilter(label=_("open or closed"), choices=PeriodStatus.choices, method="of_status")

    class Meta:
        model = Period
        fields: list[str] = []

    def of_kind(self, periods: QuerySet[Period], _name: str, value: str) -> QuerySet[Period]:
        """Keep years or months."""
        return periods.filter(month__isnull=value == PeriodKind.YEAR)

    def of_status(self, periods: QuerySet[Period], _name: str, value: str) -> QuerySet[Period]:
        """Keep those open or closed, by themselves or with their year."""
        return with_status(periods, value)
