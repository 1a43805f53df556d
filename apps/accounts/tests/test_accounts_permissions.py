"""Who may do what with accounts; written out from the contract, not from the matrix."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db

# (business mode, rol) -> may create and edit, may delete; everyone reads.
ALLOWED = {
    (True, 0): (True, True),
    (True, 1): (False, False),
    (True, 2): (True, False),
    (True, 3): (False, False),
    (True, 4): (False, False),
    (False, 0): (True, True),
    (False, 2): (False, False),
}
BODY = {"code": "11109", "name": "Banco Ciudad", "nature": True}


@pytest.mark.parametrize(("mode_and_rol", "may"), ALLOWED.items())
def test_each_role_reaches_what_the_contract_says(request, as_user, make_user, chart, mode_and_rol, may):
    business, rol = mode_and_rol
    if business:
        request.getfixturevalue("business_mode")
    may_write, may_delete = may
    client = as_user(make_user("who@example.com", rol=rol))
    one = f"/api/accounts/{chart['inactiva'].pk}/"

    for path in ("/api/accounts/", "/api/accounts/active/", "/api/accounts/tree/", one):
        assert client.get(path).status_code == 200
    assert client.post("/api/accounts/", BODY).status_code == (201 if may_write else 403)
    assert client.patch(one, {"name": "Otra"}).status_code == (200 if may_write else 403)
    assert client.put(one, {**BODY, "code": "11998"}).status_code == (200 if may_write else 403)
    assert client.delete(one).status_code == (204 if may_delete else 403)


def test_a_superuser_may_do_what_rol_0_may(as_user, make_user, chart):
    client = as_user(make_user("root@example.com", rol=4, is_superuser=True))
    assert client.delete(f"/api/accounts/{chart['inactiva'].pk}/").status_code == 204


@pytest.mark.parametrize("path", ["", "active/", "tree/", "1/"])
def test_nobody_enters_without_a_token(api_client, db, path):
    assert api_client.get(f"/api/accounts/{path}").status_code == 401


def test_another_companys_accounts_are_neither_seen_nor_touched(as_user, outsider, chart, other_chart, teacher_api):
    client = as_user(outsider)
    foreign = chart["caja"].pk
    own = {account.pk for account in other_chart.values()}

    for path in ("/api/accounts/", "/api/accounts/active/", "/api/accounts/tree/"):
        assert {account["acc_id"] for account in client.get(path).json()} <= own
    assert client.get(f"/api/accounts/{foreign}/").status_code == 404
    for call in (teacher_api.patch, teacher_api.put, teacher_api.delete):
        theirs = f"/api/accounts/{other_chart['caja'].pk}/"
        assert call(theirs, {"code": "1", "name": "x", "nature": True}).status_code == 404
    answer = teacher_api.post("/api/accounts/", {"code": "11109", "name": "x", "nature": True,
                                                 "parent": other_chart["activo"].pk})
    assert answer.status_code == 400
    assert list(answer.json()) == ["parent"]


def test_rol_0_works_in_the_company_that_the_header_names(teacher_api, other_company, chart):
    headers = {"X-Company": str(other_company.pk)}
    made = teacher_api.post("/api/accounts/", {"code": "11101", "name": "Caja", "nature": True}, headers=headers)
    assert made.status_code == 201
    assert [account["code"] for account in teacher_api.get("/api/accounts/", headers=headers).json()] == ["11101"]
