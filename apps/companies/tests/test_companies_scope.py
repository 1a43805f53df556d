"""Which company a request works in: the header X-Company."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db

URL = "/api/periods/"

NO_COMPANY = [
    *("0", "999999999", "-1", "1.0", "1e3", "uno", "", " ", "1,2", "0x1", "١", "²"),
    *("9" * 18, "9" * 19, "9" * 5000),
]


def ask(client, header):
    return client.get(URL, headers={"X-Company": header})


def test_without_the_header_one_works_in_ones_own(student_api):
    assert student_api.get(URL).status_code == 200


def test_everyone_may_name_their_own(student_api, company):
    assert ask(student_api, f" {company.pk} ").status_code == 200


def test_rol_0_may_name_another(teacher_api, other_company):
    made = teacher_api.post(URL, {"kind": "year", "year": 2030}, headers={"X-Company": str(other_company.pk)})
    assert made.status_code == 201
    assert [found["year"] for found in ask(teacher_api, str(other_company.pk)).json()] == [2030]
    assert teacher_api.get(URL).json() == []


def test_a_superuser_may_name_another(as_user, make_user, other_company):
    root = as_user(make_user("root@example.com", rol=4, is_superuser=True))
    assert ask(root, str(other_company.pk)).status_code == 200


@pytest.mark.parametrize("header", NO_COMPANY)
def test_an_unknown_company_is_404_for_rol_0(teacher_api, header):
    response = ask(teacher_api, header)
    assert (response.status_code, response.json()["code"]) == (404, "company_not_found")


@pytest.mark.parametrize("header", NO_COMPANY)
def test_others_learn_nothing_of_what_companies_there_are(student_api, header):
    response = ask(student_api, header)
    assert (response.status_code, response.json()["code"]) == (403, "company_forbidden")


@pytest.mark.parametrize("rol", [1, 2, 3, 4])
def test_other_roles_may_not_name_a_foreign_one(as_user, make_user, other_company, business_mode, rol):
    response = ask(as_user(make_user("who@example.com", rol=rol)), str(other_company.pk))
    assert (response.status_code, response.json()["code"]) == (403, "company_forbidden")


def test_a_user_without_a_company_works_in_the_default_one(as_user, make_user, company):
    client = as_user(make_user("suelta@example.com", rol=2, company=None))
    assert client.get("/api/companies/").json()[0]["company_id"] == company.pk


@pytest.mark.parametrize("method", ["delete", "put", "trace", "options"])
def test_what_there_is_not_is_405_whatever_the_header_says(teacher_api, method):
    assert getattr(teacher_api, method)(URL, headers={"X-Company": "999999999"}).status_code == 405


def test_the_header_is_read_after_the_token(api_client):
    assert ask(api_client, "999999999").status_code == 401
