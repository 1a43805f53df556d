"""Application configuration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def ensure_default_company(**_kwargs: Any) -> None:
    """Receiver of post_migrate: a caller who never heard of companies finds one ledger."""
    from apps.companies.queries import default_company  # models load after the apps

    default_company()


class CompaniesConfig(AppConfig):
    """The room `apps.companies`."""

    name = "apps.companies"
    label = "companies"
    verbose_name = _("Companies")

    def ready(self) -> None:
        """Connect to migrate."""
        post_migrate.connect(ensure_default_company, sender=self, dispatch_uid="companies.default")
