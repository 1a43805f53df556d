"""Filters of the history."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import NumberFilter
from django_filters.rest_framework import FilterSet

from apps.common.filters import IsoDateFilter, StrictBooleanFilter
from apps.consultor.models import ConsultorQuery


class ConsultorHistoryFilters(FilterSet):
    """`user` (who may read all), whole days, and whether an answer was valid, helpful or approved."""

    user = NumberFilter(
        label=_("number of the user who asked"), field_name="user_id", min_value=1, max_value=2**63 - 1,
        decimal_places=0,
    )
    date_from = IsoDateFilter(label=_("from this day on"), field_name="created_at", lookup_expr="date__gte")
    date_to = IsoDateFilter(label=_("up to this day"), field_name="created_at", lookup_expr="date__lte")
    valida = StrictBooleanFilter(label=_("whether the answer was valid"))
    helpful = StrictBooleanFilter(label=_("whether the answer helped"))
    approved = StrictBooleanFilter(
        label=_("whether the answer is an example"), field_name="approved_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = ConsultorQuery
        fields: list[str] = []
