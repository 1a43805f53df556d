"""The room in Django's admin."""

from __future__ import annotations

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.daily.models import DailyStep


@admin.register(DailyStep)
class DailyStepAdmin(ReadOnlyAdmin):
    """What the daily tasks did, day by day."""

    list_display = ("day", "step", "state", "attempts", "seconds", "detail")
    list_filter = ("state", "step")
    date_hierarchy = "day"
