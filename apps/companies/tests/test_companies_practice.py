"""Practice companies: each student or group with books of their own."""

from __future__ import annotations

import pytest

from apps.audit.models import AuditEvent
from apps.companies.actions.furnishing import furnish
from apps.companies.models import Company

pytestmark = pytest.mark.django_db

URL = "/api/companies/practice/"


@pytest.fixture
def students(make_user):
    return [make_user(f"alumno{number}@example.com", rol=2, group="3A") for number in range(3)]


@pytest.fixture
def plan(company):
    """The default company's chart: the default plan with an account of its own."""
    furnish([company], acting_user=None)
    company.accounts.create(code="999", name="Cuenta propia", nature=True, kind="orden")


def test_each_student_gets_a_company_with_the_default_companys_chart(teacher_api, students, plan):
    response = teacher_api.post(URL, {"group": "3A"})
    assert response.status_code == 201
    made = response.json()
    assert [(found["kind"], found["is_default"]) for found in made] == [("practice", False)] * 3
    assert [found["user_ids"] for found in made] == [[student.pk] for student in students]
    for found, student in zip(made, students, strict=True):
        student.refresh_from_db()
        assert student.company_id == found["company_id"]
        assert student.name in found["name"]
        assert student.company.accounts.filter(postable=True).count() == 192
        assert student.company.accounts.filter(name="Cuenta propia").exists()
        assert student.company.periods.filter(status="open").count() == 13


def test_the_balances_of_the_default_company_are_not_copied(teacher_api, students, plan, company):
    debited, credited = company.accounts.filter(postable=True)[:2]
    lines = [{"acc_id": debited.pk, "debit": 100}, {"acc_id": credited.pk, "credit": 100}]
    assert teacher_api.post("/api/trans/", {"date": "2026-03-02", "entries": lines}).status_code == 201
    (made,) = teacher_api.post(URL, {"group": "3A", "per": "group"}).json()
    copied = Company.objects.get(pk=made["company_id"]).accounts
    assert set(copied.values_list("debits", "credits")) == {(0, 0)}
    assert set(copied.exclude(parent=None).values_list("parent__company_id", flat=True)) == {made["company_id"]}


def test_without_a_chart_in_the_default_company_the_default_plan_is_given(teacher_api, students):
    (made,) = teacher_api.post(URL, {"group": "3A", "per": "group"}).json()
    assert Company.objects.get(pk=made["company_id"]).accounts.filter(postable=True).count() == 191


def test_a_group_shares_one(teacher_api, students):
    (made,) = teacher_api.post(URL, {"group": "3A", "per": "group"}).json()
    assert made["user_ids"] == [student.pk for student in students]
    assert "3A" in made["name"]


def test_named_users_of_several_groups_get_one_for_each_group(teacher_api, students, make_user):
    other = make_user("otra@example.com", rol=2, group="4B")
    loose = make_user("suelta@example.com", rol=2)
    body = {"user_ids": [other.pk, students[0].pk, loose.pk, students[1].pk, other.pk], "per": "group"}
    made = teacher_api.post(URL, body).json()
    assert [found["user_ids"] for found in made] == [[loose.pk], [students[0].pk, students[1].pk], [other.pk]]


def test_who_leads_and_who_is_inactive_stays_when_a_group_moves(teacher_api, students, make_user, company):
    boss = make_user("jefa@example.com", rol=0, group="3A")
    gone = make_user("baja@example.com", rol=2, group="3A", status=1)
    root = make_user("root@example.com", rol=2, group="3A", is_superuser=True)
    teacher_api.post(URL, {"group": "3A"})
    for stayer in (boss, gone, root):
        stayer.refresh_from_db()
        assert stayer.company_id == company.pk


def test_from_the_next_request_on_they_work_there(teacher_api, as_user, students):
    client = as_user(students[0])
    before = client.get("/api/companies/").json()[0]["company_id"]
    teacher_api.post(URL, {"user_ids": [students[0].pk]})
    after = client.get("/api/companies/").json()[0]
    assert (after["kind"], after["company_id"] != before) == ("practice", True)
    assert client.get("/api/companies/", headers={"X-Company": str(before)}).status_code == 403


def test_both_trails_tell_it(teacher_api, teacher, students, company):
    made = teacher_api.post(URL, {"user_ids": [students[0].pk]}).json()[0]
    left = AuditEvent.objects.get(chain=company.pk, action="user.moved")
    assert (left.user_id, left.subject_id) == (teacher.pk, str(students[0].pk))
    assert AuditEvent.objects.filter(chain=made["company_id"], action="company.opened").exists()


@pytest.mark.parametrize(
    "body",
    [{}, {"group": ""}, {"group": "nobody"}, {"group": "3A", "user_ids": [1]}, {"user_ids": []}, {"user_ids": "1"},
     {"user_ids": [0]}, {"user_ids": [-1]}, {"user_ids": [10**30]}, {"user_ids": [999_999]}, {"user_ids": [1.5]},
     {"user_ids": [None]}, {"user_ids": list(range(1, 502))}, {"group": "3A", "per": "class"}, {"group": ["3A"]},
     {"group": "3\x00A"}, {"group": "3A", "per": None}, {"user_ids": {"a": 1}}, {"user_ids": [[1]]}],
)
def test_a_wrong_request_makes_and_moves_nothing(teacher_api, students, body):
    response = teacher_api.post(URL, body)
    assert response.status_code == 400
    assert Company.objects.count() == 1


def test_one_inactive_user_among_those_named_stops_all(teacher_api, students, make_user):
    gone = make_user("baja@example.com", rol=2, status=1)
    response = teacher_api.post(URL, {"user_ids": [students[0].pk, gone.pk]})
    assert (response.status_code, str(gone.pk) in response.json()["user_ids"][0]) == (400, True)
    assert Company.objects.count() == 1


def test_a_class_of_thirty_costs_the_same_for_each(teacher_api, make_user, plan, django_assert_max_num_queries):
    people = [make_user(f"clase{number}@example.com", rol=2, group="5C") for number in range(30)]
    with django_assert_max_num_queries(30 + 25 * len(people)):
        made = teacher_api.post(URL, {"group": "5C"}).json()
    assert len(made) == 30
