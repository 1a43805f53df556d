"""Templates: written, filled and posted."""

from __future__ import annotations

import datetime as dt

import pytest

from apps.companies.actions import open_company, remove_company
from apps.recurring.legends import written
from apps.recurring.models import Template
from apps.trans.models import Transaction

pytestmark = pytest.mark.django_db


def url(template, action=""):
    return f"/api/templates/{template['template_id']}/{action}"


def test_a_template_keeps_its_lines_in_order(teacher_api, template, body):
    again = teacher_api.get(url(template)).json()
    assert [line["formula"] for line in again["lines"]] == [line["formula"] for line in body["lines"]]
    assert [line["rounding"] for line in again["lines"]] == [False, True, False]


def test_filling_shows_and_posting_records_the_same(teacher_api, template):
    shown = teacher_api.post(url(template, "preview/"), {"date": "2026-03-05", "base": 12100}).json()
    assert shown["legend"] == "Abono de marzo de 2026"
    assert [(line["debit"], line["credit"]) for line in shown["entries"]] == [(12100, 0), (0, 10000), (0, 2100)]
    assert Transaction.objects.count() == 0
    posted = teacher_api.post(url(template, "post/"), {"date": "2026-03-05", "base": 12100})
    assert posted.status_code == 201
    assert (posted.json()["legend"], posted.json()["total_debit"]) == (shown["legend"], 12100)


def test_centavos_left_over_go_to_the_line_that_takes_them(teacher_api, template):
    shown = teacher_api.post(url(template, "preview/"), {"date": "2026-03-05", "base": 10001}).json()
    assert sum(line["credit"] for line in shown["entries"]) == shown["total"] == 10001


def test_posting_twice_with_one_key_records_once(teacher_api, template):
    sent = {"date": "2026-03-05", "base": 12100}
    first, second = (
        teacher_api.post(url(template, "post/"), sent, headers={"Idempotency-Key": "abono-marzo"}) for _time in range(2)
    )
    assert first.json() == second.json()
    assert Transaction.objects.count() == 1
    other = teacher_api.post(url(template, "post/"), {**sent, "base": 1000}, headers={"Idempotency-Key": "abono-marzo"})
    assert other.json()["code"] == "idempotency_key_reused"


@pytest.mark.parametrize("sent,code", [
    ({"date": "2026-03-05"}, "template_unfit"), ({"date": "2026-03-05", "base": 1}, "template_unfit"),
])
def test_a_base_that_gives_no_transaction_is_refused(teacher_api, template, sent, code):
    answer = teacher_api.post(url(template, "post/"), sent)
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert Transaction.objects.count() == 0


@pytest.mark.parametrize("line,field", [
    ({"formula": "precio * 2"}, "formula"), ({"formula": ""}, "amount"), ({"amount": 5, "formula": "base"}, "amount"),
    ({"acc_id": 987654}, "acc_id"), ({"formula": "(" * 150}, "formula"),
])
def test_a_line_that_cannot_be_is_refused_where_it_is_wrong(teacher_api, body, line, field):
    body["lines"][1] |= line
    answer = teacher_api.post("/api/templates/", body)
    assert answer.status_code == 400
    assert list(answer.json()["lines"][1]) == [field]
    assert Template.objects.count() == 0


def test_a_heading_cannot_stand_in_a_template(teacher_api, body, chart):
    body["lines"][0]["acc_id"] = chart["activo"].pk
    assert "acc_id" in teacher_api.post("/api/templates/", body).json()["lines"][0]


@pytest.mark.parametrize("change", [None, {"code": "11150"}, {"postable": False}])
def test_an_account_of_a_template_is_in_use(teacher_api, template, chart, change):
    path = f"/api/accounts/{chart['caja'].pk}/"
    before = teacher_api.get(path).json()
    answer = teacher_api.delete(path) if change is None else teacher_api.patch(path, change)
    assert (answer.status_code, answer.json()["code"]) == (409, "account_in_use")
    assert teacher_api.get(path).json() == before


def test_an_account_of_another_company_is_unknown(teacher_api, body, other_chart):
    body["lines"][0]["acc_id"] = other_chart["caja"].pk
    assert "acc_id" in teacher_api.post("/api/templates/", body).json()["lines"][0]


def test_lines_on_one_side_and_two_that_take_the_rounding_are_refused(teacher_api, body):
    one_side = {**body, "lines": [{**line, "side": "debit"} for line in body["lines"]]}
    two_takers = {**body, "lines": [{**line, "rounding": True} for line in body["lines"]]}
    for wrong in (one_side, two_takers):
        answer = teacher_api.post("/api/templates/", wrong)
        assert (answer.status_code, list(answer.json())) == (400, ["lines"])


def test_a_name_is_taken_once(teacher_api, template, body):
    answer = teacher_api.post("/api/templates/", body)
    assert (answer.status_code, list(answer.json())) == (400, ["name"])


def test_an_unknown_placeholder_is_refused_with_those_there_are(teacher_api, body):
    answer = teacher_api.post("/api/templates/", {**body, "legend": "{cliente}"})
    assert "{mes_anterior}" in answer.json()["legend"][0]


def test_changes_replace_what_is_sent(teacher_api, template, body):
    changed = teacher_api.patch(url(template), {"name": "Otro"}).json()
    assert (changed["name"], len(changed["lines"]), changed["legend"]) == ("Otro", 3, body["legend"])
    fixed = [{**body["lines"][0], "formula": "", "amount": 100}, {**body["lines"][1], "formula": "", "amount": 100}]
    assert len(teacher_api.put(url(template), {"name": "Fijo", "lines": fixed}).json()["lines"]) == 2
    incomplete = teacher_api.patch(url(template), {"lines": [{"side": "debit"}, {"side": "credit"}]})
    assert incomplete.status_code == 400


def test_students_change_their_own_alone(teacher_api, student_api, template, body):
    assert student_api.patch(url(template), {"name": "Mío"}).json()["code"] == "not_own_transaction"
    own = student_api.post("/api/templates/", {**body, "name": "Propio"}).json()
    assert student_api.delete(url(own)).status_code == 204


def test_a_company_with_unused_templates_can_be_removed(teacher, teacher_api, template):
    other = open_company("Otra", acting_user=teacher)
    codes = {"11101": "debit", "41101": "credit"}
    headers = {"X-Company": str(other.pk)}
    accounts = {row["code"]: row["acc_id"] for row in teacher_api.get("/api/accounts/", headers=headers).json()}
    lines = [{"acc_id": accounts[code], "side": side, "amount": 100} for code, side in codes.items()]
    answer = teacher_api.post("/api/templates/", {"name": "Fijo", "lines": lines}, headers=headers)
    assert answer.status_code == 201, answer.json()
    remove_company(other.pk, acting_user=teacher)
    assert Template.objects.count() == 1


@pytest.mark.parametrize("legend,text", [
    ("Alquiler {mes} {año}", "Alquiler enero 2026"), ("{mes_anterior} {año_mes_anterior}", "diciembre 2025"),
    ("{fecha}, día {dia}", "05/01/2026, día 5"), ("{ MES }", "enero"), ("{nada} {", "{nada} {"),
])
def test_placeholders(legend, text):
    assert written(legend, dt.date(2026, 1, 5)) == text
