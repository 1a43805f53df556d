"""Accepting what a student handed in as right, for all who do the same."""

from __future__ import annotations

from apps.audit.actions import record
from apps.common.db import unit_of_work
from apps.companies.models import Company
from apps.config.policy import Reach
from apps.exercises import gradings, snapshots, solutions
from apps.exercises.actions.regrading import regrade_exercise
from apps.exercises.actions.writing import locked as locked_exercise
from apps.exercises.checking import check_solutions
from apps.exercises.errors import NothingToAccept, TooManySolutions
from apps.exercises.models import Exercise, Submission
from apps.exercises.queries import names_of, submission_for
from apps.users.models import User
from ledger.grading import NoRoom, accept


def accept_submission(submission_id: int, *, acting_user: User, company: Company) -> Submission:
    """Make a submission a solution of its exercise, and grade all again: it earns everything then.

    Raises UnknownSubmission, NothingToAccept, TooManySolutions, and SolutionsInvalid where it names
    accounts that the plan does not have.
    """
    submission = submission_for(submission_id, acting_user, company, Reach.ANY)
    exercise = _accept(submission, acting_user=acting_user, company=company)
    regrade_exercise(exercise)
    return submission_for(submission_id, acting_user, company, Reach.ANY)


@unit_of_work
def _accept(submission: Submission, *, acting_user: User, company: Company) -> Exercise:
    exercise = locked_exercise(submission.participation.assignment.exercise_id, company)
    handed_in = snapshots.asientos(submission.snapshot)
    found = gradings.grade_snapshot(submission.snapshot, exercise, names_of(exercise))
    if found.is_full or not handed_in:
        raise NothingToAccept
    try:
        key = accept(solutions.key_of(exercise), found, handed_in)
    except NoRoom as error:
        raise TooManySolutions from error
    exercise.solutions = [solutions.write_solution(solution) for solution in key.solutions]
    check_solutions(exercise)
    exercise.revision += 1
    exercise.save(update_fields=["solutions", "revision", "updated_at"])
    record(
        "submission.accepted", acting_user=acting_user, company_id=company.pk, subject="exercise",
        subject_id=exercise.pk, detail={"submission": submission.pk, "revision": exercise.revision},
    )
    return exercise
