"""Who may do what with transactions: the rows of the contract, written out by hand."""

from __future__ import annotations

import pytest

from apps.config.models import Config
from apps.trans.models import Transaction
from apps.trans.tests.books import closed, recorded, sale

pytestmark = pytest.mark.django_db

OK, NO = True, False
OPERATIONS = [
    "read", "create", "edit own", "edit other", "delete own", "delete other", "delete own verified",
    "delete other verified", "verify", "close", "reverse own", "reverse other",
]
BUSINESS = {
    0: [OK, OK, OK, OK, OK, OK, OK, OK, OK, OK, OK, OK],
    1: [OK, OK, OK, NO, OK, NO, NO, NO, NO, NO, NO, NO],
    2: [OK, OK, OK, OK, OK, NO, NO, NO, OK, OK, OK, OK],
    3: [OK, OK, OK, NO, OK, NO, NO, NO, NO, NO, NO, NO],
    4: [OK, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO],
}
EDUCATIONAL = {
    0: [OK, OK, OK, OK, OK, OK, OK, OK, OK, OK, OK, OK],
    2: [OK, OK, OK, NO, OK, NO, NO, NO, NO, NO, OK, NO],
}
CASES = [
    pytest.param(business, rol, operation, allowed, id=f"{'business' if business else 'educational'}-{rol}-{operation}")
    for business, table in ((True, BUSINESS), (False, EDUCATIONAL))
    for rol, row in table.items()
    for operation, allowed in zip(OPERATIONS, row, strict=True)
]


def act(api, operation, trans_id, chart):
    path = f"/api/trans/{trans_id}/"
    match operation.split()[0]:
        case "read":
            return api.get(path)
        case "create":
            return api.post("/api/trans/", sale(chart, 100))
        case "edit":
            return api.patch(path, {"legend": "cambiada"})
        case "delete":
            return api.delete(path)
        case "verify":
            return api.post(f"{path}toggle_status/")
        case "close":
            return api.post(f"{path}close/")
        case "reverse":
            return api.post(f"{path}reverse/", {"reason": "prueba"})


def prepare(operation, author_api, chart):
    """Return the key of a transaction of `author` in the state that the operation is about."""
    if operation.startswith("reverse"):
        trans_id = closed(author_api, chart)["trans_id"]
    else:
        trans_id = recorded(author_api, chart)["trans_id"]
        if "verified" in operation or operation == "close":
            author_api.post(f"/api/trans/{trans_id}/toggle_status/")
    return trans_id


@pytest.mark.parametrize(("business", "rol", "operation", "allowed"), CASES)
def test_matrix(business, rol, operation, allowed, make_user, as_user, chart):
    Config.objects.update_or_create(config_id=1, defaults={"system_mode": business})
    caller, other = make_user("quien@example.com", rol=rol), make_user("otra@example.com", rol=0)
    author = caller if "own" in operation else other
    # A role that may not record cannot have own rows: it is given one by changing its role.
    author_rol, author.rol = author.rol, 0
    author.save()
    trans_id = prepare(operation, as_user(author), chart)
    author.rol = author_rol
    author.save()
    before = Transaction.objects.count()

    answer = act(as_user(caller), operation, trans_id, chart)

    if allowed:
        assert answer.status_code < 300, answer.json()
    else:
        assert answer.status_code == 403
        assert Transaction.objects.count() == before


def test_another_company_is_not_there(as_user, outsider, student_api, chart, other_chart):
    mine = recorded(student_api, chart)
    theirs = as_user(outsider)
    path = f"/api/trans/{mine['trans_id']}/"

    assert theirs.get("/api/trans/").json() == theirs.get("/api/trans/recent/").json() == []
    assert [theirs.get(path).status_code, theirs.patch(path, {"legend": "x"}).status_code,
            theirs.delete(path).status_code] == [404, 404, 404]
    assert theirs.post("/api/trans/", sale(chart, 100)).status_code == 400
    assert theirs.get("/api/trans/", headers={"X-Company": str(mine["company"])}).status_code == 403


def test_a_teacher_may_work_in_another_company_by_the_header(teacher_api, other_company, other_chart):
    headers = {"X-Company": str(other_company.pk)}

    answer = teacher_api.post("/api/trans/", sale(other_chart, 100), headers=headers)

    assert (answer.status_code, answer.json()["company"]) == (201, other_company.pk)
    assert teacher_api.get("/api/trans/").json() == []
    assert len(teacher_api.get("/api/trans/", headers=headers).json()) == 1


def test_without_a_token_nothing_is_told(api_client):
    assert api_client.get("/api/trans/").status_code == 401
