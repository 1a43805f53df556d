"""Writing exercises."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from django.db.models import ProtectedError

from apps.audit.actions import record
from apps.common.db import lock_row, unit_of_work
from apps.common.text import fold
from apps.companies.models import Company
from apps.exercises.actions.regrading import regrade_exercise
from apps.exercises.checking import check_solutions
from apps.exercises.errors import ExerciseGiven, UnknownExercise
from apps.exercises.models import Exercise
from apps.users.models import User

logger = logging.getLogger(__name__)
SUBJECT = "exercise"
Solutions = Sequence[Sequence[Mapping[str, Any]]]


class ExerciseData(TypedDict, total=False):
    """What can be written of an exercise; `solutions` as `solutions.py` has them."""

    title: str
    statement: str
    plan: Company | None
    tolerance: int
    solutions: Solutions


@unit_of_work
def write_exercise(
    data: ExerciseData, *, acting_user: User | None, company: Company, starting_key: str = ""
) -> Exercise:
    """Write an exercise; SolutionsInvalid where a solution cannot stand."""
    exercise = Exercise(company=company, author=acting_user, starting_key=starting_key, **data)
    check_solutions(exercise)
    exercise.search_text = fold(exercise.title)
    exercise.save()
    _tell("exercise.written", exercise, acting_user=acting_user)
    return exercise


def change_exercise(exercise_id: int, data: ExerciseData, *, acting_user: User, company: Company) -> Exercise:
    """Change an exercise, and grade again what was handed in for it where the change may tell.

    Raises UnknownExercise, SolutionsInvalid.
    """
    exercise = _change(exercise_id, data, acting_user=acting_user, company=company)
    regrade_exercise(exercise)
    return exercise


@unit_of_work
def _change(exercise_id: int, data: ExerciseData, *, acting_user: User, company: Company) -> Exercise:
    exercise = locked(exercise_id, company)
    for name, value in data.items():
        setattr(exercise, name, value)
    if data.keys() & {"solutions", "tolerance", "plan"}:
        check_solutions(exercise)
        exercise.revision += 1
    exercise.search_text = fold(exercise.title)
    exercise.save()
    _tell("exercise.changed", exercise, acting_user=acting_user)
    return exercise


@unit_of_work
def remove_exercise(exercise_id: int, *, acting_user: User, company: Company) -> None:
    """Delete an exercise that nobody was given; UnknownExercise, ExerciseGiven."""
    exercise = locked(exercise_id, company)
    _tell("exercise.removed", exercise, acting_user=acting_user)
    try:
        exercise.delete()
    except ProtectedError as error:
        raise ExerciseGiven from error


def locked(exercise_id: int, company: Company) -> Exercise:
    """Return the exercise, locked until the unit ends; UnknownExercise."""
    exercise = lock_row(Exercise.objects.filter(company=company, pk=exercise_id)).first()
    if exercise is None:
        raise UnknownExercise
    return exercise


def _tell(action: str, exercise: Exercise, *, acting_user: User | None) -> None:
    record(
        action, acting_user=acting_user, company_id=exercise.company_id, subject=SUBJECT, subject_id=exercise.pk,
        detail={"title": exercise.title, "revision": exercise.revision},
    )
    logger.info(action, extra={"exercise_id": exercise.pk, "revision": exercise.revision})
