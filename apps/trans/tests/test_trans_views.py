"""Transactions over the API: recording, changing, reading."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.models import Account
from apps.audit.models import AuditEvent
from apps.companies.models import Period, PeriodStatus
from apps.trans.models import Entry, Transaction
from apps.trans.serializers import ListedTransactionSerializer, TransactionSerializer
from apps.trans.tests.books import closed, post, recorded, sale

pytestmark = pytest.mark.django_db

MONEY_MAX = 2**63 - 1


def saldo(account: Account) -> int:
    account.refresh_from_db()
    return account.saldo


def close_period(company, year, month=None):
    Period.objects.create(company=company, year=year, month=month, status=PeriodStatus.CLOSED)


# --- Recording ------------------------------------------------------------------------------------


def test_recording_answers_the_whole_transaction(teacher_api, teacher, chart):
    answer = post(teacher_api, sale(chart, 121_00))

    assert answer.status_code == 201
    body = answer.json()
    assert body["status"] == 0
    assert body["status_display"] == "Para verificar"
    assert (body["total_debit"], body["total_credit"], body["is_balanced"]) == (121_00, 121_00, True)
    assert (body["user"], body["user_name"]) == (teacher.pk, teacher.name)
    assert body["number"] is body["reverses"] is body["reversed_by"] is None
    assert body["version"] == 1
    assert answer.headers["ETag"] == '"1"'
    assert body["entries"][0]["account"] == {
        "acc_id": chart["caja"].pk, "code": "11101", "name": "Caja", "saldo": 121_00, "nature": True,
        "nature_display": "Deudora", "status": True,
    }


def test_what_is_written_has_the_fields_that_the_document_shows(teacher_api, chart):
    one = recorded(teacher_api, chart)
    (listed,) = teacher_api.get("/api/trans/").json()

    assert one.keys() == TransactionSerializer().fields.keys()
    assert listed.keys() == ListedTransactionSerializer().fields.keys()
    assert one["entries"][0].keys() == TransactionSerializer().fields["entries"].child.fields.keys()


def test_numbers_may_arrive_as_text_and_a_missing_side_is_zero(teacher_api, chart):
    entries = [{"acc_id": str(chart["caja"].pk), "debit": "500", "credit": ""},
               {"acc_id": chart["ventas"].pk, "debit": None, "credit": "500"}]

    answer = post(teacher_api, {"date": "2026-03-02", "entries": entries})

    assert answer.status_code == 201
    assert [(line["debit"], line["credit"]) for line in answer.json()["entries"]] == [(500, 0), (0, 500)]


@pytest.mark.parametrize("spelling", [
    {"entries[0]acc_id": "{caja}", "entries[0]debit": "500", "entries[1]acc_id": "{ventas}", "entries[1]credit": "500"},
    {"entries[0][acc_id]": "{caja}", "entries[0][debit]": "500",
     "entries[1][acc_id]": "{ventas}", "entries[1][credit]": "500"},
    {"entries": '[{{"acc_id": {caja}, "debit": "500"}}, {{"acc_id": "{ventas}", "credit": 500}}]'},
    {"entries": ['{{"acc_id": {caja}, "debit": 500}}', '{{"acc_id": {ventas}, "credit": 500}}']},
], ids=["as DRF writes", "as browsers' libraries write", "JSON", "JSON line by line"])
@pytest.mark.parametrize("form", ["multipart", "urlencoded"])
def test_a_form_may_record_too(teacher_api, chart, spelling, form):
    keys = {name: account.pk for name, account in chart.items()}
    lines = {
        name: [text.format(**keys) for text in (value if isinstance(value, list) else [value])]
        for name, value in spelling.items()
    }
    body = {"date": ["2026-03-02"], "legend": ["Formulario"], **lines}
    if form == "multipart":
        answer = teacher_api.post("/api/trans/", body, format="multipart")
    else:
        encoded = urlencode(body, doseq=True)
        answer = teacher_api.post("/api/trans/", encoded, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 201, answer.json()
    assert [(line["debit"], line["credit"]) for line in answer.json()["entries"]] == [(500, 0), (0, 500)]


@pytest.mark.parametrize(
    "entries", ["", "x", "{}", "[", "[" * 5000, '"a"', "null", "[null]", "[[]]", SimpleUploadedFile("a", b"b")]
)
def test_lines_of_a_form_that_are_none_are_refused(teacher_api, entries):
    answer = teacher_api.post("/api/trans/", {"date": "2026-03-02", "entries": entries}, format="multipart")
    assert (answer.status_code, list(answer.json())) == (400, ["entries"])


def test_a_date_that_is_none_is_refused_in_words_that_help(teacher_api, chart):
    entries = [{"acc_id": chart["caja"].pk, "debit": 1}, {"acc_id": chart["ventas"].pk, "credit": 1}]
    for date in ("2026-02-31", "31/01/2026", "20260131", "2026-W05-1", "hoy"):
        answer = post(teacher_api, {"date": date, "entries": entries})
        assert answer.status_code == 400
        assert "2026-03-31" in answer.json()["date"][0]


def test_a_key_with_a_form_that_brings_a_file_is_no_trouble(teacher_api, chart):
    body = {"date": "2026-03-02", "legend": SimpleUploadedFile("a.txt", b"b")}
    answer = teacher_api.post("/api/trans/", body, format="multipart", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ([("caja", 100, 0), ("ventas", 0, 99)], "non_field_errors"),
        ([("caja", 100, 0)], "entries"),
        ([], "entries"),
        ([("caja", 100, 100), ("ventas", 0, 0)], (0, "credit")),
        ([("caja", 100, 0), ("ventas", 0, 0), ("iva", 0, 100)], (1, "debit")),
        ([("caja", -100, 0), ("ventas", 0, -100)], (0, "debit")),
        ([("caja", MONEY_MAX + 1, 0), ("ventas", 0, MONEY_MAX + 1)], (0, "debit")),
        ([("caja", MONEY_MAX, 0), ("cmv", 1, 0), ("ventas", 0, MONEY_MAX), ("iva", 0, 1)], "non_field_errors"),
        ([("caja", 1.5, 0), ("ventas", 0, 1.5)], (0, "debit")),
        ([("caja", "1,50", 0), ("ventas", 0, 150)], (0, "debit")),
        ([("caja", True, 0), ("ventas", 0, 1)], (0, "debit")),
        ([("activo", 100, 0), ("ventas", 0, 100)], (0, "acc_id")),
        ([("inactiva", 100, 0), ("ventas", 0, 100)], (0, "acc_id")),
        ([("foreign", 100, 0), ("ventas", 0, 100)], (0, "acc_id")),
        ([("missing", 100, 0), ("ventas", 0, 100)], (0, "acc_id")),
    ],
)
def test_a_wrong_entry_is_refused_by_line_and_changes_nothing(teacher_api, chart, other_chart, lines, place):
    keys = {name: account.pk for name, account in chart.items()} | {
        "foreign": other_chart["caja"].pk, "missing": 10**9,
    }
    entries = [{"acc_id": keys[name], "debit": debit, "credit": credit} for name, debit, credit in lines]

    answer = post(teacher_api, {"date": "2026-03-02", "legend": "", "entries": entries})

    assert answer.status_code == 400
    if isinstance(place, str):
        assert place in answer.json()
    else:
        line, field = place
        assert answer.json()["entries"][line].keys() == {field}
    assert Transaction.objects.count() == Entry.objects.count() == AuditEvent.objects.count() == 0
    assert saldo(chart["caja"]) == 0


@pytest.mark.parametrize(
    "body",
    [
        {}, [], "texto", None, 7,
        {"date": "2026-02-31", "entries": []},
        {"date": "02/03/2026", "entries": []},
        {"date": "0001-01-01", "entries": "x"},
        {"date": 20260302, "entries": {"acc_id": 1}},
        {"date": "2026-03-02", "entries": [1, None, "x"]},
        {"date": "2026-03-02", "entries": [[], {}]},
        {"date": "2026-03-02", "entries": [{"acc_id": {"a": 1}, "debit": [1]}, {"acc_id": -1}]},
        {"date": "2026-03-02", "entries": [{"acc_id": 1e300, "debit": 1}, {"acc_id": 2**70, "credit": 1}]},
        {"date": "2026-03-02", "legend": "x" * 501, "entries": []},
        {"date": "2026-03-02", "legend": "nul \x00", "entries": []},
        {"date": "2026-03-02", "legend": {"a": "b"}, "entries": []},
    ],
)
def test_a_malformed_body_is_400(teacher_api, chart, body):
    assert teacher_api.post("/api/trans/", body, format="json").status_code == 400


def test_a_date_out_of_reason_is_refused(teacher_api, chart):
    assert post(teacher_api, sale(chart, 100, date="1899-12-31")).json().keys() == {"date"}
    assert post(teacher_api, sale(chart, 100, date="2200-01-01")).json().keys() == {"date"}


@pytest.mark.parametrize("status", [1, 2, 9, "1"])
def test_a_state_cannot_be_sent(teacher_api, chart, status):
    assert post(teacher_api, sale(chart, 100) | {"status": status}).json().keys() == {"status"}


def test_nobody_records_as_another_or_in_another_company(student_api, student, teacher, chart, other_company):
    forged = {"user": teacher.pk, "company": other_company.pk, "number": 9, "kind": "reversal", "version": 5,
              "trans_id": 777, "created_at": "2000-01-01T00:00:00Z", "unsealed": None, "total": 1}

    body = post(student_api, sale(chart, 100) | forged).json()

    assert (body["user"], body["company"], body["number"], body["kind"], body["version"]) == (
        student.pk, student.company_id, None, "standard", 1,
    )
    assert body["trans_id"] != 777
    assert not body["created_at"].startswith("2000")


def test_a_closed_period_takes_nothing(teacher_api, chart, company):
    close_period(company, 2026, 3)

    answer = post(teacher_api, sale(chart, 100, date="2026-03-31"))

    assert answer.status_code == 409
    assert answer.json()["code"] == "period_closed"
    assert post(teacher_api, sale(chart, 100, date="2026-04-01")).status_code == 201


# --- Repeating a request ------------------------------------------------------------------------------


def test_a_repeated_key_replays_the_first_answer(teacher_api, chart):
    first = post(teacher_api, sale(chart, 100), **{"Idempotency-Key": "venta-1"})
    again = post(teacher_api, sale(chart, 100), **{"Idempotency-Key": "venta-1"})

    assert (again.status_code, again.json()) == (201, first.json())
    assert Transaction.objects.count() == 1


def test_a_key_with_another_body_is_a_conflict(teacher_api, chart):
    post(teacher_api, sale(chart, 100), **{"Idempotency-Key": "venta-1"})

    answer = post(teacher_api, sale(chart, 101), **{"Idempotency-Key": "venta-1"})

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert Transaction.objects.count() == 1


def test_a_refused_request_leaves_its_key_free(teacher_api, chart):
    assert post(teacher_api, sale(chart, 0), **{"Idempotency-Key": "venta-1"}).status_code == 400
    assert post(teacher_api, sale(chart, 100), **{"Idempotency-Key": "venta-1"}).status_code == 201


def test_two_people_may_use_the_same_key(teacher_api, student_api, chart):
    post(teacher_api, sale(chart, 100), **{"Idempotency-Key": "1"})

    assert post(student_api, sale(chart, 200), **{"Idempotency-Key": "1"}).json()["total_debit"] == 200


@pytest.mark.parametrize("key", ["", " ", "ñ", "x" * 256])
def test_a_key_that_is_none_is_refused(teacher_api, chart, key):
    assert post(teacher_api, sale(chart, 100), **{"Idempotency-Key": key}).json().keys() == {"Idempotency-Key"}


# --- Changing --------------------------------------------------------------------------------------------


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


# --- States ------------------------------------------------------------------------------------------------


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


# --- Reversing ------------------------------------------------------------------------------------------------


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


# --- Reading --------------------------------------------------------------------------------------------------


def test_the_list_runs_from_the_newest_and_says_how_many(teacher_api, chart):
    for date in ("2026-01-01", "2026-03-01", "2026-02-01", "2026-03-01"):
        recorded(teacher_api, chart, date=date)

    answer = teacher_api.get("/api/trans/?page_size=3")

    rows = answer.json()
    assert [row["date"] for row in rows] == ["2026-03-01", "2026-03-01", "2026-02-01"]
    assert rows[0]["trans_id"] > rows[1]["trans_id"]
    assert answer.headers["X-Total-Count"] == "4"
    assert 'rel="next"' in answer.headers["Link"]
    assert (rows[0]["entries_count"], rows[0]["total_amount"]) == (3, 121_00)
    assert [row["date"] for row in teacher_api.get("/api/trans/recent/?limit=1").json()] == ["2026-03-01"]


def test_a_list_costs_the_same_however_long(teacher_api, chart, django_assert_num_queries):
    recorded(teacher_api, chart)
    with django_assert_num_queries(5):
        teacher_api.get("/api/trans/")
    for _one in range(12):
        recorded(teacher_api, chart)
    with django_assert_num_queries(5):
        assert len(teacher_api.get("/api/trans/").json()) == 13


@pytest.fixture
def library(teacher_api, student_api, chart):
    """Four transactions that every filter tells apart, by a short name."""
    return {
        "enero": recorded(teacher_api, chart, 100, date="2026-01-10", legend="Alquiler de enero"),
        "febrero": recorded(student_api, chart, 20_000, date="2026-02-10", legend="Reparación Ñandú"),
        "cerrado": closed(teacher_api, chart, 3_000, date="2026-03-10", legend="Venta mostrador"),
        "compra": recorded(teacher_api, chart, 400, date="2026-04-10", legend="Compra 4711"),
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=2", {"cerrado"}),
        ("status=0", {"enero", "febrero", "compra"}),
        ("user={student}", {"febrero"}),
        ("user=999999", set()),
        ("group=3A", {"febrero"}),
        ("date_from=2026-02-10", {"febrero", "cerrado", "compra"}),
        ("date_to=2026-02-10", {"enero", "febrero"}),
        ("amount_min=3000", {"febrero", "cerrado"}),
        ("amount_max=400", {"enero", "compra"}),
        ("search=REPARACION", {"febrero"}),
        ("search=nandu", {"febrero"}),
        ("search=de enero", {"enero"}),
        ("search=1&status=2", {"cerrado"}),
        ("search=4711", {"compra"}),
        ("account=21301", {"enero", "febrero", "cerrado", "compra"}),
        ("account={caja}&status=2", {"cerrado"}),
        ("account=51101", set()),
        ("status=", {"enero", "febrero", "cerrado", "compra"}),
    ],
)
def test_filters(teacher_api, library, student, chart, query, expected):
    path = f"/api/trans/?{query}".format(student=student.pk, caja=chart["caja"].pk)

    answer = teacher_api.get(path)

    found = {row["trans_id"] for row in answer.json()}
    assert found == {library[name]["trans_id"] for name in expected}
    assert answer.headers["X-Total-Count"] == str(len(expected))


@pytest.mark.parametrize(
    "query",
    ["status=9", "status=x", "user=ana", "user=1.5", "user=99999999999999999999", "date_from=31/12/2026",
     "date_to=2026-02-31", "amount_min=-1", "amount_min=1,5", "amount_max=99999999999999999999", "account=9999999",
     "ordering=legend", "page=x", "page_size=0", "page_size=1001", "search=%00"],
)
def test_a_bad_filter_value_is_400(teacher_api, chart, query):
    assert teacher_api.get(f"/api/trans/?{query}").status_code == 400


@pytest.mark.parametrize("query", ["page=2", "page=0", "page=999999999999999999"])
def test_a_page_out_of_range_is_404(teacher_api, chart, query):
    assert teacher_api.get(f"/api/trans/?{query}").status_code == 404


@pytest.mark.parametrize("limit", ["0", "101", "x", ""])
def test_recent_is_bounded(teacher_api, limit):
    assert teacher_api.get(f"/api/trans/recent/?limit={limit}").status_code == 400


@pytest.mark.parametrize("key", ["0", "999999999", "999999999999999999", "abc", "1.5", "-1"])
def test_an_unknown_transaction_is_404(teacher_api, key):
    answer = teacher_api.get(f"/api/trans/{key}/")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_ten_thousand_lines_are_one_transaction(teacher_api, chart):
    entries = [{"acc_id": chart["caja"].pk, "debit": 1} for _line in range(9_999)]
    entries.append({"acc_id": chart["ventas"].pk, "credit": 9_999})

    assert post(teacher_api, {"date": "2026-03-02", "entries": entries}).status_code == 201
    assert saldo(chart["caja"]) == 9_999
    assert post(teacher_api, {"date": "2026-03-02", "entries": [*entries, entries[0]]}).status_code == 400


@pytest.mark.parametrize("query", [
    "", "ordering=total", "ordering=-date,total", "status=0", "search=venta", "group=3A", "account=11101",
    "date_from=2026-03-03", "amount_min=3&ordering=-total",
])
def test_the_pages_together_are_the_list(teacher_api, student_api, chart, query):
    for number, day in enumerate([5, 2, 3, 3, 4, 2, 5], start=1):
        recorded(student_api, chart, number, date=f"2026-03-{day:02}")
    whole = teacher_api.get(f"/api/trans/?{query}").json()
    assert len(whole) > 2
    numbers = range(1, -(-len(whole) // 2) + 1)
    pages = [teacher_api.get(f"/api/trans/?{query}&page_size=2&page={number}") for number in numbers]
    assert [row for page in pages for row in page.json()] == whole
    assert {page.headers["X-Total-Count"] for page in pages} == {str(len(whole))}


def test_a_later_page_asks_as_much_as_the_first(teacher_api, chart, django_assert_num_queries):
    for _each in range(4):
        recorded(teacher_api, chart)
    for page in (1, 2):
        with django_assert_num_queries(5):
            teacher_api.get(f"/api/trans/?page_size=2&page={page}")
