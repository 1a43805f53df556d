"""Posting from templates: by hand, and what is due."""

from __future__ import annotations

import datetime as dt
import itertools
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from apps.audit.actions import record
from apps.common.db import lock_row, unit_of_work
from apps.common.errors import AppError, Busy, Invalid
from apps.companies.models import Company
from apps.config.policy import Reach
from apps.recurring.errors import NotDue, PatternUnfit, UnknownSchedule
from apps.recurring.legends import written
from apps.recurring.models import MESSAGE_MAX, Occurrence, OccurrenceStatus, Schedule, Template
from apps.trans.actions import post_transaction
from apps.trans.errors import NotYours
from apps.trans.models import LEGEND_MAX, Transaction
from apps.users.models import User
from ledger.entries import Draft
from ledger.patterns import PatternFault, fill

logger = logging.getLogger(__name__)
# Of one schedule in one run: a start long ago is caught up in several.
CATCH_UP_MAX = 400


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a due date; `trans_id` where it was posted, `code` and `message` where it failed."""

    schedule_id: int
    name: str
    due_date: dt.date
    status: str
    trans_id: int | None = None
    code: str = ""
    message: str = ""


def draft_from(template: Template, day: dt.date, base: int | None, legend: str | None = None) -> Draft:
    """Return the template filled for a date; PatternUnfit where this base amount gives no transaction."""
    try:
        lines = fill([line.as_pattern() for line in template.lines.all()], base)
    except PatternFault as fault:
        raise PatternUnfit(fault) from fault
    text = written(template.legend if legend is None else legend, day)
    return Draft(day, text[:LEGEND_MAX], lines)


@unit_of_work
def post_from_template(
    template: Template, day: dt.date, base: int | None, legend: str | None = None, *, acting_user: User,
    company: Company,
) -> Transaction:
    """Record a transaction from a template; PatternUnfit, DraftInvalid, PeriodClosed."""
    return post_transaction(draft_from(template, day, base, legend), acting_user=acting_user, company=company)


def post_due(today: dt.date, *, company: Company | None = None) -> list[Outcome]:
    """Post what is due up to `today`, of one company or of all, and return what became of each due date.

    Each in a unit of work of its own, in the name of who set it up, once however often this is called:
    days that were missed are caught up, oldest first. What cannot be posted (a closed period, an
    inactive account) is kept with its reason and tried again each time. Safe to be cut short and to run
    twice at once.
    """
    failed = Occurrence.objects.filter(schedule=OuterRef("pk"), status=OccurrenceStatus.FAILED)
    schedules = Schedule.objects.filter(Q(next_date__lte=today) | Exists(failed), active=True)
    if company is not None:
        schedules = schedules.filter(company=company)
    outcomes: list[Outcome] = []
    for schedule in schedules.select_related("template", "company", "user").order_by("pk"):
        outcomes += _see_to(schedule, _owed(schedule, today))
    return outcomes


@unit_of_work
def skip(schedule_id: int, due_date: dt.date, *, acting_user: User, company: Company, reach: Reach) -> Occurrence:
    """Leave out the next due date, or one that failed; UnknownSchedule, NotYours, NotDue."""
    schedule = lock_row(Schedule.objects.filter(company=company, pk=schedule_id)).first()
    if schedule is None:
        raise UnknownSchedule
    if reach is not Reach.ANY and schedule.user_id != acting_user.pk:
        raise NotYours
    failed = schedule.occurrences.filter(due_date=due_date, status=OccurrenceStatus.FAILED)
    if due_date != schedule.next_date and not failed.exists():
        raise NotDue
    occurrence = _note(schedule, due_date, OccurrenceStatus.SKIPPED)
    record(
        "schedule.skipped", acting_user=acting_user, company_id=company.pk, subject="schedule", subject_id=schedule.pk,
        detail={"due_date": due_date},
    )
    return occurrence


def _owed(schedule: Schedule, today: dt.date) -> list[dt.date]:
    """Return the due dates that failed before, then those not seen to yet."""
    failed = schedule.occurrences.filter(status=OccurrenceStatus.FAILED, due_date__lte=today).order_by("due_date")
    owed = list(failed.values_list("due_date", flat=True)[:CATCH_UP_MAX])
    if schedule.next_date is not None and schedule.next_date <= today:
        due = itertools.takewhile(lambda day: day <= today, schedule.recurrence.due_from(schedule.next_date))
        owed += itertools.islice(due, CATCH_UP_MAX)
    return owed


def _see_to(schedule: Schedule, owed: Iterable[dt.date]) -> list[Outcome]:
    outcomes = []
    for day in owed:
        outcome = _post_or_note(schedule, day)
        if outcome is not None:
            outcomes.append(outcome)
    return outcomes


def _post_or_note(schedule: Schedule, day: dt.date) -> Outcome | None:
    """Post a due date, or keep why it cannot be; None where another run has seen to it."""
    try:
        trans_id = _post(schedule.pk, day)
    except Busy:
        raise  # says nothing of the due date: the run is to be repeated
    except AppError as error:
        message = _words(error)
        _note_failure(schedule.pk, day, error.code, message)
        logger.warning("recurring.failed", extra={"schedule_id": schedule.pk, "due": str(day), "code": error.code})
        return Outcome(
            schedule.pk, schedule.template.name, day, OccurrenceStatus.FAILED, code=error.code, message=message
        )
    if trans_id is None:
        return None
    return Outcome(schedule.pk, schedule.template.name, day, OccurrenceStatus.POSTED, trans_id)


@unit_of_work
def _post(schedule_id: int, day: dt.date) -> int | None:
    """Post a due date and note it, both or neither; None where it was seen to already."""
    schedule = _locked(schedule_id)
    done = schedule.occurrences.filter(due_date=day).exclude(status=OccurrenceStatus.FAILED)
    if not schedule.active or done.exists():
        return None
    transaction = post_transaction(
        draft_from(schedule.template, day, schedule.base), acting_user=schedule.user, company=schedule.company
    )
    _note(schedule, day, OccurrenceStatus.POSTED, transaction=transaction)
    return transaction.pk


@unit_of_work
def _note_failure(schedule_id: int, day: dt.date, code: str, message: str) -> None:
    schedule = _locked(schedule_id)
    if not schedule.occurrences.filter(due_date=day).exclude(status=OccurrenceStatus.FAILED).exists():
        _note(schedule, day, OccurrenceStatus.FAILED, code=code, message=message)


def _locked(schedule_id: int) -> Schedule:
    # Its row is the lock of its due dates: two runs see to each once. What it points at is read after it: in one
    # query, PostgreSQL would bring it as it was before the wait.
    return lock_row(Schedule.objects.filter(pk=schedule_id)).get()


def _note(
    schedule: Schedule, day: dt.date, status: OccurrenceStatus, *, transaction: Transaction | None = None,
    code: str = "", message: str = "",
) -> Occurrence:
    """Keep what became of a due date, and move the schedule on past it."""
    occurrence, made = Occurrence.objects.get_or_create(schedule=schedule, due_date=day, defaults={"status": status})
    occurrence.status, occurrence.transaction = status, transaction
    occurrence.code, occurrence.message = code, message[:MESSAGE_MAX]
    occurrence.attempts += 0 if made else 1
    occurrence.save()
    if schedule.next_date is not None and day >= schedule.next_date:
        schedule.next_date = schedule.recurrence.next_after(day)
        schedule.save(update_fields=["next_date"])
    return occurrence


def _words(error: AppError) -> str:
    """Return an error in one sentence, also one that speaks of fields."""
    return " ".join(_texts(error.fields)) if isinstance(error, Invalid) else str(error.message)


def _texts(found: object) -> list[str]:
    """Return the messages of nested fields, in order, each once."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        return list(dict.fromkeys(text for inner in found for text in _texts(inner)))
    return [str(found)]
