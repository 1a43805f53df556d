"""Keeping the record of the day's steps."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils import timezone

from apps.common.db import unit_of_work
from apps.daily.models import DailyStep, StepState
from services.daily import Outcome, Report

KEPT = dt.timedelta(days=400)


class StepRecord:
    """The runner's record in the database."""

    def done(self, day: dt.date, step: str) -> str | None:
        """Return the detail of a step that is done on the day, else None."""
        rows = DailyStep.objects.filter(day=day, step=step, state=StepState.DONE)
        return rows.values_list("detail", flat=True).first()

    @unit_of_work
    def begin(self, day: dt.date, step: str) -> None:
        """Remember that the step begins."""
        started = {"state": StepState.RUNNING, "started_at": timezone.now(), "seconds": 0, "detail": ""}
        row, _made = DailyStep.objects.update_or_create(day=day, step=step, defaults=started)
        DailyStep.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)

    @unit_of_work
    def end(self, day: dt.date, report: Report) -> None:
        """Remember what became of the step."""
        state = StepState.DONE if report.outcome is Outcome.DONE else StepState.FAILED
        DailyStep.objects.filter(day=day, step=report.step).update(
            state=state, seconds=report.seconds, detail=report.detail
        )


@unit_of_work
def forget_old_days(today: dt.date) -> int:
    """Delete the record of days long past; return how many steps that was."""
    return DailyStep.objects.filter(day__lt=today - KEPT).delete()[0]
