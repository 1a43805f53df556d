"""The filters of the trail."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from apps.audit.models import AuditEvent
from apps.common.filters import IsoDateFilter

KEY_MAX = 2**63 - 1
DAY_CHARS = 10


class AuditFilter(filters.FilterSet):
    """`?action=&subject=&subject_id=&user=&date_from=&date_to=`."""

    action = filters.CharFilter(label=_("what was done, such as transaction.closed"), max_length=60)
    subject = filters.CharFilter(label=_("kind of thing, such as transaction"), max_length=40)
    subject_id = filters.CharFilter(label=_("number of the thing"), max_length=40)
    user = filters.NumberFilter(
        label=_("number of the user who did it"), field_name="user_id", min_value=1, max_value=KEY_MAX,
        decimal_places=0,
    )
    date_from = IsoDateFilter(label=_("from this day on"), method="on_days")
    date_to = IsoDateFilter(label=_("up to this day"), method="on_days")

    class Meta:
        model = AuditEvent
        fields: list[str] = []

    def on_days(self, events: QuerySet[AuditEvent], name: str, value: Any) -> QuerySet[AuditEvent]:
        """Keep the events of whole days, by the day that `at` begins with."""
        lookup = "gte" if name == "date_from" else "lte"
        return events.alias(day=Left("at", DAY_CHARS)).filter(**{f"day__{lookup}": value.isoformat()})

    def filter_queryset(self, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """Filter; a chain asked for whole keeps the count that it knows."""
        rows: QuerySet[AuditEvent] = super().filter_queryset(queryset)
        if not any(self.form.cleaned_data.values()):
            rows.known_count = getattr(self.queryset, "known_count", None)  # type: ignore[attr-defined]
        return rows
