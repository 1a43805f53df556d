"""Recording transactions over the API, and repeating a request."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.audit.models import AuditEvent
from apps.trans.models import Entry, Transaction
from apps.trans.serializers import ListedTransactionSerializer, TransactionSerializer
from apps.trans.tests.books import close_period, post, recorded, saldo, sale

pytestmark = pytest.mark.django_db

MONEY_MAX = 2**63 - 1


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


# --- Repeating a request -----------------------------------------------------------------------------


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
