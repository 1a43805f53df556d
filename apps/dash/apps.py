"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    """The room `apps.dash`."""

    name = "apps.dash"
    label = "dash"
    verbose_name = _("Dashboard")
