"""`manage.py init_plan_cuentas`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from apps.accounts.actions import load_default_chart, replace_chart
from apps.accounts.queries import chart_counts
from apps.common.commands import command_errors
from apps.companies.queries import company_of, default_company


class Command(BaseCommand):
    """Give a company the default chart; run again, it adds only what is missing."""

    help = "Loads the default chart of accounts: adds what is missing and leaves what is there as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--clear", action="store_true",
            help="delete the company's chart first; where an account is in use, refuse and change nothing",
        )
        parser.add_argument("--company", type=int, metavar="ID", help="number of the company (the default one)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; CommandError when the chart cannot be loaded."""
        with command_errors():
            self._load(options["company"], clear=options["clear"])

    def _load(self, company_id: int | None, *, clear: bool) -> None:
        company = default_company() if company_id is None else company_of(company_id)
        if self.stdout.isatty():
            self.stdout.write(_("Loading the chart of accounts of %(company)s...") % {"company": company})
        if clear:
            deleted, added = replace_chart(company, acting_user=None)
        else:
            deleted, added = 0, load_default_chart(company, acting_user=None)
        headings, accounts = chart_counts(company)
        figures = {"deleted": deleted, "added": added, "accounts": accounts, "headings": headings}
        self.stdout.write(self.style.SUCCESS(
            _("Deleted: %(deleted)d. Added: %(added)d. The chart has %(accounts)d accounts and %(headings)d headings.")
            % figures
        ))
