"""Reading templates, recurring transactions and their due dates."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet

from apps.companies.models import Company
from apps.recurring.errors import UnknownSchedule, UnknownTemplate
from apps.recurring.models import Occurrence, OccurrenceStatus, Schedule, Template, TemplateLine


def templates_of(company: Company) -> QuerySet[Template]:
    """Return a company's templates with their lines, by name."""
    lines = TemplateLine.objects.select_related("account")
    rows = Template.objects.filter(company=company).select_related("user")
    return rows.prefetch_related(Prefetch("lines", queryset=lines))


def template_of(template_id: int, company: Company) -> Template:
    """Return one of them; UnknownTemplate."""
    found = templates_of(company).filter(pk=template_id).first()
    if found is None:
        raise UnknownTemplate
    return found


def schedules_of(company: Company) -> QuerySet[Schedule]:
    """Return a company's recurring transactions; each knows how many of its due dates `failed`."""
    failed = Count("occurrences", filter=Q(occurrences__status=OccurrenceStatus.FAILED))
    rows = Schedule.objects.filter(company=company).select_related("template", "user")
    return rows.annotate(failed=failed).order_by("schedule_id")


def schedule_of(schedule_id: int, company: Company) -> Schedule:
    """Return one of them; UnknownSchedule."""
    found = schedules_of(company).filter(pk=schedule_id).first()
    if found is None:
        raise UnknownSchedule
    return found


def occurrences_of(schedule: Schedule) -> QuerySet[Occurrence]:
    """Return its due dates that were seen to, newest first."""
    return Occurrence.objects.filter(schedule=schedule)
