"""`manage.py init_config`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from apps.common.commands import command_errors
from apps.config.models import Config
from apps.config.queries import current_config


class Command(BaseCommand):
    """Make sure that the configuration exists, and show it; run again, it changes nothing."""

    help = "Creates the system's configuration where it is missing and shows it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; CommandError when the database is not ready."""
        with command_errors():
            config = current_config()
        self.stdout.write(self.style.SUCCESS(_described(config)))


def _described(config: Config) -> str:
    mode = _("business mode") if config.system_mode else _("educational mode")
    figures = {"mode": mode, "dates": config.date_format, "currency": config.currency}
    return _("Configuration: %(mode)s, dates %(dates)s, currency %(currency)s.") % figures
