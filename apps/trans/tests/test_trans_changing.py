"""Changing transactions over the API: edits, states, reversals."""

from __future__ import annotations

import pytest

from apps.accounts.models import Account
from apps.trans.models import Entry, Transaction
from apps.trans.tests.books import close_period, closed, recorded, saldo, sale

pytestmark = pytest.mark.django_db


def test_a_put_replaces_the_lines_in_one_step(teacher_api, chart):
    one = recorded(teacher_api, chart, 121_00)

    answer = teacher_api.put(f"/api/trans/{one['trans_id']}/", sale(chart, 242_00, date="2026-04-30", legend="Otra"))

    assert answer.status_code == 200
    body = answer.json()
    assert (body["total_debit"], body["date"], body["legend"], body["version"]) == (242_00, "2026-04-30", "Otra", 2)
    assert body["created_at"] == one["created_at"]
    assert saldo(chart["caja"]) == 242_00
    assert saldo(chart["ventas"]) == 200_00
    assert Entry.objects.count() == 3


def test_a_patch_changes_what_is_sent(teacher_api, chart):
    one = recorded(teacher_api, chart)

    legend = teacher_api.patch(f"/api/trans/{one['trans_id']}/", {"legend": "Corregida"}).json()
    moved = teacher_api.patch(f"/api/trans/{one['trans_id']}/", {"date": "2026-05-01"}).json()

    assert legend["entries"] == one["entries"]
    assert legend["legend"] == moved["legend"] == "Corregida"
    assert moved["date"] == "2026-05-01"
    assert [line["debit"] for line in moved["entries"]] == [line["debit"] for line in one["entries"]]


def test_a_refused_edit_changes_nothing(teacher_api, chart):
    one = recorded(teacher_api, chart)
    body = sale(chart, 500)
    body["entries"][0]["debit"] = 501

    answer = teacher_api.put(f"/api/trans/{one['trans_id']}/", body)

    assert answer.status_code == 400
    assert teacher_api.get(f"/api/trans/{one['trans_id']}/").json() == one


def test_an_edit_of_an_older_version_is_412(teacher_api, chart):
    path = f"/api/trans/{recorded(teacher_api, chart)['trans_id']}/"
    assert teacher_api.patch(path, {"legend": "a"}, headers={"If-Match": '"1"'}).status_code == 200

    answer = teacher_api.patch(path, {"legend": "b"}, headers={"If-Match": '"1"'})

    assert (answer.status_code, answer.json()["code"]) == (412, "version_mismatch")
    assert teacher_api.patch(path, {"legend": "b"}, headers={"If-Match": "2"}).status_code == 200
    assert teacher_api.patch(path, {"legend": "b"}, headers={"If-Match": "dos"}).status_code == 400


def test_a_verified_one_is_not_edited(teacher_api, chart):
    path = f"/api/trans/{recorded(teacher_api, chart)['trans_id']}/"
    teacher_api.post(f"{path}toggle_status/")

    answer = teacher_api.patch(path, {"legend": "x"})

    assert (answer.status_code, answer.json()["code"]) == (400, "transaction_verified")


def test_a_closed_one_is_neither_edited_nor_deleted(teacher_api, chart):
    path = f"/api/trans/{closed(teacher_api, chart)['trans_id']}/"

    for answer in (teacher_api.patch(path, {"legend": "x"}), teacher_api.delete(path)):
        assert (answer.status_code, answer.json()["code"]) == (400, "transaction_closed")


def test_deleting_takes_it_out_of_the_balances(teacher_api, chart):
    pending, verified = recorded(teacher_api, chart), recorded(teacher_api, chart)
    teacher_api.post(f"/api/trans/{verified['trans_id']}/toggle_status/")

    for one in (pending, verified):
        assert teacher_api.delete(f"/api/trans/{one['trans_id']}/").status_code == 204

    assert saldo(chart["caja"]) == Transaction.objects.count() == Entry.objects.count() == 0
    assert teacher_api.get(f"/api/trans/{pending['trans_id']}/").status_code == 404


def test_nothing_changes_in_a_closed_period(teacher_api, chart, company):
    path = f"/api/trans/{recorded(teacher_api, chart)['trans_id']}/"
    close_period(company, 2026)

    refused = [
        teacher_api.patch(path, {"legend": "x"}), teacher_api.patch(path, {"date": "2027-01-01"}),
        teacher_api.delete(path), teacher_api.post(f"{path}toggle_status/"),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(409, "period_closed")] * 4


# --- States ------------------------------------------------------------------------------------------


def test_verification_is_given_and_withdrawn(teacher_api, chart):
    path = f"/api/trans/{recorded(teacher_api, chart)['trans_id']}/toggle_status/"

    assert [teacher_api.post(path).json()["status"] for _time in range(3)] == [1, 0, 1]


def test_closing_asks_for_verification_and_happens_once(teacher_api, chart):
    path = f"/api/trans/{recorded(teacher_api, chart)['trans_id']}/"
    early = teacher_api.post(f"{path}close/")
    teacher_api.post(f"{path}toggle_status/")
    first, second = teacher_api.post(f"{path}close/"), teacher_api.post(f"{path}close/")

    assert (early.status_code, early.json()["code"]) == (400, "transaction_not_verified")
    assert (first.status_code, first.json()["status"], first.json()["number"]) == (200, 2, 1)
    assert (second.status_code, second.json()["code"]) == (400, "transaction_closed")
    assert teacher_api.post(f"{path}toggle_status/").json()["code"] == "transaction_closed"


def test_numbers_follow_the_order_of_closing_within_the_fiscal_year(teacher_api, chart):
    numbers = [
        closed(teacher_api, chart, date=date)["number"]
        for date in ("2026-05-01", "2026-01-01", "2025-12-31", "2026-12-31", "2025-01-01")
    ]

    assert numbers == [1, 2, 1, 3, 2]


def test_a_bulk_action_answers_for_each(teacher_api, chart):
    verified, pending = (recorded(teacher_api, chart)["trans_id"] for _one in range(2))
    done = closed(teacher_api, chart)["trans_id"]
    assert teacher_api.post("/api/trans/bulk/", {"action": "verify", "trans_ids": [verified]}).status_code == 200

    ids = [pending, verified, done, 10**9, verified]
    results = teacher_api.post("/api/trans/bulk/", {"action": "close", "trans_ids": ids}).json()["results"]

    assert [(row["trans_id"], row["ok"], row.get("code")) for row in results] == [
        (pending, False, "transaction_not_verified"),
        (verified, True, None),
        (done, False, "transaction_closed"),
        (10**9, False, "not_found"),
    ]
    assert Transaction.objects.get(pk=verified).number == 2


@pytest.mark.parametrize(
    "body",
    [{}, {"action": "delete", "trans_ids": [1]}, {"action": "close", "trans_ids": []}, {"action": "close"},
     {"action": "close", "trans_ids": ["x"]}, {"action": "close", "trans_ids": [0]},
     {"action": "close", "trans_ids": [2**64]}, {"action": "verify", "trans_ids": list(range(1, 1002))}],
)
def test_a_bad_bulk_action_is_400(teacher_api, body):
    assert teacher_api.post("/api/trans/bulk/", body).status_code == 400


# --- Reversing ---------------------------------------------------------------------------------------


def test_a_reversal_mirrors_and_links_both_ways(teacher_api, chart):
    one = closed(teacher_api, chart)

    answer = teacher_api.post(
        f"/api/trans/{one['trans_id']}/reverse/", {"reason": "Factura anulada", "date": "2026-03-10"}
    )

    assert answer.status_code == 201
    mirror = answer.json()
    assert (mirror["kind"], mirror["status"], mirror["number"], mirror["date"]) == ("reversal", 2, 2, "2026-03-10")
    assert mirror["reverses"] == one["trans_id"]
    assert "Factura anulada" in mirror["legend"]
    assert [(line["debit"], line["credit"]) for line in mirror["entries"]] == [
        (line["credit"], line["debit"]) for line in one["entries"]
    ]
    assert teacher_api.get(f"/api/trans/{one['trans_id']}/").json()["reversed_by"] == mirror["trans_id"]
    assert saldo(chart["caja"]) == saldo(chart["ventas"]) == 0


def test_only_a_closed_one_is_reversed_and_only_once(teacher_api, chart):
    pending, one = recorded(teacher_api, chart), closed(teacher_api, chart)
    path = f"/api/trans/{one['trans_id']}/reverse/"
    early = teacher_api.post(f"/api/trans/{pending['trans_id']}/reverse/", {"reason": "x"})
    first, second = teacher_api.post(path, {"reason": "x"}), teacher_api.post(path, {"reason": "x"})

    assert (early.status_code, early.json()["code"]) == (409, "transaction_not_closed")
    assert first.status_code == 201
    assert (second.status_code, second.json()["code"]) == (409, "already_reversed")


def test_a_reversal_says_why_it_cannot_be(teacher_api, chart, company):
    path = f"/api/trans/{closed(teacher_api, chart)['trans_id']}/reverse/"
    assert teacher_api.post(path, {"reason": " "}).json().keys() == {"reason"}
    Account.objects.filter(pk=chart["caja"].pk).update(status=False)
    inactive = teacher_api.post(path, {"reason": "x"})
    close_period(company, 2026, 5)
    shut = teacher_api.post(path, {"reason": "x", "date": "2026-05-05"})

    assert (inactive.status_code, inactive.json()["code"]) == (409, "account_inactive")
    assert shut.status_code == 409
    assert Transaction.objects.filter(kind="reversal").count() == 0
