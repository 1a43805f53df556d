"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransferConfig(AppConfig):
    """The room `apps.transfer`."""

    name = "apps.transfer"
    label = "transfer"
    verbose_name = _("Import and export of companies")
