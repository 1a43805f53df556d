"""The configuration in the admin, changed through the same action as over the API."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.common.admin import ActionAdmin
from apps.config.actions import change_config
from apps.config.models import Config


@admin.register(Config)
class ConfigAdmin(ActionAdmin):
    """The one configuration."""

    list_display = ("__str__", "system_mode", "date_format", "currency")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Refuse: there is one from the start."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse."""
        return False

    def save_model(self, request: HttpRequest, _obj: Config, form: Any, _change: bool) -> None:
        """Change it as the API would."""
        acting_user: Any = request.user
        change_config(form.cleaned_data, acting_user=acting_user)
