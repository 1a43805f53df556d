"""Reading transactions over the API: lists, filters, pages."""

from __future__ import annotations

import pytest

from apps.trans.tests.books import closed, post, recorded, saldo

pytestmark = pytest.mark.django_db


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
