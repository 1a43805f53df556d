"""`manage.py import_entries`."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.common.commands import command_errors
from apps.companies.queries import company_of, default_company
from apps.config.roles import Role
from apps.trans.imports.actions import import_journal, rehearse_import
from apps.trans.imports.cells import COMMAND
from apps.trans.imports.openings import Opening
from apps.trans.imports.reports import ReportWire
from apps.users.models import User, UserStatus
from ledger.money import pesos

SHOWN_MAX = 50


class Command(BaseCommand):
    """Record the transactions of a file, all or none; fails, and records none, where a row has an error."""

    help = "Imports a journal from CSV or XLSX with the heads asiento, fecha, leyenda, cuenta, debe, haber."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take the file and how to import it."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--company", type=int, metavar="ID", help="number of the company (that of the user)")
        parser.add_argument("--user", metavar="EMAIL", help="who records it (the first active user of rol 0)")
        parser.add_argument("--dry-run", action="store_true", help="only report what would be done")
        parser.add_argument("--opening", type=_day, metavar="YYYY-MM-DD",
                            help="the file is one of balances (cuenta, saldo): one transaction of this day")
        parser.add_argument("--legend", help="of the transaction of --opening")
        parser.add_argument("--counterpart", default="", metavar="CODE",
                            help="the account that takes what is missing of --opening")
        parser.add_argument("--again", action="store_true", help="record also a journal that was imported before")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; CommandError when nothing can be recorded."""
        with command_errors():
            report = self._report(options)
        self._tell(report)
        if not report["valid"]:
            raise CommandError(_("Nothing was recorded: mend the file and repeat."))

    def _report(self, options: dict[str, Any]) -> ReportWire:
        user = _user(options["user"])
        company = company_of(options["company"]) if options["company"] else user.company or default_company()
        name, data = options["file"].name, _read(options["file"])
        if self.stdout.isatty():
            self.stdout.write(_("Importing %(file)s into %(company)s...") % {"file": name, "company": company})
        how: dict[str, Any] = {
            "company": company, "again": options["again"], "opening": _opening(options), "bounds": COMMAND,
        }
        return rehearse_import(name, data, **how) if options["dry_run"] else import_journal(
            name, data, acting_user=user, **how
        )

    def _tell(self, report: ReportWire) -> None:
        lines = [error["message"] for error in report["errors"]]
        for row in report["rows"]:
            place = _("Row %(row)d") % {"row": row["row"]}
            lines += [f"{place}, {error['column']}: {error['message']}" for error in row["errors"]]
        for line in lines[:SHOWN_MAX]:
            self.stdout.write(self.style.ERROR(line))
        if len(lines) > SHOWN_MAX:
            self.stdout.write(_("... and %(count)d more.") % {"count": len(lines) - SHOWN_MAX})
        figures = {
            "transactions": report["transactions"], "total": pesos(report["total"]), "created": report["created"],
            "rows": sum(report["counts"].values()),
        }
        self.stdout.write(
            _("Rows: %(rows)d. Transactions: %(transactions)d, for $ %(total)s. Recorded: %(created)d.") % figures
        )


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _opening(options: dict[str, Any]) -> Opening | None:
    if options["opening"] is None:
        return None
    return Opening(options["opening"], options["legend"] or _("Opening balances"), options["counterpart"])


def _user(email: str | None) -> User:
    active = User.objects.filter(status=UserStatus.ACTIVE)
    wanted = Q(is_superuser=True) | Q(rol=Role.ADMIN) if email is None else Q(email__iexact=email.strip())
    user = active.filter(wanted).select_related("company").order_by("pk").first()
    if user is None:
        raise CommandError(_("There is no such active user: name one with --user."))
    return user


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as handle:
            return handle.read(COMMAND.bytes + 1)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
