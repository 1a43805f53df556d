"""The filters of templates and recurring transactions."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from apps.common.filters import StrictBooleanFilter
from apps.common.text import fold
from apps.recurring.models import Schedule, Template


class TemplateFilter(filters.FilterSet):
    """`?search=`."""

    search = filters.CharFilter(label=_("words of the name"), method="matching", max_length=200)

    class Meta:
        model = Template
        fields: list[str] = []

    def matching(self, rows: QuerySet[Template], _name: str, value: str) -> QuerySet[Template]:
        """Keep those whose name holds the words."""
        return rows.filter(search_text__contains=fold(value))


class ScheduleFilter(filters.FilterSet):
    """`?active=`."""

    active = StrictBooleanFilter(label=_("true: not paused"))

    class Meta:
        model = Schedule
        fields: list[str] = []
