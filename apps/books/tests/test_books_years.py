"""The end of a fiscal year through the API: foreseen, taken once, locked, taken back."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from apps.accounts.models import Account
from apps.audit.models import AuditEvent
from apps.books.years import actions
from apps.books.years.proposals import Wish
from apps.companies.models import Period
from apps.trans.models import Transaction, TransactionKind
from apps.trans.verification.verify import verify_ledger

pytestmark = pytest.mark.django_db
URL = "/api/years/2025/closing/"
YEAR = {"date_from": "2025-01-01", "date_to": "2025-12-31"}


@pytest.fixture
def books(record):
    """A year of which all is closed: capital, goods, a sale with its cost, wages; and January of the next."""
    record("2025-01-10", "Capital", {"11104": 500_000_00, "31101": -500_000_00}, 2)
    record("2025-03-10", "Mercaderías", {"11601": 100_000_00, "11104": -100_000_00}, 2)
    record("2025-06-10", "Venta", {"11104": 180_000_00, "41101": -180_000_00}, 2)
    record("2025-06-10", "Costo", {"51101": 60_000_00, "11601": -60_000_00}, 2)
    record("2025-12-20", "Sueldos", {"53101": 30_000_00, "11104": -30_000_00}, 2)
    record("2026-01-15", "Venta de enero", {"11104": 10_000_00, "41101": -10_000_00}, 2)


@pytest.fixture
def take(teacher_api):
    def post(step, year=2025, status=201, **more):
        answer = teacher_api.post(f"/api/years/{year}/closing/", {"step": step, **more}, format="json")
        assert answer.status_code == status, answer.content
        return answer.json()

    return post


@pytest.fixture
def closed(books, take):
    return {step: take(step) for step in ("results", "closing", "opening")}


def lines_of(body):
    return {line["account"]["code"]: (line["debit"], line["credit"]) for line in body["entries"]}


def foreseen(body):
    return {line["code"]: (line["debit"], line["credit"]) for line in body["entries"]}


def report(api, name, **query):
    return api.get(f"/api/reports/{name}/", {**YEAR, **query}).json()


def test_each_step_is_foreseen_as_it_is_then_recorded(teacher_api, books, take):
    for step in ("results", "closing", "opening"):
        before = Transaction.objects.count()
        seen = teacher_api.post(f"{URL}preview/", {"step": step}).json()
        assert (Transaction.objects.count(), seen["done"], seen["trans_id"]) == (before, False, None)
        made = take(step)
        assert (made["kind"], made["status"], made["date"], made["legend"]) == (step, 2, seen["date"], seen["legend"])
        assert (made["number"] is not None, foreseen(seen)) == (True, lines_of(made))
        again = teacher_api.post(f"{URL}preview/", {"step": step}).json()
        assert (again["done"], again["trans_id"], foreseen(again)) == (True, made["trans_id"], foreseen(seen))


def test_the_refundicion_takes_the_result_to_the_equity(books, take):
    assert lines_of(take("results")) == {
        "41101": (180_000_00, 0), "51101": (0, 60_000_00), "53101": (0, 30_000_00), "32203": (0, 90_000_00),
    }


def test_the_cierre_empties_the_books_and_the_apertura_fills_them_again(closed, teacher_api):
    assert lines_of(closed["closing"]) == {
        "11104": (0, 550_000_00), "11601": (0, 40_000_00), "31101": (500_000_00, 0), "32203": (90_000_00, 0),
    }
    mirrored = {code: (credit, debit) for code, (debit, credit) in lines_of(closed["closing"]).items()}
    assert lines_of(closed["opening"]) == mirrored
    assert closed["opening"]["date"] == "2026-01-01"
    totals = report(teacher_api, "sumas-y-saldos")["totals"]
    assert (totals["saldo_deudor"], totals["saldo_acreedor"]) == (0, 0)
    assert report(teacher_api, "sumas-y-saldos", closing="false")["totals"]["saldo_deudor"] == 680_000_00
    assert Account.objects.get(code="11104").saldo == 560_000_00
    assert verify_ledger() == []


def test_the_statements_of_a_closed_year_say_what_they_said_before(teacher_api, books, take):
    names = ("situacion-patrimonial", "estado-de-resultados")
    before = [report(teacher_api, name) for name in names]
    for step in ("results", "closing", "opening"):
        take(step)
        assert [report(teacher_api, name) for name in names] == before
    assert before[0]["totals"]["resultado"] == before[1]["totals"]["resultado"] == 90_000_00
    assert report(teacher_api, "libro-mayor", account="41101")["totals"]["saldo_final"] == 0
    following = teacher_api.get("/api/reports/situacion-patrimonial/", {"date_to": "2026-01-31"}).json()
    assert following["totals"]["activo"] == following["totals"]["pasivo_y_patrimonio_neto"] == 600_000_00
    assert following["totals"]["resultado"] == 10_000_00
    assert "322" in {row["code"] for row in following["rows"]}


def test_a_refundicion_written_by_hand_is_one_for_the_statements(teacher_api, books, record, take):
    names = ("situacion-patrimonial", "estado-de-resultados")
    before = [report(teacher_api, name) for name in names]
    by_hand = {"41101": 180_000_00, "51101": -60_000_00, "53101": -30_000_00, "32203": -90_000_00}
    record("2025-12-31", "Refundición", by_hand, 2)
    assert [report(teacher_api, name) for name in names] == before
    assert take("results", status=409)["code"] == "nothing_to_close"
    take("closing")
    assert [report(teacher_api, name) for name in names] == before


def test_a_step_is_recorded_once_however_often_it_is_taken(closed, take):
    count = Transaction.objects.count()
    assert {take(step, status=200)["trans_id"] for step in closed} == {body["trans_id"] for body in closed.values()}
    assert Transaction.objects.count() == count


def test_the_guide_tells_what_is_done_and_what_stands_in_the_way(teacher_api, books, take, record):
    pending = record("2025-12-30", "Olvidada", {"53201": 1, "11101": -1}, 0)
    guide = teacher_api.get(URL).json()
    assert (guide["status"], guide["pending"], guide["verified"], guide["result"]) == ("open", 1, 0, 89_999_99)
    steps = {step["step"]: step for step in guide["steps"]}
    assert list(steps) == ["adjustment", "inflation", "results", "closing", "opening"]
    assert "1" in steps["results"]["blocked"]
    assert steps["adjustment"]["blocked"] is None
    assert take("results", status=409)["code"] == "year_not_booked"
    teacher_api.delete(f"/api/trans/{pending}/")
    made = take("results")
    steps = {step["step"]: step for step in teacher_api.get(URL).json()["steps"]}
    assert steps["results"] == {
        "step": "results", "name": steps["results"]["name"], "blocked": None,
        "entries": [{"trans_id": made["trans_id"], "number": made["number"]}],
    }
    assert steps["adjustment"]["blocked"]


@pytest.mark.parametrize(("step", "code"), [
    ("closing", "results_not_closed"), ("opening", "closing_step_blocked"), ("adjustment", "nothing_to_close"),
    ("inflation", "indices_missing"),
])
def test_a_step_waits_for_those_before_it(books, take, step, code):
    assert take(step, status=409)["code"] == code


def test_after_the_cierre_the_year_is_locked(teacher_api, closed, codes):
    body = {"date": "2025-12-31", "entries": [
        {"acc_id": codes["11101"], "debit": 1}, {"acc_id": codes["41101"], "credit": 1},
    ]}
    answer = teacher_api.post("/api/trans/", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "period_closed")
    assert teacher_api.get(URL).json()["status"] == "closed"


def test_adjustments_are_the_callers_lines_and_each_is_recorded_once(take, books, codes):
    lines = [{"acc_id": codes["53404"], "debit": 700}, {"acc_id": codes["12309"], "credit": 700}]
    made = take("adjustment", legend="Amortización", entries=lines)
    assert (made["kind"], made["date"], made["status"]) == ("adjustment", "2025-12-31", 2)
    assert made["legend"] == "Amortización"
    assert take("adjustment", status=200, entries=lines)["trans_id"] == made["trans_id"]
    lines[0]["debit"] = lines[1]["credit"] = 900
    assert take("adjustment", entries=lines)["trans_id"] != made["trans_id"]
    unbalanced = take("adjustment", status=400, entries=[{**lines[0], "debit": 1}, lines[1]])
    assert "non_field_errors" in unbalanced
    assert lines_of(take("results"))["53404"] == (0, 1600)


def test_the_cost_of_sales_comes_from_the_stock_that_was_counted(take, record, codes, books):
    """40.000 in stock, 25.000 bought, 3.000 given back, 30.000 counted: 32.000 were sold."""
    record("2025-10-01", "Compra", {"51201": 25_000_00, "11104": -25_000_00}, 2)
    record("2025-10-02", "Devolución", {"11104": 3_000_00, "51203": -3_000_00}, 2)
    made = take("adjustment", final_stock=30_000_00)
    assert lines_of(made) == {
        "11601": (0, 10_000_00), "51201": (0, 25_000_00), "51203": (3_000_00, 0), "51101": (32_000_00, 0),
    }
    assert take("adjustment", status=200, final_stock=30_000_00)["trans_id"] == made["trans_id"]
    assert lines_of(take("adjustment", final_stock=29_000_00))["51101"] == (1_000_00, 0)
    assert set(take("results", status=400, final_stock=1)) == {"final_stock"}
    lines = [{"acc_id": codes["53404"], "debit": 7}, {"acc_id": codes["12309"], "credit": 7}]
    assert set(take("adjustment", status=400, final_stock=1, entries=lines)) == {"final_stock"}


def test_reopening_reverses_the_entries_and_is_audited(teacher_api, closed, take, record):
    answer = teacher_api.post("/api/years/2025/reopen/", {"reason": "Faltaba la luz"})
    assert (answer.status_code, answer.json()["status"]) == (200, "open")
    assert all(step["entries"] == [] for step in answer.json()["steps"])
    assert Account.objects.get(code="41101").saldo == 190_000_00
    assert AuditEvent.objects.filter(action="year.reopened", detail__contains="Faltaba la luz").count() == 1
    assert report(teacher_api, "estado-de-resultados")["totals"]["resultado"] == 90_000_00
    assert report(teacher_api, "situacion-patrimonial")["totals"]["activo"] == 590_000_00
    record("2025-12-31", "Luz", {"53202": 5_000_00, "11104": -5_000_00}, 2)
    assert lines_of(take("results"))["32203"] == (0, 85_000_00)
    take("closing")
    take("opening")
    assert verify_ledger() == []
    again = teacher_api.post("/api/years/2023/reopen/", {"reason": "x"})
    assert (again.status_code, again.json()["code"]) == (409, "year_not_closed")


def test_a_year_is_not_reopened_under_a_later_one(teacher_api, closed, take, books):
    take("results", year=2026)
    answer = teacher_api.post("/api/years/2025/reopen/", {"reason": "x"})
    assert (answer.status_code, answer.json()["code"]) == (409, "later_year_closed")


def test_two_years_are_closed_one_after_the_other(teacher_api, closed, take):
    for step in ("results", "closing", "opening"):
        take(step, year=2026)
    position = teacher_api.get("/api/reports/situacion-patrimonial/", {"date_to": "2026-12-31"}).json()["totals"]
    assert (position["activo"], position["resultado"]) == (600_000_00, 10_000_00)
    assert position["activo"] == position["pasivo_y_patrimonio_neto"]


def test_a_year_is_not_closed_upon_one_that_was_not_opened_again(books, take):
    for step, year in [("results", 2025), ("closing", 2025), ("results", 2026)]:
        take(step, year=year)
    assert take("closing", year=2026, status=409)["code"] == "closing_step_blocked"
    take("opening")
    take("closing", year=2026)


def test_the_stock_needs_its_accounts(take, books):
    Account.objects.filter(code="11601").update(status=False)
    refused = take("adjustment", status=409, final_stock=1)
    assert (refused["code"], "Mercaderías" in refused["error"]) == ("account_needed", True)


def test_only_who_may_closes_and_reopens(business_mode, as_user, books, viewer, operator, accountant, admin_user):
    for who, step_status, reopen_status in [
        (viewer, 403, 403), (operator, 403, 403), (accountant, 201, 403), (admin_user, 200, 200),
    ]:
        api = as_user(who)
        assert api.get(URL).status_code == 200
        assert api.post(URL, {"step": "results"}).status_code == step_status
        assert api.post("/api/years/2025/reopen/", {"reason": "x"}).status_code == reopen_status


@pytest.mark.parametrize("year", [0, 1899, 2200, 99999999999999999999])
def test_a_year_that_books_cannot_have_is_not_found(teacher_api, codes, year):
    for path in ("closing", "inflation"):
        assert teacher_api.get(f"/api/years/{year}/{path}/").status_code == 404
    assert teacher_api.post(f"/api/years/{year}/closing/", {"step": "results"}).status_code == 404


def test_a_chart_without_the_account_of_the_result_says_which(take, books, codes):
    Account.objects.filter(code="32203").update(status=False)
    assert take("results", status=409)["code"] == "account_needed"
    assert lines_of(take("results", result_account="32201"))["32201"] == (0, 90_000_00)


# --- Inflation --------------------------------------------------------------------------------------------


@pytest.fixture
def prices(teacher_api):
    values = {"2024-12": "90", "2025-01": "100", "2025-03": "120", "2025-06": "150", "2025-12": "200"}
    table = [{"month": month, "value": value} for month, value in values.items()]
    answer = teacher_api.post("/api/indices/", {"indices": table}, format="json")
    assert answer.status_code == 201
    return answer.json()


def test_the_adjustment_for_inflation_restates_what_is_not_monetary(books, prices, take):
    """Capital of January doubles; goods 100.000 x 200/120 - 60.000 x 200/150; results by their months."""
    assert lines_of(take("inflation")) == {
        "11601": (46_666_67, 0), "31102": (0, 500_000_00), "41101": (0, 60_000_00), "51101": (20_000_00, 0),
        "54107": (493_333_33, 0),
    }
    assert take("inflation", status=200)["kind"] == "inflation"


def test_its_working_is_shown_and_stays_when_it_is_recorded(teacher_api, books, prices, take):
    url = "/api/years/2025/inflation/"
    before = teacher_api.get(url).json()
    goods = [row for row in before["rows"] if row["code"] == "11601"]
    assert [(row["month"], row["historico"], row["coeficiente"], row["ajuste"]) for row in goods] == [
        ("2025-03-01", 100_000_00, "1.666667", 66_666_67), ("2025-06-01", -60_000_00, "1.333333", -20_000_00),
    ]
    assert before["totals"]["recpam"] == 493_333_33
    for step in ("inflation", "results", "closing"):
        take(step)
        assert teacher_api.get(url).json() == before
    sheet = load_workbook(io.BytesIO(teacher_api.get(url, {"format": "xlsx"}).content)).worksheets[0]
    assert sheet.max_row == len(before["rows"]) + 3


def test_the_next_year_starts_from_december(teacher_api, books, prices, take, record):
    for step in ("inflation", "results", "closing", "opening"):
        take(step)
    table = [{"month": "2026-01", "value": "220"}, {"month": "2026-12", "value": "300"}]
    teacher_api.post("/api/indices/", {"indices": table}, format="json")
    rows = teacher_api.get("/api/years/2026/inflation/").json()["rows"]
    goods = [row for row in rows if row["code"] == "11601"]
    assert [(row["month"], row["historico"], row["coeficiente"]) for row in goods] == [
        ("2025-12-01", 86_666_67, "1.500000"),
    ]


def test_months_without_an_index_are_named(teacher_api, books, prices):
    index_id = next(row["index_id"] for row in prices if row["month"] == "2025-03")
    assert teacher_api.delete(f"/api/indices/{index_id}/").status_code == 204
    answer = teacher_api.get("/api/years/2025/inflation/")
    assert (answer.status_code, answer.json()["code"]) == (409, "indices_missing")
    assert "03/2025" in answer.json()["error"]


def test_the_companys_own_index_stands_before_that_for_all(teacher_api, prices):
    table = [{"month": "2025-12", "value": "1.5"}]
    assert teacher_api.post("/api/indices/", {"indices": table, "for_all": True}, format="json").status_code == 201
    found = teacher_api.get("/api/indices/", {"year": 2025}).json()
    assert [(row["value"], row["for_all"]) for row in found if row["month"] == "2025-12"] == [
        ("200.0000", False), ("1.5000", True),
    ]


@pytest.mark.parametrize("row", [
    {"month": "2025-13", "value": "1"}, {"month": "2025-1", "value": "1"}, {"month": "2025-01", "value": "0"},
    {"month": "2025-01", "value": "1.23456"}, {"month": "2025-01", "value": "NaN"}, {"month": "2025-01"},
])
def test_an_index_that_is_none_is_refused(teacher_api, row):
    answer = teacher_api.post("/api/indices/", {"indices": [row]}, format="json")
    assert (answer.status_code, set(answer.json())) == (400, {"indices"})


def test_only_rol_0_sets_what_is_for_all(business_mode, as_user, accountant, viewer):
    body = {"indices": [{"month": "2025-12", "value": "1.5"}], "for_all": True}
    assert as_user(accountant).post("/api/indices/", body, format="json").status_code == 403
    assert as_user(accountant).post("/api/indices/", {**body, "for_all": False}, format="json").status_code == 201
    assert as_user(viewer).post("/api/indices/", {**body, "for_all": False}, format="json").status_code == 403


def test_a_closed_month_refuses_its_steps(take, books, company):
    Period.objects.update_or_create(company=company, year=2025, month=12, defaults={"status": "closed"})
    assert take("results", status=409)["code"] == "period_closed"


def test_two_who_take_the_same_step_at_once_record_one(at_once, books, teacher, company):
    def take_it():
        return actions.take_step(2025, TransactionKind.RESULTS, Wish(), acting_user=teacher, company=company)

    taken = at_once([take_it] * 4)
    assert len({found.transaction.pk for found in taken}) == 1
    assert [found.made for found in taken].count(True) == 1
