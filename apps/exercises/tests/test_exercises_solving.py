"""A student solves an exercise: start, record, hand in, read the grade."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.companies.models import Company
from apps.exercises.models import Participation, Submission
from apps.exercises.tests.conftest import SALE, Solver, lines

pytestmark = pytest.mark.django_db


def test_a_right_solution_earns_everything_and_says_so(solver):
    ana = solver()
    trans_id = ana.record(SALE)
    answer = ana.hand_in()
    assert answer.status_code == 201
    body = answer.json()
    assert (body["earned"], body["final"], body["points"], body["try_number"]) == (1000, 1000, 1000, 1)
    assert [found["trans_id"] for found in body["transactions"]] == [trans_id]
    grade = ana.grade(body["submission_id"]).json()
    assert grade["summary"] == "Todo está bien." or grade["summary"] == "Everything is right."
    assert grade["entries"][0]["outcome"] == "right"
    assert grade["effect"]["texts"] == []


def test_an_error_is_named_with_its_effect_on_the_balance(solver):
    ana = solver()
    trans_id = ana.record(lines(d11101=12100, c41101=12100))
    submission = ana.hand_in().json()
    grade = ana.grade(submission["submission_id"]).json()
    entry = grade["entries"][0]
    assert [message["code"] for message in entry["messages"]] == ["vat_in_price"]
    assert "Ventas (41101)" in entry["messages"][0]["text"]
    assert "21,00" in entry["messages"][0]["text"]
    assert entry["trans_ids"] == [trans_id]
    assert grade["effect"] | {"texts": None} == {
        "assets": 0, "liabilities": -2100, "equity": 2100, "result": 2100, "texts": None,
    }
    assert len(grade["effect"]["texts"]) == 3


def test_starting_moves_the_student_into_a_practice_company_with_the_plan(solver, student, chart):
    before = Company.objects.count()
    ana = solver()
    student.refresh_from_db()
    assert (student.company.kind, Company.objects.count()) == ("practice", before + 1)
    codes = {row["code"] for row in ana.api.get("/api/accounts/").json()}
    assert codes >= {"11101", "41101", "21301"}
    assert Participation.objects.get(student=student).practice == student.company
    assert ana.start().status_code == 200  # again, it changes nothing
    assert Company.objects.count() == before + 1


def test_a_practice_company_that_serves_is_used_again(solver, give, as_user, student, exercise):
    first = solver()
    student.refresh_from_db()
    other = Solver(first.api, give()["assignment_id"])
    assert other.start().json()["own"]["company"] == student.company_id


def test_a_student_goes_back_and_comes_again(solver, as_user, student, company):
    ana = solver()
    ana.record(SALE)
    assert ana.api.post(f"/api/assignments/{ana.assignment_id}/leave/").status_code == 200
    student.refresh_from_db()
    assert student.company == company
    assert AuditEvent.objects.filter(action="user.moved", subject_id=str(student.pk)).count() == 2
    again = as_user(student)
    assert again.post("/api/submissions/", {"assignment": ana.assignment_id}).json()["earned"] == 1000  # from anywhere
    assert again.post(f"/api/assignments/{ana.assignment_id}/start/").status_code == 200
    student.refresh_from_db()
    assert student.company.kind == "practice"
    assert Company.objects.filter(kind="practice").count() == 1


def test_who_has_not_started_cannot_leave(give, student_api):
    answer = student_api.post(f"/api/assignments/{give()['assignment_id']}/leave/")
    assert answer.json()["code"] == "assignment_not_started"


def test_what_was_recorded_before_the_start_is_not_handed_in(solver, student_api, chart):
    ana = solver()
    assert ana.hand_in().json()["code"] == "nothing_to_hand_in"
    ana.record(SALE)
    second = solver()
    second.record(lines(d11101=500, c41101=500))
    assert len(second.hand_in().json()["transactions"]) == 2


def test_transactions_may_be_chosen_from_the_practice_company_alone(solver, classmate):
    ana, other = solver(), solver(classmate)
    good, bad = ana.record(SALE), ana.record(lines(d11101=1, c41101=1))
    foreign = other.record(SALE)
    assert ana.hand_in(trans_ids=[good]).json()["earned"] == 1000
    assert bad
    answer = ana.hand_in(trans_ids=[good, foreign])
    assert answer.status_code == 400
    assert str(foreign) in answer.json()["trans_ids"][0]


def test_what_was_handed_in_stays_as_it_was(solver):
    ana = solver()
    trans_id = ana.record(SALE)
    submission = ana.hand_in().json()
    assert ana.api.delete(f"/api/trans/{trans_id}/").status_code == 204
    again = ana.api.get(f"/api/submissions/{submission['submission_id']}/").json()
    assert again["transactions"] == submission["transactions"]
    assert again["earned"] == 1000


def test_tries_are_numbered_and_end(solver):
    ana = solver(tries_max=2)
    ana.record(SALE)
    assert [ana.hand_in().json()["try_number"] for _try in range(2)] == [1, 2]
    answer = ana.hand_in()
    assert (answer.status_code, answer.json()["code"]) == (400, "no_tries_left")
    assert Submission.objects.count() == 2


def test_nothing_is_taken_in_before_and_after_its_time(give, student_api, teacher_api):
    now = timezone.now()
    later = give(opens_at=(now + dt.timedelta(days=1)).isoformat())["assignment_id"]
    assert student_api.post(f"/api/assignments/{later}/start/").json()["code"] == "assignment_not_open"
    over = give(opens_at=(now - dt.timedelta(days=2)).isoformat(), closes_at=(now - dt.timedelta(days=1)).isoformat())
    for answer in (
        student_api.post(f"/api/assignments/{over['assignment_id']}/start/"),
        student_api.post("/api/submissions/", {"assignment": over["assignment_id"]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, "assignment_over")


def test_handing_in_comes_after_starting(give, student_api):
    answer = student_api.post("/api/submissions/", {"assignment": give()["assignment_id"]})
    assert (answer.status_code, answer.json()["code"]) == (400, "assignment_not_started")


def test_handing_in_is_audited_where_the_teacher_looks(solver, company):
    ana = solver()
    ana.record(SALE)
    submission = ana.hand_in().json()
    event = AuditEvent.objects.filter(chain=company.pk, action="submission.handed_in").get()
    assert event.subject_id == str(submission["submission_id"])
    assert submission["sha256"] in event.detail


def test_too_much_is_refused_before_it_is_read(solver, monkeypatch):
    from apps.exercises.actions import handing_in

    monkeypatch.setattr(handing_in, "HANDED_IN_LINES_MAX", 2)
    ana = solver()
    ana.record(SALE)
    assert ana.hand_in().json()["code"] == "too_much_handed_in"


def test_handing_in_costs_a_bounded_number_of_queries(solver, django_assert_max_num_queries):
    ana = solver()
    for _times in range(10):
        ana.record(SALE)
    with django_assert_max_num_queries(24):
        assert ana.hand_in().status_code == 201
