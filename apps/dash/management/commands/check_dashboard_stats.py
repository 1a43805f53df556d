"""`manage.py check_dashboard_stats`."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.common.commands import command_errors
from apps.common.db import snapshot
from apps.companies.models import Company
from apps.dash import wire
from apps.dash.queries import statistics
from apps.dash.recount import Difference, differences


class Command(BaseCommand):
    """Print the dashboard's figures and check them against the rows, of all companies and of each."""

    help = (
        "Prints the dashboard's figures of all companies together and counts them again from the rows, company by"
        " company. Exits with 1 where they differ."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; CommandError when a figure differs."""
        today = timezone.localdate()
        with command_errors(), snapshot():
            shown = wire.write(statistics(None, today=today))
            self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))
            companies: list[Company | None] = [None, *Company.objects.order_by("pk")]
            wrong = [self._check(company, differences(company, today=today)) for company in companies]
        if any(wrong):
            raise CommandError(_("%(count)d figures differ from the rows.") % {"count": sum(wrong)})
        self.stdout.write(self.style.SUCCESS(
            _("All figures equal the rows, of %(count)d companies and together.") % {"count": len(companies) - 1}
        ))

    def _check(self, company: Company | None, found: list[Difference]) -> int:
        name = company.name if company else _("all companies")
        for difference in found:
            self.stderr.write(
                _("%(company)s, %(figure)s: the dashboard shows %(shown)s, the rows say %(counted)s")
                % {"company": name, "figure": difference.figure, "shown": difference.shown,
                   "counted": difference.counted}
            )
        return len(found)
