"""Application configuration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def ensure_config(**_kwargs: Any) -> None:
    """Receiver of post_migrate: the one row exists from the start."""
    from apps.config.queries import current_config  # models load after the apps

    current_config()


class SystemConfig(AppConfig):
    """The room `apps.config`."""

    name = "apps.config"
    label = "config"
    verbose_name = _("Configuration")

    def ready(self) -> None:
        """Connect to migrate."""
        post_migrate.connect(ensure_config, sender=self, dispatch_uid="config.row")
