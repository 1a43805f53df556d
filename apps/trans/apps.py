"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransactionsConfig(AppConfig):
    """The room `apps.trans`."""

    name = "apps.trans"
    label = "trans"
    verbose_name = _("Transactions")
