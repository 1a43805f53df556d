"""Which steps of which day are done."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StepState(models.TextChoices):
    """How far a step has come; `running` without a run at work was interrupted."""

    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class DailyStep(models.Model):
    """One step of one day: its last attempt."""

    day = models.DateField(_("day"))
    step = models.CharField(_("step"), max_length=40)
    state = models.CharField(_("state"), max_length=7, choices=StepState, default=StepState.RUNNING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    started_at = models.DateTimeField(_("started at"))
    seconds = models.FloatField(_("seconds"), default=0)
    detail = models.TextField(_("detail"), blank=True, default="")

    class Meta:
        db_table = "daily_steps"
        verbose_name = _("daily step")
        verbose_name_plural = _("daily steps")
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["day", "step"], name="daily_steps_unique"),
            models.CheckConstraint(condition=models.Q(state__in=StepState.values), name="daily_steps_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.step}: {self.state}"
