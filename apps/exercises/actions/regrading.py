"""Grading again, and setting a grade by hand.

To grade may take a second: it is done before the writers' turn is taken, from what does not change
(the snapshot) and a revision of the exercise that is looked at again when the grade is written.
"""

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
from ledger.grading import Grade

BATCH = 50
SUBJECT = "submission"


def regrade_exercise(exercise: Exercise, *, all_again: bool = False) -> int:
    """Grade again what was graded by an earlier revision, or all; return how many.

    Batch by batch: one that is cut short, or overtaken by another change, is carried on by the next.
    """
    plan = names_of(exercise)
    rows = Submission.objects.filter(participation__assignment__exercise=exercise)
    rows = rows if all_again else rows.exclude(revision=exercise.revision)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = Submission.objects.filter(pk__in=keys[start : start + BATCH])
        snapshots = dict(batch.values_list("pk", "snapshot"))
        grades = {pk: gradings.grade_snapshot(snapshot, exercise, plan) for pk, snapshot in snapshots.items()}
        _write_grades(grades, exercise)
    return len(keys)


@unit_of_work
def _write_grades(grades: Mapping[int, Grade], exercise: Exercise) -> None:
    """Write grades, unless the exercise has changed since they were found: who changed it grades anew."""
    if lock_row(Exercise.objects.filter(pk=exercise.pk, revision=exercise.revision)).first() is None:
        return
    for submission in lock_row(Submission.objects.filter(pk__in=grades).order_by("pk").defer("snapshot", "grading")):
        set_grade(submission, grades[submission.pk], exercise.revision)
        submission.save(update_fields=["revision", "earned", "points", "grading", "graded_at", "override"])


def set_grade(submission: Submission, found: Grade, revision: int) -> None:
    """Give a submission its grade by a revision of the exercise, without saving it."""
    submission.earned, submission.points = found.earned, found.points
    submission.grading, submission.revision = gradings.write(found), revision
    submission.graded_at = timezone.now()
    if submission.override is not None:  # it may be worth less now
        submission.override = min(submission.override, found.points)


@unit_of_work
def regrade_submission(submission_id: int, *, acting_user: User, company: Company) -> Submission:
    """Grade one again; what was set by hand is withdrawn. UnknownSubmission."""
    submission = locked(submission_id, company)
    exercise = submission.participation.assignment.exercise
    before = submission.final
    found = gradings.grade_snapshot(submission.snapshot, exercise, names_of(exercise))
    set_grade(submission, found, exercise.revision)
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
    """Return the submission, locked until the unit ends; UnknownSubmission."""
    # What it points at is read after it: in one query, PostgreSQL would bring it as it was before the wait.
    rows = Submission.objects.filter(pk=submission_id, participation__assignment__company=company)
    found = lock_row(rows).first()
    if found is None:
        raise UnknownSubmission
    return found


def _tell(action: str, submission: Submission, detail: Mapping[str, object], *, acting_user: User) -> None:
    participation = submission.participation
    record(
        action, acting_user=acting_user, company_id=participation.assignment.company_id, subject=SUBJECT,
        subject_id=submission.pk, detail={**detail, "student": participation.student_id},
    )
