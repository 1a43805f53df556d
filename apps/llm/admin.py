"""The use of language models in the admin."""

from __future__ import annotations

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.llm.models import LlmReservation, LlmUsage


@admin.register(LlmUsage)
class LlmUsageAdmin(ReadOnlyAdmin):
    """Who used how much, day by day."""

    list_display = ("day", "user", "calls", "tokens", "cost_micros")
    list_filter = ("day", "user__company")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name")
    date_hierarchy = "day"


@admin.register(LlmReservation)
class LlmReservationAdmin(ReadOnlyAdmin):
    """What calls under way have set aside."""

    list_display = ("reservation_id", "usage", "tokens", "cost_micros", "expires_at")
    list_select_related = ("usage",)
