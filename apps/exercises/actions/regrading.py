"""Grading again, and setting a grade by hand."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from apps.audit.actions import record
from apps.common.db import lock_row, unit_of_work
from apps.companies.models import Company
from apps.exercises import gradings
from apps.exercises.errors import OverrideTooHigh, UnknownSubmission
from apps.exercises.models import Exercise, Submission
from apps.exercises.queries import names_of
from apps.users.models import User
from ledger.grading import Card

BATCH = 50
SUBJECT = "submission"


def regrade_exercise(exercise: Exercise, *, all_again: bool = False) -> int:
    """Grade again what was graded by an earlier revision, or all; return how many.

    In small units of work, so that nobody waits long for a turn to write: one that is cut short is
    carried on by the next.
    """
    plan = names_of(exercise)
    rows = Submission.objects.filter(participation__assignment__exercise=exercise)
    rows = rows if all_again else rows.exclude(revision=exercise.revision)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        _regrade(keys[start : start + BATCH], exercise.pk, plan)
    return len(keys)


@unit_of_work
def _regrade(keys: list[int], exercise_id: int, plan: Mapping[str, Card]) -> None:
    exercise = lock_row(Exercise.objects.filter(pk=exercise_id)).get()
    for submission in lock_row(Submission.objects.filter(pk__in=keys).order_by("pk")):
        set_grade(submission, exercise, plan)
        submission.save(update_fields=["revision", "earned", "points", "grading", "graded_at", "override"])


def set_grade(submission: Submission, exercise: Exercise, plan: Mapping[str, Card]) -> None:
    """Grade a submission, without saving it."""
    found = gradings.grade_snapshot(submission.snapshot, exercise, plan)
    submission.earned, submission.points = found.earned, found.points
    submission.grading, submission.revision = gradings.write(found), exercise.revision
    submission.graded_at = timezone.now()
    if submission.override is not None:  # it may be worth less now
        submission.override = min(submission.override, found.points)


@unit_of_work
def regrade_submission(submission_id: int, *, acting_user: User, company: Company) -> Submission:
    """Grade one again; what was set by hand is withdrawn. UnknownSubmission."""
    submission = locked(submission_id, company)
    exercise = submission.participation.assignment.exercise
    before = submission.final
    set_grade(submission, exercise, names_of(exercise))
    submission.override, submission.override_reason = None, ""
    submission.overridden_by, submission.overridden_at = None, None
    submission.save()
    _tell("submission.regraded", submission, {"from": before, "to": submission.final}, acting_user=acting_user)
    return submission


@unit_of_work
def override_grade(
    submission_id: int, *, earned: int, reason: str, acting_user: User, company: Company
) -> Submission:
    """Set what a submission earns, in hundredths of points, and why; UnknownSubmission, OverrideTooHigh."""
    submission = locked(submission_id, company)
    if earned > submission.points:
        raise OverrideTooHigh(submission.points)
    before = submission.final
    submission.override, submission.override_reason = earned, reason
    submission.overridden_by, submission.overridden_at = acting_user, timezone.now()
    submission.save()
    detail = {"from": before, "to": earned, "reason": reason}
    _tell("submission.overridden", submission, detail, acting_user=acting_user)
    return submission


def locked(submission_id: int, company: Company) -> Submission:
    """Return the submission, locked until the unit ends, with its exercise; UnknownSubmission."""
    rows = Submission.objects.filter(pk=submission_id, participation__assignment__company=company)
    found = lock_row(rows).select_related("participation__student", "participation__assignment__exercise").first()
    if found is None:
        raise UnknownSubmission
    return found


def _tell(action: str, submission: Submission, detail: Mapping[str, object], *, acting_user: User) -> None:
    participation = submission.participation
    record(
        action, acting_user=acting_user, company_id=participation.assignment.company_id, subject=SUBJECT,
        subject_id=submission.pk, detail={**detail, "student": participation.student_id},
    )
