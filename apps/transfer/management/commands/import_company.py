"""`manage.py import_company`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from apps.common.commands import command_errors
from apps.trans.models import Transaction
from apps.transfer.company.bringing import import_company


class Command(BaseCommand):
    """Brings a company from an archive of `export_company`, from any installation and engine."""

    help = "Imports a company from an archive: all of it, held against its own audit trail, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the archive and the name."""
        parser.add_argument("archive", type=Path)
        parser.add_argument("--name", help="what the company is called here (as in the archive by default)")
        parser.add_argument("--again", action="store_true", help="bring also books that are here already")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; CommandError when nothing was brought."""
        if self.stdout.isatty():
            self.stdout.write(_("Reading and checking %(file)s...") % {"file": options["archive"]})
        with command_errors():
            company = import_company(options["archive"], name=options["name"], again=options["again"])
        self.stdout.write(self.style.SUCCESS(
            _("Company %(number)d, %(company)s: %(count)d transactions, with their numbers and their trail.")
            % {"number": company.pk, "company": company, "count": Transaction.objects.filter(company=company).count()}
        ))
