"""Templates and recurring transactions in the admin: to look at; they are written over the API."""

from __future__ import annotations

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin, ReadOnlyMixin
from apps.recurring.models import Occurrence, Schedule, Template, TemplateLine


class TemplateLineInline(ReadOnlyMixin, admin.TabularInline):  # type: ignore[type-arg]
    """The lines of a template."""

    model = TemplateLine
    extra = 0


@admin.register(Template)
class TemplateAdmin(ReadOnlyAdmin):
    """Templates of all companies."""

    list_display = ("name", "company", "user", "updated_at")
    list_filter = ("company",)
    list_select_related = ("company", "user")
    search_fields = ("search_text",)
    inlines = (TemplateLineInline,)


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyAdmin):
    """When they recur."""

    list_display = ("template", "company", "frequency", "every", "day", "next_date", "active")
    list_filter = ("company", "active", "frequency")
    list_select_related = ("template", "company")


@admin.register(Occurrence)
class OccurrenceAdmin(ReadOnlyAdmin):
    """What became of each due date."""

    list_display = ("schedule", "due_date", "status", "transaction", "attempts", "code")
    list_filter = ("status",)
    list_select_related = ("schedule", "transaction")
