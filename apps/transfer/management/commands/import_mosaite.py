"""`manage.py import_mosaite`."""

from __future__ import annotations

import hashlib
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.common.commands import command_errors
from apps.companies.models import Company
from apps.companies.queries import default_company
from apps.transfer.first.bringing import bring, rehearse
from apps.transfer.first.planning import Plan
from apps.transfer.first.report import ReportWire, TableCounts, wire
from apps.transfer.first.source import NotTheFirst, OldBooks, read
from ledger.money import pesos

SHOWN_MAX = 20
NAME_MAX = 120
_TABLES = ("users", "accounts", "transactions", "transaction_entries", "chat_queries")


class Command(BaseCommand):
    """Brings the first Mosaite's users, accounts, transactions and chat history into a company."""

    help = "Imports the SQLite file of the first Mosaite; what cannot stand is set aside, whole, in a report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, where to, and how."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", metavar="NAME", help="a company here, or a new one (the default company)")
        parser.add_argument("--source", default="", help="a name for the file, where a company takes in several")
        parser.add_argument("--dry-run", action="store_true", help="only report what would be done")
        parser.add_argument("--report", type=Path, help="where the report goes (beside the file by default)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; CommandError where nothing could be brought."""
        path: Path = options["file"]
        with command_errors():
            company, name = _company(options["company"])
        target: Path = options["report"] or path.with_name(f"{path.name}.report.json")
        try:
            books, digest = read(path), _digest(path)
            target.touch()  # before anything is written: what is set aside must have a place
        except NotTheFirst as error:
            raise CommandError(_("%(file)s is no database of the first Mosaite: %(why)s.")
                               % {"file": path, "why": error}) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        with command_errors():
            if options["dry_run"]:
                plan = rehearse(books, company=company, source=options["source"])
            else:
                brought = bring(books, company=company, name=name, source=options["source"], digest=digest)
                plan, name = brought.plan, brought.company.name
        report = _report(plan, books, file=path.name, sha256=digest, company=name, dry_run=options["dry_run"])
        target.write_text(json.dumps(report, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
        self._tell(report, target)

    def _tell(self, report: ReportWire, target: Path) -> None:
        for table, counts in report["counts"].items():
            text = _("found %(found)d, brought %(brought)d, already here %(already)d, set aside %(set_aside)d")
            self.stdout.write(f"{table:20} {text % counts}")
        self.stdout.write(_("Brought: $ %(total)s on each side.") % {"total": pesos(report["total_brought"])})
        aside = report["set_aside"]
        for finding in aside[:SHOWN_MAX]:
            self.stdout.write(self.style.WARNING(f"{finding['table']} {finding['key']}: {finding['text']}"))
        if len(aside) > SHOWN_MAX:
            self.stdout.write(_("... and %(count)d more.") % {"count": len(aside) - SHOWN_MAX})
        if report["dry_run"]:
            self.stdout.write(_("This was a rehearsal: nothing was brought."))
        self.stdout.write(self.style.SUCCESS(
            _("Company %(company)s. Set aside: %(aside)d. All of it, and %(notes)d notes: %(report)s")
            % {"company": report["company"], "aside": len(aside), "notes": len(report["notes"]), "report": target}
        ))


def _company(named: str | None) -> tuple[Company | None, str]:
    """Return the company, or None and the name of the new one."""
    if named is None:
        company = default_company()
        return company, company.name
    found = list(Company.objects.filter(name=named)[:2])
    if len(found) > 1:
        raise CommandError(_("Several companies are called “%(name)s”: rename all but one.") % {"name": named})
    if not named.strip() or len(named) > NAME_MAX:
        raise CommandError(_("A company's name has 1 to 120 characters."))
    return (found[0], named) if found else (None, named)


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _report(plan: Plan, books: OldBooks, *, file: str, sha256: str, company: str, dry_run: bool) -> ReportWire:
    brought = {
        "users": len(plan.people.new), "accounts": len(plan.chart.new), "transactions": len(plan.journal.new),
        "transaction_entries": plan.journal.lines, "chat_queries": len(plan.questions),
    }
    findings = plan.findings
    told = [(finding.row is not None, wire(finding)) for finding in findings.found]
    return {
        "file": file, "sha256": sha256, "company": company, "dry_run": dry_run,
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "counts": {
            table: _counts(len(books[table]), brought[table], findings.count_aside(table)) for table in _TABLES
        },
        "total_brought": plan.journal.total,
        "set_aside": [found for aside, found in told if aside],
        "notes": [found for aside, found in told if not aside],
    }


def _counts(found: int, brought: int, aside: int) -> TableCounts:
    return {"found": found, "brought": brought, "already": found - brought - aside, "set_aside": aside}
