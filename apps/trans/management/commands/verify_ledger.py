"""`manage.py verify_ledger`."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.common.commands import command_errors
from apps.companies.models import Company
from apps.trans.verification import Finding, verify_ledger


class Command(BaseCommand):
    """Recompute the books; exits with 1 when anything is not as it must be."""

    help = "Recomputes balances, months, tallies, numbering, reversals and the audit trail, and names each fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the company and the form of the report."""
        parser.add_argument("--company", type=int, help="number of one company (all by default)")
        parser.add_argument("--json", action="store_true", help="report as JSON, for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; exits with 1 on faults, CommandError for a company that is not there."""
        started = time.monotonic()
        with command_errors():
            findings = verify_ledger(_company(options["company"]))
        if options["json"]:
            report = {"ok": not findings, "findings": [asdict(found) | {"text": str(found)} for found in findings]}
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self._tell(findings, time.monotonic() - started)
        if findings:
            sys.exit(1)

    def _tell(self, findings: list[Finding], elapsed_s: float) -> None:
        for finding in findings:
            company = "" if finding.company_id is None else f" [{_('company')} {finding.company_id}]"
            self.stdout.write(self.style.ERROR(f"{finding.code}{company}: {finding}"))
        if findings:
            self.stdout.write(self.style.ERROR(_("Faults in the books: %(count)d.") % {"count": len(findings)}))
        else:
            text = _("The books are right (verified in %(seconds).1f s).") % {"seconds": elapsed_s}
            self.stdout.write(self.style.SUCCESS(text))


def _company(number: int | None) -> Company | None:
    if number is None:
        return None
    company = Company.objects.filter(pk=number).first()
    if company is None:
        raise CommandError(_("There is no company %(number)d.") % {"number": number})
    return company
