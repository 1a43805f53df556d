"""The filters of the list of daily books."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from apps.books.models import BookStatus, DailyBook
from apps.common.filters import IsoDateFilter
from apps.common.text import fold


class BookFilter(filters.FilterSet):
    """`?search=&date_from=&date_to=&created_by=&status=`."""

    search = filters.CharFilter(label=_("words of the name"), method="matching", max_length=200)
    date_from = IsoDateFilter(label=_("books that begin on this day or later"), field_name="date_from",
                              lookup_expr="gte")
    date_to = IsoDateFilter(label=_("books that end on this day or earlier"), field_name="date_to", lookup_expr="lte")
    created_by = filters.NumberFilter(
        label=_("number of the user who made it"), field_name="created_by_id", min_value=1, max_value=2**63 - 1,
        decimal_places=0,
    )
    status = filters.ChoiceFilter(label=_("closed or dissolved"), choices=BookStatus.choices)

    class Meta:
        model = DailyBook
        fields: list[str] = []

    def matching(self, rows: QuerySet[DailyBook], _name: str, value: str) -> QuerySet[DailyBook]:
        """Keep those whose name holds the words."""
        return rows.filter(search_text__contains=fold(value))
