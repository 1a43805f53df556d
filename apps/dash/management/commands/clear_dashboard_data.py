"""`manage.py clear_dashboard_data`, and under its documented spelling `clear_dahsboard_data`."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.common.commands import command_errors
from apps.dash.actions import clear_demo
from apps.dash.queries import demo_company


class Command(BaseCommand):
    """Remove the demo: its company, books and people, nothing else."""

    help = "Removes the demo: its company, books and people, nothing else. Asks first, or takes --confirm."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare `--confirm`."""
        parser.add_argument("--confirm", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; CommandError, with nothing changed, when it is not confirmed or cannot be done."""
        with command_errors():
            if demo_company() is None:
                self.stdout.write(_("There is no demo here."))
                return
            if not options["confirm"] and not _agreed():
                raise CommandError(_("Nothing was removed. To remove the demo without a question: --confirm"))
            erased = clear_demo()
        self.stdout.write(self.style.SUCCESS(
            _("The demo was removed, with %(transactions)d transactions.") % {"transactions": erased}
        ))


def _agreed() -> bool:
    """Ask at a terminal; elsewhere nobody can answer."""
    if not sys.stdin.isatty():
        return False
    answer = input(_("Remove the demo's company, books and people? [y/N] "))
    return answer.strip().lower() in {"y", "yes", "s", "si", "sí"}
