"""`manage.py daily`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.common.commands import command_errors
from apps.daily import steps
from apps.daily.actions import StepRecord
from apps.daily.turn import turn
from services.daily import Outcome, Report, run


class Command(BaseCommand):
    """Runs what is due today and not done yet; fails where a step fails, after all of them ran."""

    help = "Does what should be done every day, once a day however often it is called: for cron or a timer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which steps to run and the form of the report."""
        names = [name for name, _act in steps.STEPS]
        parser.add_argument("--only", action="append", choices=names, help="run this step alone (may be repeated)")
        parser.add_argument("--again", action="store_true", help="run also what is done already")
        parser.add_argument("--json", action="store_true", help="report as JSON lines, for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; CommandError where a step fails."""
        self._as_json = options["json"]
        with command_errors(), turn() as ours:
            if not ours:
                self.stdout.write(_("Another process is doing today's tasks: nothing to do here."))
                return
            only = set(options["only"]) if options["only"] else None
            reports = run(steps.steps(only), StepRecord(), day=steps.today(), again=options["again"], tell=self._tell)
        failed = [report.step for report in reports if report.outcome is Outcome.FAILED]
        if failed:
            raise CommandError(_("Failed: %(steps)s.") % {"steps": ", ".join(failed)})

    def _tell(self, report: Report) -> None:
        if self._as_json:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
            return
        style = self.style.ERROR if report.outcome is Outcome.FAILED else str
        words = {
            Outcome.DONE: _("done"), Outcome.FAILED: _("FAILED"), Outcome.BEFORE: _("done before"),
        }
        line = f"{report.step:12} {words[report.outcome]:12} {report.seconds:8.2f} s  {report.detail}"
        self.stdout.write(style(line))
