"""The starting set: every exercise of it can be solved, and each of its solutions earns everything."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command

from apps.accounts.actions import load_default_chart
from apps.companies.actions import open_company, remove_company
from apps.companies.models import Company
from apps.exercises import gradings, solutions
from apps.exercises.models import Assignment, Exercise, Submission
from apps.trans.models import Transaction
from apps.users.models import User
from ledger.grading import Dates

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(company):
    load_default_chart(company, acting_user=None)
    call_command("init_exercises")
    return list(Exercise.objects.filter(company=company))


def _day(dates: Dates) -> dt.date:
    return dates.last or dates.first or dt.date(2026, 1, 1)


def _snapshot(solution):
    return [
        {
            "trans_id": number, "date": _day(entry.dates).isoformat(), "legend": "",
            "lines": [
                {"account": line.code, "name": "", "kind": "activo", "rubro": "", "debit": line.debit,
                 "credit": line.credit}
                for line in entry.alternatives[0].lines
            ],
        }
        for number, entry in enumerate(solution.entries, start=1)
    ]


def test_each_solution_of_each_exercise_earns_everything(loaded):
    assert len(loaded) >= 10
    for exercise in loaded:
        plan = solutions.cards_of(solutions.plan_of(exercise))
        for solution in solutions.key_of(exercise).solutions:
            found = gradings.grade_snapshot(_snapshot(solution), exercise, plan)
            assert found.is_full, exercise.title
            assert not found.effect


def test_no_text_keeps_a_placeholder(loaded):
    assert [exercise.title for exercise in loaded if "{" in exercise.statement + exercise.title] == []


def test_loading_again_adds_nothing(loaded):
    call_command("init_exercises")
    assert Exercise.objects.count() == len(loaded)


def test_the_list_begins_with_the_first(loaded, teacher_api):
    assert teacher_api.get("/api/exercises/").json()[0]["title"].startswith("1. ")


def test_the_demo_has_exercises_given_to_its_groups_and_can_be_cleared(company, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "demo-clase-2026")
    companies = list(Company.objects.values_list("pk", flat=True))
    call_command("init_dashboard_data", students=4, groups=2, transactions_per_student=2)
    booked = Transaction.objects.filter(company__is_demo=True).count()
    call_command("init_exercises", demo=True)
    demo = Company.objects.get(is_demo=True)
    assert Assignment.objects.filter(company=demo).count() == 8
    assert Transaction.objects.filter(company=demo).count() == booked
    grades = list(Submission.objects.order_by("pk").values_list("earned", "points"))
    assert len(grades) == 8
    assert {earned == points for earned, points in grades} == {True, False}
    call_command("clear_dashboard_data", confirm=True)
    assert list(Company.objects.values_list("pk", flat=True)) == companies
    assert not Exercise.objects.filter(company_id=demo.pk).exists()
    assert not User.objects.filter(is_demo=True).exists()


def test_a_company_whose_exercises_nobody_was_given_can_be_removed(company, teacher):
    other = open_company("Otra", acting_user=teacher)
    call_command("init_exercises", company=other.pk)
    remove_company(other.pk, acting_user=teacher)
    assert Exercise.objects.count() == 0
