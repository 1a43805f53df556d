"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate


class CommonConfig(AppConfig):
    """Installs the guards after migrations and checks that they stand."""

    name = "apps.common"
    label = "common"

    def ready(self) -> None:
        """Connect to migrate and register the system check."""
        from apps.common.checks import check_guards
        from apps.common.guards import install_after_migrate, uninstall_before_migrate

        # Of no sender: Django sends it for applications with models, which this one has not.
        pre_migrate.connect(uninstall_before_migrate, dispatch_uid="guards.uninstall")
        post_migrate.connect(install_after_migrate, dispatch_uid="guards.install")
        checks.register(checks.Tags.database)(check_guards)
