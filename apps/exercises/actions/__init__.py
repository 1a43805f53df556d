"""Changing exercises, assignments and submissions."""

from apps.exercises.actions.accepting import accept_submission
from apps.exercises.actions.giving import change_assignment, give, publish, remove_assignment
from apps.exercises.actions.handing_in import hand_in, leave, start
from apps.exercises.actions.regrading import override_grade, regrade_exercise, regrade_submission
from apps.exercises.actions.starting import clear_exercises, load_starting_exercises
from apps.exercises.actions.writing import ExerciseData, change_exercise, remove_exercise, write_exercise

__all__ = [
    "ExerciseData",
    "accept_submission",
    "change_assignment",
    "change_exercise",
    "clear_exercises",
    "give",
    "hand_in",
    "leave",
    "load_starting_exercises",
    "override_grade",
    "publish",
    "regrade_exercise",
    "regrade_submission",
    "remove_assignment",
    "remove_exercise",
    "start",
    "write_exercise",
]
