"""Writing when templates recur."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypedDict

from django.utils.translation import gettext as _

from apps.audit.actions import record
from apps.common.db import lock_row, unit_of_work
from apps.common.errors import Invalid
from apps.companies.models import Company
from apps.config.policy import Reach
from apps.recurring.actions.posting import draft_from
from apps.recurring.errors import SchedulePosted, UnknownSchedule
from apps.recurring.models import OccurrenceStatus, Schedule, Template
from apps.trans.errors import NotYours
from apps.users.models import User

SUBJECT = "schedule"


class ScheduleData(TypedDict, total=False):
    """What can be written of a recurring transaction."""

    frequency: str
    every: int
    day: int
    start: dt.date
    end: dt.date | None
    base: int | None
    active: bool


@unit_of_work
def open_schedule(template: Template, data: ScheduleData, *, acting_user: User, company: Company) -> Schedule:
    """Let a template recur, in the name of who says so; PatternUnfit where it cannot be filled."""
    schedule = Schedule(company=company, template=template, user=acting_user, **data)
    schedule.next_date = next(schedule.recurrence.due_from(schedule.start), None)
    _check(schedule)
    schedule.save()
    _tell("schedule.opened", schedule, acting_user=acting_user)
    return schedule


@unit_of_work
def change_schedule(
    schedule_id: int, data: ScheduleData, *, acting_user: User, company: Company, reach: Reach
) -> Schedule:
    """Change a recurring transaction: due dates that were seen to stay, the next one is reckoned after them.

    Raises UnknownSchedule, NotYours, PatternUnfit.
    """
    schedule = _locked(schedule_id, acting_user, company, reach)
    for name, value in data.items():
        setattr(schedule, name, value)
    last = schedule.occurrences.order_by("-due_date").values_list("due_date", flat=True).first()
    recurrence = schedule.recurrence
    schedule.next_date = recurrence.next_after(last) if last else next(recurrence.due_from(schedule.start), None)
    _check(schedule)
    schedule.save()
    _tell("schedule.changed", schedule, acting_user=acting_user)
    return schedule


@unit_of_work
def remove_schedule(schedule_id: int, *, acting_user: User, company: Company, reach: Reach) -> None:
    """Delete a recurring transaction that has posted nothing; UnknownSchedule, NotYours, SchedulePosted."""
    schedule = _locked(schedule_id, acting_user, company, reach)
    if schedule.occurrences.filter(status=OccurrenceStatus.POSTED).exists():
        raise SchedulePosted
    _tell("schedule.removed", schedule, acting_user=acting_user)
    schedule.delete()


def _check(schedule: Schedule) -> None:
    """Fill the template once, so that what cannot be posted is refused while somebody looks."""
    if schedule.end is not None and schedule.end < schedule.start:
        raise Invalid({"end": [_("The last date comes before the first.")]})
    if schedule.next_date is not None:
        draft_from(schedule.template, schedule.next_date, schedule.base)


def _locked(schedule_id: int, acting_user: User, company: Company, reach: Reach) -> Schedule:
    schedule = lock_row(Schedule.objects.filter(company=company, pk=schedule_id)).first()
    if schedule is None:
        raise UnknownSchedule
    if reach is not Reach.ANY and schedule.user_id != acting_user.pk:
        raise NotYours
    return schedule


def _tell(action: str, schedule: Schedule, *, acting_user: User) -> None:
    detail: dict[str, Any] = {
        "template": schedule.template_id, "frequency": schedule.frequency, "every": schedule.every,
        "next_date": schedule.next_date, "active": schedule.active,
    }
    record(
        action, acting_user=acting_user, company_id=schedule.company_id, subject=SUBJECT, subject_id=schedule.pk,
        detail=detail,
    )
