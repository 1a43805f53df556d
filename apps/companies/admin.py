"""Companies and periods in the admin, written through the same actions as over the API."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.common.admin import ActionAdmin, ReadOnlyAdmin
from apps.companies import actions
from apps.companies.models import Company, Period


@admin.register(Company)
class CompanyAdmin(ActionAdmin):
    """All companies. Deleting is the API's."""

    list_display = ("company_id", "name", "kind", "is_default", "is_demo", "created_at")
    list_display_links = ("company_id", "name")
    list_filter = ("kind", "is_default", "is_demo")
    search_fields = ("name",)
    fields = ("name", "kind", "is_default", "is_demo", "created_at")
    readonly_fields = ("is_default", "is_demo", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Company | None = None) -> tuple[str, ...]:
        """Fix the kind once the company is there."""
        fixed = ("kind",) if obj else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse."""
        return False

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: bool) -> None:
        """Open the company with its chart, or rename it."""
        acting_user: Any = request.user
        if change:
            actions.change_company(obj.pk, form.cleaned_data, acting_user=acting_user)
        else:
            obj.pk = actions.open_company(**form.cleaned_data, acting_user=acting_user).pk


@admin.register(Period)
class PeriodAdmin(ReadOnlyAdmin):
    """Fiscal years and months: opened, closed and reopened over the API."""

    list_display = ("__str__", "company", "status")
    list_filter = ("company", "status", "year")
    list_select_related = ("company",)
