"""Attachments in the admin: to look at."""

from __future__ import annotations

from django.contrib import admin

from apps.attachments.models import Attachment
from apps.common.admin import ReadOnlyAdmin


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    """The documents of all companies."""

    list_display = ("name", "company", "transaction", "content_type", "bytes", "user", "created_at")
    list_filter = ("company", "content_type")
    list_select_related = ("company", "transaction", "user")
    search_fields = ("name", "=transaction__trans_id")
