"""What a company starts with, and what goes with it.

The rooms that give it stand above this one, so settings name their functions.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.audit.actions import Actor
from apps.companies.models import Company, Period

MONTHS = range(1, 13)


def furnish(companies: Sequence[Company], *, template: Company | None = None, acting_user: Actor | None) -> None:
    """Give new companies their chart (the template's, where it has one) and open periods."""
    year = timezone.localdate().year
    Period.objects.bulk_create(
        Period(company=company, year=year, month=month) for company in companies for month in (None, *MONTHS)
    )
    for company in companies:
        forked = template is not None and _run(
            settings.COMPANY_FORKING_STEPS, template, company, acting_user=acting_user
        )
        if not forked:
            _run(settings.COMPANY_OPENING_STEPS, company, acting_user=acting_user)


def unfurnish(company: Company, *, acting_user: Actor | None) -> None:
    """Take back what the company was given; the rooms' own Conflicts where it has been used."""
    _run(settings.COMPANY_REMOVAL_STEPS, company, acting_user=acting_user)
    company.periods.all().delete()


def _run(steps: Sequence[str], *companies: Company, acting_user: Actor | None) -> int:
    """Call the steps in order; return how many rows they gave."""
    return sum(import_string(path)(*companies, acting_user=acting_user) for path in steps)
