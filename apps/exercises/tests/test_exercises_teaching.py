"""A teacher writes, gives, changes, accepts, sets grades by hand, and takes the marks out."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from apps.audit.models import AuditEvent
from apps.exercises.models import Exercise, Submission
from apps.exercises.tests.conftest import SALE, exercise_body, lines

pytestmark = pytest.mark.django_db
SERVICE = lines(d11101=12100, c41101=12100)
COST_AND_SALE = lines(d51101=500, c11101=500)


@pytest.fixture
def handed_in(solver):
    """A student's solution with the IVA left inside the price, and who solved it."""
    ana = solver()
    ana.record(SERVICE)
    return ana, ana.hand_in().json()


def url(submission, action=""):
    return f"/api/submissions/{submission['submission_id']}/{action}"


# --- Writing ----------------------------------------------------------------------------------------------


def test_an_exercise_keeps_what_was_written(teacher_api, exercise):
    again = teacher_api.get(f"/api/exercises/{exercise['exercise_id']}/").json()
    assert (again["points"], again["revision"], again["tolerance"]) == (10, 1, 0)
    assert again["expected"][0]["alternatives"][0]["lines"][0] == {"account": "11101", "debit": 12100, "credit": 0}
    assert again["expected"][0]["date_to"] == "2026-03-31"


@pytest.mark.parametrize("wrong,where", [
    (lines(d11101=100, c41101=90), "non_field_errors"),
    (lines(d99999=100, c41101=100), "lines"),
    (lines(d1=100, c41101=100), "lines"),
    (lines(d11999=100, c41101=100), "lines"),
    ([{"account": "11101", "debit": 100, "credit": 100}, *lines(c41101=100)], "lines"),
])
def test_a_solution_that_could_not_be_recorded_is_refused_where_it_is_wrong(teacher_api, chart, wrong, where):
    body = exercise_body()
    body["expected"][0]["alternatives"] = [{"lines": wrong}]
    answer = teacher_api.post("/api/exercises/", body)
    assert answer.status_code == 400
    assert where in answer.json()["expected"][0]["alternatives"][0]
    assert Exercise.objects.count() == 0


def test_solutions_are_worth_the_same(teacher_api, chart):
    other = [{"label": "Venta", "points": 9, "alternatives": [{"lines": SALE}]}]
    answer = teacher_api.post("/api/exercises/", exercise_body(other_solutions=[other]))
    assert (answer.status_code, list(answer.json())) == (400, ["other_solutions"])


def test_dates_the_wrong_way_round_are_refused(teacher_api, chart):
    body = exercise_body()
    body["expected"][0]["date_to"] = "2026-02-01"
    answer = teacher_api.post("/api/exercises/", body)
    assert answer.json()["expected"][0]["date_to"]


def test_who_handed_in_is_deactivated_not_deleted(teacher_api, handed_in, student):
    ana, submission = handed_in
    for transaction in submission["transactions"]:
        assert ana.api.delete(f"/api/trans/{transaction['trans_id']}/").status_code == 204
    headers = {"X-Company": str(ana.api.get("/api/users/me/").json()["company"])}
    answer = teacher_api.delete(f"/api/users/{student.pk}/", headers=headers)
    assert answer.status_code == 409, answer.json()
    assert Submission.objects.count() == 1


def test_only_what_was_not_given_can_be_deleted(teacher_api, exercise, give, solver):
    address = f"/api/exercises/{exercise['exercise_id']}/"
    given = give()
    assert teacher_api.delete(address).json()["code"] == "exercise_given"
    assert teacher_api.delete(f"/api/assignments/{given['assignment_id']}/").status_code == 204
    assert teacher_api.delete(address).status_code == 204


def test_an_assignment_that_was_used_stays(teacher_api, handed_in):
    answer = teacher_api.delete(f"/api/assignments/{handed_in[1]['assignment']}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "assignment_used")


def test_an_assignment_is_given_to_more_people_and_to_none_twice(teacher_api, give, student, classmate, make_user):
    given = give(user_ids=[student.pk])
    assert given["students"] == 1
    changed = teacher_api.patch(f"/api/assignments/{given['assignment_id']}/", {"group": "3A", "tries_max": 9}).json()
    assert (changed["students"], changed["tries_max"]) == (2, 9)


@pytest.mark.parametrize("moments", [
    {"feedback": "at_close"}, {"closes_at": "2020-01-01T00:00:00Z"},
    {"opens_at": "2026-05-01T00:00:00-03:00", "closes_at": "2026-05-01T00:00:00-03:00"},
])
def test_an_assignment_closes_after_it_opens_and_before_grades_are_shown_at_close(teacher_api, exercise, give, moments):
    given = give()
    sent = {"exercise": exercise["exercise_id"], "group": "3A", **moments}
    assert list(teacher_api.post("/api/assignments/", sent).json()) == ["closes_at"]
    changed = teacher_api.patch(f"/api/assignments/{given['assignment_id']}/", moments)
    assert (changed.status_code, list(changed.json())) == (400, ["closes_at"])


@pytest.mark.parametrize("people", [{"group": "nadie"}, {"user_ids": [987654]}, {}, {"group": "3A", "user_ids": [1]}])
def test_an_assignment_needs_somebody(teacher_api, exercise, people):
    answer = teacher_api.post("/api/assignments/", {"exercise": exercise["exercise_id"], **people})
    assert answer.status_code == 400


def test_what_was_read_can_be_written_again(teacher_api, exercise):
    again = teacher_api.post("/api/exercises/", exercise).json()
    different = {"exercise_id", "created_at", "updated_at"}
    assert {name: value for name, value in again.items() if name not in different} == {
        name: value for name, value in exercise.items() if name not in different
    }


def test_an_exercise_can_be_tried_before_it_is_given(teacher_api, student_api, exercise):
    address = f"/api/exercises/{exercise['exercise_id']}/try/"
    right = {"entries": [{"date": "2026-03-02", "lines": SALE}]}
    assert teacher_api.post(address, right).json()["earned"] == 1000
    wrong = teacher_api.post(address, {"entries": [{"date": "2026-03-02", "lines": SERVICE}]}).json()
    assert [message["code"] for message in wrong["entries"][0]["messages"]] == ["vat_in_price"]
    assert wrong["entries"][0]["trans_ids"] == [1]
    assert teacher_api.post(address, {"entries": []}).json()["earned"] == 0
    assert student_api.post(address, right).status_code == 403
    assert Submission.objects.count() == 0


# --- Grading again ----------------------------------------------------------------------------------------


def test_a_changed_exercise_grades_again_what_was_handed_in(teacher_api, exercise, handed_in):
    ana, submission = handed_in
    assert submission["earned"] < 1000
    body = exercise_body()
    body["expected"][0]["alternatives"].append({"lines": SERVICE})
    changed = teacher_api.patch(f"/api/exercises/{exercise['exercise_id']}/", {"expected": body["expected"]})
    assert changed.json()["revision"] == 2
    assert ana.api.get(url(submission)).json()["earned"] == 1000


def test_a_solution_that_is_sent_is_whole(teacher_api, exercise):
    sent = {"expected": [{"alternatives": [{"lines": SALE}]}]}
    answer = teacher_api.patch(f"/api/exercises/{exercise['exercise_id']}/", sent)
    assert (answer.status_code, set(answer.json()["expected"][0])) == (400, {"label", "points"})


def test_a_new_title_grades_nothing_again(teacher_api, exercise, handed_in):
    changed = teacher_api.patch(f"/api/exercises/{exercise['exercise_id']}/", {"title": "Otro"}).json()
    assert (changed["revision"], changed["title"]) == (1, "Otro")


def test_regrading_all_counts_them(teacher_api, exercise, handed_in):
    answer = teacher_api.post(f"/api/exercises/{exercise['exercise_id']}/regrade/")
    assert answer.json() == {"regraded": 1}


def test_an_accepted_solution_earns_everything_for_all_who_do_the_same(teacher_api, exercise, solver, classmate):
    ana, other = solver(), solver(classmate)
    for who in (ana, other):
        who.record(SERVICE)
    mine, theirs = ana.hand_in().json(), other.hand_in().json()
    assert teacher_api.post(url(mine, "accept/")).json()["earned"] == 1000
    assert other.api.get(url(theirs)).json()["earned"] == 1000
    kept = teacher_api.get(f"/api/exercises/{exercise['exercise_id']}/").json()
    assert [len(entry["alternatives"]) for entry in kept["expected"]] == [2]
    assert kept["other_solutions"] == []
    assert teacher_api.post(url(mine, "accept/")).json()["code"] == "nothing_to_accept"


def test_a_solution_of_another_shape_is_accepted_as_a_whole(teacher_api, exercise, solver):
    ana = solver()
    ana.record(SALE, date="2026-05-02")
    ana.record(COST_AND_SALE)
    submission = ana.hand_in().json()
    assert teacher_api.post(url(submission, "accept/")).json()["earned"] == 1000
    kept = teacher_api.get(f"/api/exercises/{exercise['exercise_id']}/").json()
    (whole,) = kept["other_solutions"]
    assert [entry["points"] for entry in whole] == [5, 5]


def test_a_solution_of_another_period_is_accepted_with_its_date(teacher_api, exercise, solver):
    ana = solver()
    ana.record(SALE, date="2026-05-02")
    submission = ana.hand_in().json()
    assert submission["earned"] == 800
    (entry,) = teacher_api.get(url(submission, "grade/")).json()["entries"]
    assert (entry["effect"]["assets"], entry["period_effect"]["assets"]) == (0, -12100)
    assert "121,00" in entry["period_effect"]["texts"][0]
    assert teacher_api.post(url(submission, "accept/")).json()["earned"] == 1000


# --- By hand ----------------------------------------------------------------------------------------------


def test_a_grade_set_by_hand_counts_and_is_audited_with_its_reason(teacher_api, handed_in, company, teacher):
    ana, submission = handed_in
    answer = teacher_api.post(url(submission, "grade/"), {"earned": 900, "reason": "Lo explicó en clase."})
    assert (answer.json()["final"], answer.json()["override_reason"]) == (900, "Lo explicó en clase.")
    assert ana.api.get(url(submission)).json()["final"] == 900
    event = AuditEvent.objects.get(chain=company.pk, action="submission.overridden")
    assert (event.user_id, "Lo explicó en clase." in event.detail) == (teacher.pk, True)
    # Grading again all leaves it; grading this one again withdraws it.
    exercise = Exercise.objects.get()
    teacher_api.post(f"/api/exercises/{exercise.pk}/regrade/")
    assert Submission.objects.get().final == 900
    assert teacher_api.post(url(submission, "regrade/")).json()["final"] == submission["earned"]


@pytest.mark.parametrize("body", [
    {"earned": 1001, "reason": "x"}, {"earned": -1, "reason": "x"}, {"earned": 5}, {"earned": 5, "reason": " "},
])
def test_a_grade_by_hand_has_bounds_and_a_reason(teacher_api, handed_in, body):
    assert teacher_api.post(url(handed_in[1], "grade/"), body).status_code == 400
    assert Submission.objects.get().override is None


# --- What students see ------------------------------------------------------------------------------------


def test_a_grade_to_be_published_is_hidden_until_it_is(teacher_api, solver):
    ana = solver(feedback="when_published")
    ana.record(SERVICE)
    submission = ana.hand_in().json()
    assert (submission["earned"], submission["final"]) == (None, None)
    hidden = ana.grade(submission["submission_id"])
    assert (hidden.status_code, hidden.json()["code"]) == (403, "grade_not_shown")
    assert teacher_api.get(url(submission, "grade/")).status_code == 200
    teacher_api.post(f"/api/assignments/{submission['assignment']}/publish/")
    assert ana.api.get(url(submission)).json()["earned"] is not None
    assert ana.grade(submission["submission_id"]).status_code == 200


def test_brief_feedback_names_the_error_without_the_solution(teacher_api, solver):
    ana = solver(detail="brief")
    ana.record(SERVICE)
    submission = ana.hand_in().json()

    def texts(api):
        found = api.get(url(submission, "grade/")).json()
        return " ".join(message["text"] for entry in found["entries"] for message in entry["messages"])

    assert "21301" not in texts(ana.api)
    assert "21301" in texts(teacher_api)


def test_students_see_their_own_alone(solver, classmate, student):
    ana, other = solver(), solver(classmate)
    ana.record(SALE)
    submission = ana.hand_in().json()
    assert len(ana.api.get("/api/submissions/").json()) == 1
    assert other.api.get("/api/submissions/").json() == []
    assert other.api.get(url(submission)).status_code == 404
    assert other.grade(submission["submission_id"]).status_code == 404
    assert [row["own"]["tries"] for row in ana.api.get("/api/assignments/").json()] == [1]
    assert [row["own"]["tries"] for row in other.api.get("/api/assignments/").json()] == [0]


def test_students_do_not_see_the_solutions(exercise, give, student_api, outsider, as_user):
    given = give()
    assert student_api.get("/api/exercises/").status_code == 403
    assert student_api.get(f"/api/exercises/{exercise['exercise_id']}/").status_code == 403
    shown = student_api.get(f"/api/assignments/{given['assignment_id']}/").json()
    assert shown["statement"] == "Registrá **la venta**."
    assert not {"expected", "solutions", "other_solutions"} & shown.keys()
    assert as_user(outsider).get(f"/api/assignments/{given['assignment_id']}/").status_code == 404


@pytest.mark.parametrize("method,path", [
    ("post", "/api/exercises/"), ("post", "/api/assignments/"), ("get", "/api/assignments/{given}/marks/"),
    ("post", "/api/assignments/{given}/publish/"), ("patch", "/api/assignments/{given}/"),
    ("post", "/api/submissions/{submission}/accept/"), ("post", "/api/submissions/{submission}/regrade/"),
    ("post", "/api/submissions/{submission}/grade/"),
])
def test_students_do_not_do_what_teachers_do(handed_in, method, path):
    ana, submission = handed_in
    address = path.format(given=submission["assignment"], submission=submission["submission_id"])
    assert getattr(ana.api, method)(address, {}).status_code == 403


# --- Marks ------------------------------------------------------------------------------------------------


@pytest.fixture
def marks(teacher_api, solver, classmate):
    """Two tries of one, none of the other."""
    ana, _other = solver(), solver(classmate)
    bad = ana.record(SERVICE)
    ana.hand_in()
    good = ana.record(SALE)
    ana.hand_in(trans_ids=[good])
    ana.hand_in(trans_ids=[bad])
    address = f"/api/assignments/{ana.assignment_id}/marks/"
    return lambda form="json": teacher_api.get(f"{address}?format={form}")


def test_the_mark_is_that_of_the_best_try(marks):
    rows = {row["name"]: row for row in marks().json()}
    assert (rows["Alumna"]["mark"], rows["Alumna"]["tries"], rows["Alumna"]["earned"]) == (1000, 3, 1000)
    assert (rows["Companero"]["mark"], rows["Companero"]["tries"]) == (None, 0)


def test_marks_go_into_spreadsheets(marks):
    answer = marks("csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][0] == "Alumna"
    assert "10,00" in rows[1]
    assert answer["Content-Disposition"].startswith("attachment")
    book = openpyxl.load_workbook(io.BytesIO(marks("xlsx").content))
    assert [cell.value for cell in book.active[2]][:2] == ["Alumna", "alumna@example.com"]


def test_marks_in_an_unknown_form_are_refused(marks):
    assert marks("pdf").status_code == 400


def test_the_errors_of_a_class_are_counted_by_student(
    teacher_api, solver, classmate, student_api, django_assert_max_num_queries
):
    ana, other = solver(), solver(classmate)
    for who in (ana, other):
        bad = who.record(SERVICE)
        for _try in range(2):
            who.hand_in(trans_ids=[bad])
    ana.hand_in(trans_ids=[ana.record(SALE)])
    address = f"/api/assignments/{ana.assignment_id}/errors/"
    with django_assert_max_num_queries(6):
        (row,) = teacher_api.get(address).json()
    assert (row["code"], row["students"], row["still"]) == ("vat_in_price", 2, 1)
    assert row["title"]
    assert student_api.get(address).status_code == 403


# --- How much it costs ------------------------------------------------------------------------------------


def test_lists_cost_the_same_however_long(teacher_api, give, solver, classmate, django_assert_max_num_queries):
    ana, other = solver(), solver(classmate)
    for who in (ana, other):
        who.record(SALE)
        for _try in range(2):
            assert who.hand_in().status_code == 201
    for _time in range(3):
        give()
    with django_assert_max_num_queries(6):
        assert len(teacher_api.get("/api/submissions/").json()) == 4
    with django_assert_max_num_queries(6):
        assert len(teacher_api.get("/api/assignments/").json()) == 4
    with django_assert_max_num_queries(7):
        assert len(ana.api.get("/api/assignments/").json()) == 4
    with django_assert_max_num_queries(7):
        assert len(teacher_api.get(f"/api/assignments/{ana.assignment_id}/marks/").json()) == 2


def test_a_list_leaves_the_transactions_out(teacher_api, handed_in):
    (row,) = teacher_api.get("/api/submissions/").json()
    assert "transactions" not in row
