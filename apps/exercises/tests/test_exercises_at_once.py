"""Several at the same moment."""

from __future__ import annotations

import pytest

from apps.common.errors import AppError
from apps.companies.models import Company
from apps.exercises.actions import change_exercise, hand_in, start
from apps.exercises.models import Exercise, Participation, Submission
from apps.exercises.solutions import write_solution
from apps.exercises.tests.conftest import SALE
from ledger.grading import Alternative, CodedLine, ExpectedEntry, Solution

pytestmark = pytest.mark.django_db(transaction=True)


def _code(call):
    try:
        call()
    except AppError as error:
        return error.code
    return "done"


def test_tries_are_not_overdrawn(solver, student, at_once):
    ana = solver(tries_max=2)
    ana.record(SALE)
    student.refresh_from_db()
    found = at_once([lambda: _code(lambda: hand_in(ana.assignment_id, acting_user=student))] * 6)
    assert sorted(found) == ["done"] * 2 + ["no_tries_left"] * 4


def test_starting_twice_makes_one_company(give, student, at_once):
    given = give()["assignment_id"]
    before = Company.objects.count()
    assert at_once([lambda: _code(lambda: start(given, acting_user=student))] * 4) == ["done"] * 4
    assert Company.objects.count() == before + 1
    student.refresh_from_db()
    assert Participation.objects.get().practice == student.company


def test_no_grade_by_an_older_revision_is_left_behind(solver, student, teacher, company, exercise, at_once):
    ana = solver(tries_max=9)
    ana.record(SALE)
    student.refresh_from_db()

    def change(points):
        entry = ExpectedEntry("Otra", points, (Alternative((CodedLine("11101", 5), CodedLine("41101", 0, 5))),))
        data = {"solutions": [write_solution(Solution((entry,)))]}
        return lambda: _code(
            lambda: change_exercise(exercise["exercise_id"], data, acting_user=teacher, company=company)
        )

    at_once([*[lambda: _code(lambda: hand_in(ana.assignment_id, acting_user=student))] * 3, change(5), change(6)])
    revision = Exercise.objects.get().revision
    assert revision == 3
    assert set(Submission.objects.values_list("revision", flat=True)) == {revision}
    assert Submission.objects.count() == 3
