"""The trail in the admin: to look at."""

from __future__ import annotations

from django.contrib import admin

from apps.audit.models import AuditChain, AuditEvent
from apps.common.admin import ReadOnlyAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Who did what when, in all chains (a chain is numbered like its company; 0 is the system's)."""

    list_display = ("at", "chain", "seq", "user_email", "action", "subject", "subject_id")
    list_filter = ("action", "subject", "chain")
    search_fields = ("user_email", "action", "=subject_id", "=hash")
    show_full_result_count = False


@admin.register(AuditChain)
class AuditChainAdmin(ReadOnlyAdmin):
    """The last event of each chain."""

    list_display = ("chain", "seq", "hash", "company_id", "origin")
