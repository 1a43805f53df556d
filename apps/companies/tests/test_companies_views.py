"""The API of companies."""

from __future__ import annotations

import pytest

from apps.audit.models import SYSTEM_CHAIN, AuditEvent
from apps.companies.models import Company, Period

pytestmark = pytest.mark.django_db

URL = "/api/companies/"


def told(action, chain):
    return AuditEvent.objects.filter(action=action, chain=chain).count()


def test_the_default_company_is_there_after_migrate(student_api, company):
    (found,) = student_api.get(URL).json()
    assert found.keys() == {"company_id", "name", "kind", "is_default", "created_at"}
    assert (found["company_id"], found["is_default"], found["kind"]) == (company.pk, True, "shared")
    assert found["created_at"].endswith("-03:00")


def test_rol_0_sees_every_company_and_others_their_own(teacher_api, as_user, outsider, other_company):
    assert teacher_api.get(URL).headers["X-Total-Count"] == "2"
    mine = as_user(outsider).get(URL).json()
    assert [found["company_id"] for found in mine] == [other_company.pk]


def test_a_foreign_company_is_not_there(student_api, other_company, company):
    assert student_api.get(f"{URL}{company.pk}/").status_code == 200
    assert student_api.get(f"{URL}{other_company.pk}/").status_code == 404


def test_a_new_company_gets_the_default_chart_and_open_periods(teacher_api, company):
    response = teacher_api.post(URL, {"name": "  Almacén Don Julio  ", "kind": "shared"})
    assert response.status_code == 201
    made = Company.objects.get(pk=response.json()["company_id"])
    assert (made.name, made.is_default) == ("Almacén Don Julio", False)
    assert made.accounts.filter(postable=True).count() == 191
    periods = teacher_api.get("/api/periods/", headers={"X-Company": str(made.pk)}).json()
    assert {period["status"] for period in periods} == {"open"}
    assert [period["month"] for period in periods] == [None, *range(1, 13)]
    assert told("company.opened", made.pk) == 1


def test_kind_is_shared_unless_said(teacher_api):
    assert teacher_api.post(URL, {"name": "Uno"}).json()["kind"] == "shared"
    assert teacher_api.post(URL, {"name": "Otro", "kind": "practice"}).json()["kind"] == "practice"


@pytest.mark.parametrize(
    "body",
    [{}, {"name": ""}, {"name": " "}, {"name": None}, {"name": "x" * 121}, {"name": "a\x00b"}, {"name": ["a"]},
     {"name": "Uno", "kind": "secret"}, {"name": "Uno", "kind": None}],
)
def test_a_wrong_company_is_refused_and_nothing_is_made(teacher_api, body):
    assert teacher_api.post(URL, body).status_code == 400
    assert Company.objects.count() == 1


def test_what_is_not_the_callers_to_write_is_ignored(teacher_api, company):
    body = {"name": "Uno", "is_default": True, "company_id": company.pk, "created_at": "2001-01-01T00:00:00Z"}
    made = teacher_api.post(URL, body).json()
    assert (made["is_default"], made["company_id"] != company.pk) == (False, True)
    assert made["created_at"] > "2020"


def test_a_company_can_be_renamed(teacher_api, other_company):
    response = teacher_api.patch(f"{URL}{other_company.pk}/", {"name": "Nuevo nombre"})
    assert (response.status_code, response.json()["name"]) == (200, "Nuevo nombre")
    assert teacher_api.put(f"{URL}{other_company.pk}/", {"name": "Otro", "kind": "shared"}).status_code == 200
    assert told("company.changed", other_company.pk) == 2


def test_a_shared_company_never_becomes_one_whose_books_can_be_erased(teacher_api, other_company):
    response = teacher_api.patch(f"{URL}{other_company.pk}/", {"kind": "practice", "name": "Uno"})
    assert (response.status_code, list(response.json())) == (400, ["kind"])
    other_company.refresh_from_db()
    assert (other_company.kind, other_company.name) == ("shared", "Otra empresa")


@pytest.mark.parametrize("pk", ["0", "999999999", "abc", "-1", "9" * 19, "9" * 5000])
@pytest.mark.parametrize("method", ["get", "patch", "put", "delete"])
def test_an_unknown_company_is_404(teacher_api, pk, method):
    response = getattr(teacher_api, method)(f"{URL}{pk}/", {"name": "Uno"} if method != "get" else None)
    assert response.status_code == 404


def test_a_company_that_nobody_used_can_be_deleted_with_its_chart(teacher_api):
    made = teacher_api.post(URL, {"name": "Por error"}).json()["company_id"]
    assert teacher_api.delete(f"{URL}{made}/").status_code == 204
    assert not Company.objects.filter(pk=made).exists()
    assert told("company.removed", SYSTEM_CHAIN) == 1


def test_a_company_with_transactions_cannot_be_deleted(teacher_api):
    made = teacher_api.post(URL, {"name": "Usada"}).json()["company_id"]
    debited, credited = Company.objects.get(pk=made).accounts.filter(postable=True)[:2]
    lines = [{"acc_id": debited.pk, "debit": 100}, {"acc_id": credited.pk, "credit": 100}]
    sold = teacher_api.post("/api/trans/", {"date": "2026-03-02", "entries": lines}, headers={"X-Company": str(made)})
    assert sold.status_code == 201
    response = teacher_api.delete(f"{URL}{made}/")
    assert (response.status_code, response.json()["code"]) == (409, "company_in_use")
    assert Company.objects.get(pk=made).accounts.filter(postable=True).count() == 191


def test_the_default_company_cannot_be_deleted(teacher_api, company):
    response = teacher_api.delete(f"{URL}{company.pk}/")
    assert (response.status_code, response.json()["code"]) == (409, "company_is_default")


def test_a_company_with_users_cannot_be_deleted(teacher_api, outsider):
    response = teacher_api.delete(f"{URL}{outsider.company_id}/")
    assert (response.status_code, response.json()["code"]) == (409, "company_in_use")


def test_a_company_with_a_closed_period_cannot_be_deleted(teacher_api, other_company):
    Period.objects.create(company=other_company, year=2020, status="closed")
    assert teacher_api.delete(f"{URL}{other_company.pk}/").json()["code"] == "company_in_use"
    assert Period.objects.filter(company=other_company).exists()


def test_the_list_can_be_filtered_ordered_and_paged(teacher_api, other_company):
    Company.objects.create(name="A practicar", kind="practice")
    assert [found["name"] for found in teacher_api.get(f"{URL}?kind=practice").json()] == ["A practicar"]
    response = teacher_api.get(f"{URL}?ordering=name&page_size=1&page=2")
    assert [found["name"] for found in response.json()] == ["Mosaite"]
    assert 'rel="prev"' in response.headers["Link"]


@pytest.mark.parametrize("query", ["kind=secret", "ordering=password", "page=x", "page_size=1001", "page_size=0"])
def test_a_bad_filter_is_400(teacher_api, query):
    assert teacher_api.get(f"{URL}?{query}").status_code == 400


def test_a_list_costs_the_same_for_two_and_for_fifty(teacher_api, django_assert_num_queries, other_company):
    teacher_api.get(URL)  # the mode is cached from here on
    with django_assert_num_queries(3):
        teacher_api.get(URL)
    Company.objects.bulk_create(Company(name=f"Empresa {number}") for number in range(50))
    with django_assert_num_queries(3):
        teacher_api.get(URL)
