"""`manage.py init_exercises`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from apps.common.commands import command_errors
from apps.companies.models import Company
from apps.companies.queries import company_of, default_company
from apps.exercises.actions import load_starting_exercises


class Command(BaseCommand):
    """Load the starting set of exercises; run again, it adds only what is missing."""

    help = "Loads a dozen exercises of double entry into a company. Run again, it adds only those that are missing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare where to load them."""
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--company", type=int, help="number of the company; the default one otherwise")
        where.add_argument("--demo", action="store_true", help="the demo's company, and give some to its groups")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; CommandError, with nothing changed, when they cannot be loaded."""
        with command_errors():
            company = self._company(options)
            if company is None:
                self.stdout.write(_("There is no demo here: no exercises were loaded."))
                return
            loaded = load_starting_exercises(company=company)
            self.stdout.write(_("%(loaded)d exercises loaded into %(company)s.") % {
                "loaded": loaded, "company": company.name,
            })

    def _company(self, options: dict[str, Any]) -> Company | None:
        if options["demo"]:
            return Company.objects.filter(is_demo=True).first()
        return default_company() if options["company"] is None else company_of(options["company"])
