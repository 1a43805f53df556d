"""Daily books in the admin, to look at: they are made and dissolved over the API."""

from __future__ import annotations

from django.contrib import admin

from apps.books.models import DailyBook
from apps.common.admin import ReadOnlyAdmin


@admin.register(DailyBook)
class DailyBookAdmin(ReadOnlyAdmin):
    """All companies' books."""

    list_display = ("book_id", "name", "company", "date_from", "date_to", "entries_count", "status", "created_by")
    list_display_links = ("book_id", "name")
    list_filter = ("company", "status")
    list_select_related = ("company", "created_by")
    search_fields = ("search_text",)
    exclude = ("lease", "lease_until", "progress")
