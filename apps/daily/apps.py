"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DailyConfig(AppConfig):
    """The room `apps.daily`."""

    name = "apps.daily"
    label = "daily"
    verbose_name = _("Daily tasks")
