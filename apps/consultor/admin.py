"""The questions to the books in the admin."""

from __future__ import annotations

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.consultor.models import ConsultorQuery


@admin.register(ConsultorQuery)
class ConsultorQueryAdmin(ReadOnlyAdmin):
    """What was asked, and what it was taken for."""

    list_display = ("created_at", "user", "company", "question", "valida", "codigo", "origen", "helpful", "approved_by")
    list_filter = ("company", "valida", "codigo", "origen", "helpful")
    list_select_related = ("user", "company", "approved_by")
    search_fields = ("question", "consulta", "respuesta")
    date_hierarchy = "created_at"
