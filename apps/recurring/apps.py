"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecurringConfig(AppConfig):
    """The room `apps.recurring`."""

    name = "apps.recurring"
    label = "recurring"
    verbose_name = _("Recurring transactions")
