"""Filters of the history."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import NumberFilter
from django_filters.rest_framework import FilterSet

from apps.chat.models import ChatQuery
from apps.common.filters import IsoDateFilter


class HistoryFilters(FilterSet):
    """`user` (who may read all), `date_from` and `date_to`, whole days."""

    user = NumberFilter(
        label=_("number of the user who asked"), field_name="user_id", min_value=1, max_value=2**63 - 1,
        decimal_places=0,
    )
    date_from = IsoDateFilter(label=_("from this day on"), field_name="created_at", lookup_expr="date__gte")
    date_to = IsoDateFilter(label=_("up to this day"), field_name="created_at", lookup_expr="date__lte")

    class Meta:
        model = ChatQuery
        fields: list[str] = []
