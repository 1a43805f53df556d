"""What other rooms call when what ours stands on goes."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.audit.actions import Actor
from apps.companies.models import Company
from apps.recurring.models import Occurrence, Schedule, Template
from apps.trans.models import Transaction


def forget_transactions(rows: QuerySet[Transaction]) -> None:
    """Let due dates go of transactions that are about to be deleted; they stay seen to."""
    Occurrence.objects.filter(transaction__in=rows).update(transaction=None)


def clear_templates(company: Company, *, acting_user: Actor | None) -> int:  # noqa: ARG001 - a removal step's signature
    """Delete a company's templates, and what recurs by them, before the company is."""
    schedules = Schedule.objects.filter(company=company).delete()[0]
    return schedules + Template.objects.filter(company=company).delete()[0]
