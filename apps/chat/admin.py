"""The assistant in the admin."""

from __future__ import annotations

from django.contrib import admin

from apps.chat.models import ChatDocument, ChatQuery, IndexStatus
from apps.common.admin import ReadOnlyAdmin


@admin.register(ChatQuery)
class ChatQueryAdmin(ReadOnlyAdmin):
    """What was asked and answered."""

    list_display = ("created_at", "user", "company", "question", "provider", "grounded", "helpful")
    list_filter = ("company", "provider", "grounded", "helpful")
    list_select_related = ("user", "company")
    search_fields = ("question", "answer")
    date_hierarchy = "created_at"


@admin.register(ChatDocument)
class ChatDocumentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Documents as text; files are sent to the API, which converts them."""

    list_display = ("name", "company", "uploaded_by", "updated_at")
    list_filter = ("company",)
    search_fields = ("name",)
    readonly_fields = ("uploaded_by",)


@admin.register(IndexStatus)
class IndexStatusAdmin(ReadOnlyAdmin):
    """Who is making the index."""

    list_display = ("status_id", "last_rebuild", "rebuild_by", "progress", "stale", "lease_until")
    exclude = ("lease",)
