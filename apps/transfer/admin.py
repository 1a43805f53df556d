"""What was brought from elsewhere, in the admin, to look at."""

from __future__ import annotations

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.transfer.models import ImportedRow


@admin.register(ImportedRow)
class ImportedRowAdmin(ReadOnlyAdmin):
    """Rows of the first Mosaite and what they have become here."""

    list_display = ("source", "table", "key", "row_id", "company")
    list_filter = ("company", "table")
    list_select_related = ("company",)
    search_fields = ("=key",)
