"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ConsultorConfig(AppConfig):
    """The room `apps.consultor`."""

    name = "apps.consultor"
    label = "consultor"
    verbose_name = _("Questions to the books")

    def ready(self) -> None:
        """Keep the views that questions are answered from, and check who may read them."""
        from apps.consultor.checks import check_reading_role
        from apps.consultor.confinement import install_after_migrate, remove_before_migrate

        pre_migrate.connect(remove_before_migrate, sender=self, dispatch_uid="consultor.remove")
        post_migrate.connect(install_after_migrate, sender=self, dispatch_uid="consultor.install")
        checks.register(checks.Tags.database)(check_reading_role)
