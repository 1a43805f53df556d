"""`manage.py export_company`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.common.commands import command_errors
from apps.companies.models import Company
from apps.transfer.exporting import FORMATS, export_company, file_name


class Command(BaseCommand):
    """Writes a company as an archive for another installation, or as text for beancount or hledger."""

    help = "Exports a company: everything as an archive, or its journal as text for beancount or hledger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the company, where to and how."""
        parser.add_argument("company", type=int, help="number of the company")
        parser.add_argument("--to", type=Path, help="a file (by default one of a fitting name in this folder)")
        parser.add_argument("--format", choices=sorted(FORMATS), default="archive")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; CommandError when it cannot be written."""
        with command_errors():
            company = Company.objects.filter(pk=options["company"]).first()
            if company is None:
                raise CommandError(_("There is no company %(number)d.") % {"number": options["company"]})
            path: Path = options["to"] or Path(file_name(company, options["format"]))
            try:
                export_company(company, options["format"], path)
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror}") from error
        self.stdout.write(self.style.SUCCESS(
            _("%(company)s is in %(path)s (%(megabytes).1f MB).")
            % {"company": company, "path": path, "megabytes": path.stat().st_size / 1e6}
        ))
