"""Daily books in the admin, to look at: they are made and dissolved over the API."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.books.models import DailyBook, DailyBookEntry, PriceIndex
from apps.common.admin import ReadOnlyAdmin, ReadOnlyMixin


class DailyBookEntryInline(ReadOnlyMixin, admin.TabularInline):  # type: ignore[type-arg]
    """The transactions of a book that stands."""

    model = DailyBookEntry
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[DailyBookEntry]:
        """Bring the transactions along."""
        return super().get_queryset(request).select_related("transaction")


@admin.register(DailyBook)
class DailyBookAdmin(ReadOnlyAdmin):
    """All companies' books."""

    list_display = ("book_id", "name", "company", "date_from", "date_to", "entries_count", "status", "created_by")
    list_display_links = ("book_id", "name")
    list_filter = ("company", "status")
    list_select_related = ("company", "created_by")
    search_fields = ("search_text",)
    exclude = ("lease", "lease_until", "progress")
    inlines = (DailyBookEntryInline,)


@admin.register(PriceIndex)
class PriceIndexAdmin(ReadOnlyAdmin):
    """The values of the price indices, of a company or of all."""

    list_display = ("month", "ten_thousandths", "company")
    list_filter = ("company",)
    list_select_related = ("company",)
