"""Exercises, to whom they are given, and what is handed in.

Points and what is earned of them are hundredths: 850 of 1000 is 8,50 of 10.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.companies.models import Company
from ledger.grading import TOLERANCE_MAX

TITLE_MAX = 200
STATEMENT_MAX = 20_000
REASON_MAX = 500
TRIES_MAX = 100


class Exercise(models.Model):
    """What is asked, and the solutions that are right (`solutions.py` reads and writes them).

    `plan` is the company whose chart the solutions speak of; null is the default company. `revision`
    grows with each change by which a grade may change.
    """

    exercise_id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="exercises")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )
    title = models.CharField(_("title"), max_length=TITLE_MAX)
    statement = models.TextField(_("statement"), help_text=_("Markdown"))
    plan = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("plan")
    )
    solutions = models.JSONField(_("solutions"))
    tolerance = models.BigIntegerField(_("tolerance"), default=0)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    starting_key = models.CharField(max_length=40, blank=True, default="", editable=False)
    search_text = models.CharField(max_length=300, editable=False, default="")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        db_table = "exercises"
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        ordering = ["-created_at", "-exercise_id"]
        indexes = [models.Index(fields=["company", "-created_at"], name="exercises_of_company")]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "starting_key"], condition=~Q(starting_key=""), name="exercises_unique_starting"
            ),
            models.CheckConstraint(
                condition=Q(tolerance__gte=0, tolerance__lte=TOLERANCE_MAX), name="exercises_tolerance_bounded"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class FeedbackTime(models.TextChoices):
    """When students see their grades."""

    AT_ONCE = "at_once", _("At once")
    AT_CLOSE = "at_close", _("When the assignment closes")
    WHEN_PUBLISHED = "when_published", _("When the teacher publishes")


class FeedbackDetail(models.TextChoices):
    """How much students are told: brief names the error, full says what was expected too."""

    BRIEF = "brief", _("Names the errors")
    FULL = "full", _("Names the errors and what was expected")


class Assignment(models.Model):
    """An exercise given to students, from a moment to another (null: without end)."""

    assignment_id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="assignments")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="assignments")
    group = models.CharField(_("group"), max_length=60, blank=True, default="")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("given by")
    )
    opens_at = models.DateTimeField(_("opens at"), default=timezone.now)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    tries_max = models.PositiveSmallIntegerField(_("tries"), default=3)
    feedback = models.CharField(_("feedback"), max_length=14, choices=FeedbackTime, default=FeedbackTime.AT_ONCE)
    detail = models.CharField(_("detail"), max_length=5, choices=FeedbackDetail, default=FeedbackDetail.FULL)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        db_table = "assignments"
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["-opens_at", "-assignment_id"]
        indexes = [models.Index(fields=["company", "-opens_at"], name="assignments_of_company")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")), name="assignments_close_later"
            ),
            models.CheckConstraint(condition=Q(tries_max__range=(1, TRIES_MAX)), name="assignments_tries_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.exercise.title} {self.group}".strip()

    @property
    def is_over(self) -> bool:
        """Whether nothing more is taken in."""
        return self.closes_at is not None and self.closes_at <= timezone.now()

    @property
    def shows_grades(self) -> bool:
        """Whether students see their grades now."""
        if self.published_at is not None or self.feedback == FeedbackTime.AT_ONCE:
            return True
        return self.feedback == FeedbackTime.AT_CLOSE and self.is_over


class Participation(models.Model):
    """A student's part in an assignment.

    `practice` is the company in which they solve it, once begun, `home` the one from which they came.
    """

    participation_id = models.BigAutoField(primary_key=True)
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="participations")
    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="participations")
    practice = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    home = models.ForeignKey(Company, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(_("started at"), null=True)

    class Meta:
        db_table = "participations"
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["participation_id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "student"], name="participations_once"),
            models.CheckConstraint(
                condition=Q(practice__isnull=True, started_at__isnull=True)
                | Q(practice__isnull=False, started_at__isnull=False),
                name="participations_started_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.student_id}"


class Submission(models.Model):
    """A try: the transactions as they were handed in, and their grade.

    `snapshot` and `grading` are read and written by `snapshots.py` and `gradings.py`; `revision` is
    the exercise's by which it was graded. `override` stands before what was `earned`.
    """

    submission_id = models.BigAutoField(primary_key=True)
    # A mark is not lost with the account of who earned it: such a user is deactivated, not deleted.
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="submissions")
    try_number = models.PositiveSmallIntegerField(_("try"))
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    handed_in_at = models.DateTimeField(_("handed in at"), auto_now_add=True)
    revision = models.PositiveIntegerField()
    earned = models.PositiveIntegerField(_("earned"))
    points = models.PositiveIntegerField(_("points"))
    grading = models.JSONField()
    graded_at = models.DateTimeField(_("graded at"), default=timezone.now)
    override = models.PositiveIntegerField(_("set by hand"), null=True, blank=True)
    override_reason = models.CharField(_("reason"), max_length=REASON_MAX, blank=True, default="")
    overridden_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    overridden_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "submissions"
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-handed_in_at", "-submission_id"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "try_number"], name="submissions_unique_try"),
            models.CheckConstraint(
                condition=Q(earned__lte=F("points"), points__gt=0), name="submissions_within_points"
            ),
            models.CheckConstraint(
                condition=Q(override__isnull=True) | Q(override__lte=F("points")), name="submissions_override_bounded"
            ),
            models.CheckConstraint(
                condition=Q(override__isnull=True) | ~Q(override_reason=""), name="submissions_override_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation_id}/{self.try_number}"

    @property
    def final(self) -> int:
        """What counts, in hundredths of points."""
        return self.earned if self.override is None else self.override
