"""Mayor, journal, statements, IVA and ages, through the API."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from apps.books.reports import bounds, writing

pytestmark = pytest.mark.django_db
YEAR = {"date_from": "2026-01-01", "date_to": "2026-12-31"}
REPORTS = [
    "libro-diario", "libro-mayor", "sumas-y-saldos", "situacion-patrimonial", "estado-de-resultados", "iva",
    "antiguedad",
]


@pytest.fixture
def read(teacher_api):
    def get(name, **query):
        answer = teacher_api.get(f"/api/reports/{name}/", {**YEAR, **query})
        assert answer.status_code == 200, answer.content
        return answer.json() if query.get("format", "json") == "json" else answer

    return get


def pick(row, *keys):
    return tuple(row[key] for key in keys)


# --- Mayor ------------------------------------------------------------------------------------------------


def test_the_mayor_of_an_account_runs_from_its_opening_balance(read, year):
    body = read("libro-mayor", account="11104")
    assert body["totals"] == {
        "saldo_inicial": 500_000_00, "debe": 232_000_00, "haber": 0, "saldo_final": 732_000_00,
    }
    assert [pick(row, "date", "legend", "debe", "haber", "saldo") for row in body["rows"]] == [
        ("2026-03-01", "Préstamo a largo plazo", 90_000_00, 0, 590_000_00),
        ("2026-04-05", "Cobranza", 142_000_00, 0, 732_000_00),
    ]
    assert (body["account"]["name"], body["next"]) == ("Banco Nación cuenta corriente", None)


def test_the_balance_of_a_creditor_account_is_positive_on_its_own_side(read, year):
    assert read("libro-mayor", account="21401")["totals"]["saldo_final"] == 52_500_00


def test_pages_of_the_mayor_follow_one_another_whatever_their_size(read, record, codes):
    for number in range(1, 30):
        day = dt.date(2026, 1, 1) + dt.timedelta(days=number * 5 % 60)
        record(day.isoformat(), f"Nº {number}", {"11101": number, "41101": -number}, number % 3)
    whole = read("libro-mayor", account="11101", date_from="2026-01-05")
    for size in (1, 4, 28, 29, 1000):
        rows, after = [], None
        while True:
            page = read("libro-mayor", account="11101", date_from="2026-01-05", page_size=size,
                        **({"after": after} if after else {}))
            rows += page["rows"]
            after = page["next"]
            assert page["totals"] == whole["totals"]
            if after is None:
                break
        assert rows == whole["rows"]
    assert whole["rows"][-1]["saldo"] == whole["totals"]["saldo_final"] == sum(range(1, 30))


def test_pages_by_state_run_over_their_own_lines(read, record, codes):
    for number in range(1, 13):
        record("2026-02-10", "", {"11101": number, "41101": -number}, number % 3)
    first = read("libro-mayor", account="11101", status="2", page_size=2)
    second = read("libro-mayor", account="11101", status="2", page_size=2, after=first["next"])
    assert [row["saldo"] for row in first["rows"] + second["rows"]] == [2, 7, 15, 26]


@pytest.mark.parametrize("after", ["x", "2026-02-31.1", "2026-01-01", "0000-00-00.1"])
def test_a_place_that_no_page_named_is_refused(teacher_api, codes, after):
    answer = teacher_api.get("/api/reports/libro-mayor/", {"after": after})
    assert (answer.status_code, set(answer.json())) == (400, {"after"})


@pytest.mark.parametrize("after", ["1900-01-01.1", "9999-12-31.999999999999999999"])
def test_a_place_outside_of_the_range_breaks_nothing(read, year, after):
    assert read("libro-mayor", account="11104", after=after)["totals"]["saldo_final"] == 732_000_00


def test_without_an_account_the_mayor_says_what_every_one_moved(read, year):
    body = read("libro-mayor")
    bank = next(row for row in body["rows"] if row["code"] == "11104")
    assert pick(bank, "saldo_inicial", "debe", "haber", "saldo") == (500_000_00, 232_000_00, 0, 732_000_00)
    assert bank["opens"]["account"] == "11104"
    under = read("libro-mayor", account="111")
    assert {row["code"][:3] for row in under["rows"]} == {"111"}


def test_a_page_of_the_mayor_costs_the_same_queries_wherever_it_stands(
    teacher_api, record, codes, django_assert_max_num_queries
):
    for day in range(1, 29):
        record(f"2026-02-{day:02}", "", {"11101": 1, "41101": -1})
    url = "/api/reports/libro-mayor/"
    place = teacher_api.get(url, {**YEAR, "account": "11101", "page_size": 20}).json()["next"]
    with django_assert_max_num_queries(16):
        teacher_api.get(url, {**YEAR, "account": "11101", "page_size": 5, "after": place})


# --- Journal ----------------------------------------------------------------------------------------------


def test_the_journal_has_every_line_in_order_of_date(read, year):
    body = read("libro-diario")
    assert sum(row["debe"] for row in body["rows"]) == body["totals"]["debe"] == body["totals"]["haber"] == 745_000_00
    assert [row["date"] for row in body["rows"]] == sorted(row["date"] for row in body["rows"])
    assert pick(body["rows"][0], "code", "name", "debe", "haber", "number") == (
        "11601", "Mercaderías", 100_000_00, 0, 1,
    )


def test_the_journal_goes_page_by_page_of_transactions(read, year):
    whole, rows, after = read("libro-diario")["rows"], [], None
    for _page in range(20):
        page = read("libro-diario", page_size=2, **({"after": after} if after else {}))
        rows, after = rows + page["rows"], page["next"]
        if after is None:
            break
    assert rows == whole


def test_the_journal_of_an_account_has_its_transactions_whole(read, year):
    body = read("libro-diario", account="213", status="0")
    assert {row["legend"] for row in body["rows"]} == {"Sueldos"}
    assert body["totals"] == {"debe": 70_000_00, "haber": 70_000_00}


# --- Statements -------------------------------------------------------------------------------------------


def test_assets_are_liabilities_and_equity_and_the_result_is_a_line_of_it(read, year):
    position, results = read("situacion-patrimonial"), read("estado-de-resultados")
    totals = position["totals"]
    assert totals["activo"] == totals["pasivo_y_patrimonio_neto"] == 933_500_00
    assert totals["activo"] == totals["activo_corriente"] + totals["activo_no_corriente"]
    assert totals["pasivo_no_corriente"] == 90_000_00
    line = next(row for row in position["rows"] if row["opens"]["report"] == "estado-de-resultados")
    assert line["saldo"] == results["totals"]["resultado"] == totals["resultado"] == 50_000_00
    earlier = [row for row in position["rows"] if row["acc_id"] is None][1]
    assert earlier["saldo"] == 50_000_00


def test_the_position_shows_rubros_unless_a_level_is_asked_for(read, year):
    assert "111" in [row["code"] for row in read("situacion-patrimonial")["rows"]]
    assert "11104" in [row["code"] for row in read("situacion-patrimonial", level=4)["rows"]]
    for level in (1, 2, 3, 4, 9):
        totals = read("situacion-patrimonial", level=level)["totals"]
        assert totals["activo"] == totals["pasivo_y_patrimonio_neto"] == 933_500_00


def test_results_are_compared_with_another_span(read, year):
    body = read("estado-de-resultados", date_from="2026-02-01", date_to="2026-02-28", compare="period")
    assert body["compared"] == {"date_from": "2026-01-01", "date_to": "2026-01-31"}
    body = read("estado-de-resultados", compare="year")
    sale = next(row for row in body["rows"] if row["section"] == "ingresos")
    assert pick(sale, "code", "saldo", "saldo_comparado", "variacion", "variacion_porcentual") == (
        "411", 200_000_00, 50_000_00, 150_000_00, "300.0",
    )
    assert (sale["opens_compared"]["date_from"], sale["opens"]["date_from"]) == ("2025-01-01", "2026-01-01")
    assert body["totals"]["resultado_comparado"] == 50_000_00


def test_a_position_is_compared_with_that_of_another_day(read, year):
    body = read("situacion-patrimonial", compare="year")
    assert body["compared"] == {"date_from": "2025-01-01", "date_to": "2025-12-31"}
    rows = {row["code"] or row["name"]: row for row in body["rows"]}
    assert pick(rows["111"], "saldo", "saldo_comparado", "variacion", "variacion_porcentual") == (
        792_500_00, 560_500_00, 232_000_00, "41.4",
    )
    assert pick(rows["211"], "saldo", "saldo_comparado", "opens_compared") == (121_000_00, 0, None)
    assert pick(rows["Resultado del período"], "saldo", "saldo_comparado") == (50_000_00, 50_000_00)
    totals = body["totals"]
    assert totals["activo_comparado"] == totals["pasivo_y_patrimonio_neto_comparado"] == 560_500_00
    gone = read("situacion-patrimonial", date_from="2026-01-01", date_to="2026-01-31", status="0", compare="year")
    assert gone["rows"] == []
    alone = read("situacion-patrimonial")
    assert {name: totals[name] for name in alone["totals"]} == alone["totals"]
    lines = read("situacion-patrimonial", compare="year", format="csv").content.decode("utf-8-sig").splitlines()
    assert ";Total activo;933500,00;560500,00;373000,00;66,5" in lines


def test_a_statement_of_one_state_balances_too(read, year):
    for status in ("0", "1", "2", "0,2"):
        totals = read("situacion-patrimonial", status=status)["totals"]
        assert totals["activo"] == totals["pasivo_y_patrimonio_neto"]


# --- IVA and ages -----------------------------------------------------------------------------------------


def test_iva_is_told_by_month_without_its_settlement(read, year, record):
    record("2026-02-28", "Liquidación de IVA", {"21401": 42_000_00, "11401": -21_000_00, "21402": -21_000_00})
    record("2026-03-10", "Nota de crédito", {"41101": 1_000_00, "21401": 210_00, "11301": -1_210_00})
    body = read("iva")
    assert [pick(row, "month", "debito_fiscal", "credito_fiscal", "saldo") for row in body["rows"]] == [
        ("2026-01-01", 0, 21_000_00, -21_000_00), ("2026-02-01", 42_000_00, 0, 42_000_00),
        ("2026-03-01", -210_00, 0, -210_00),
    ]
    assert body["accounts"] == {"debito_fiscal": ["21401"], "credito_fiscal": ["11401"]}
    (opens,) = body["rows"][1]["opens"]["debito_fiscal"]
    assert (opens["account"], opens["date_from"], opens["date_to"]) == ("21401", "2026-02-01", "2026-02-28")
    cut = read("iva", date_from="2026-02-11", date_to="2026-03-20")
    assert [row["debito_fiscal"] for row in cut["rows"]] == [0, -210_00]
    assert read("iva", status="2")["totals"]["debito_fiscal"] == 42_000_00


def test_what_is_owed_is_told_by_age(read, record, codes):
    for day, amount in [("2026-01-10", 100), ("2026-04-20", 50), ("2026-05-25", 30), ("2026-06-20", 20)]:
        record(day, "Venta", {"11301": amount, "41101": -amount})
        record(day, "Compra", {"11601": amount, "21101": -amount})
    record("2026-06-25", "Cobro", {"11101": 120, "11301": -120})
    record("2026-06-26", "Seña", {"11101": 7, "11302": -7})
    body = read("antiguedad", date_to="2026-06-30")
    rows = {row["code"]: row for row in body["rows"]}
    parts = ("saldo", "de_0_a_30", "de_31_a_60", "de_61_a_90", "mas_de_90", "a_favor")
    assert pick(rows["11301"], *parts) == (80, 20, 30, 30, 0, 0)
    assert pick(rows["21101"], *parts) == (200, 20, 30, 50, 100, 0)
    assert pick(rows["11302"], *parts) == (-7, 0, 0, 0, 0, 7)
    assert body["totals"]["creditos"]["saldo"] == 73


@pytest.mark.parametrize("name", ["libro-mayor", "sumas-y-saldos", "situacion-patrimonial", "estado-de-resultados"])
def test_what_a_report_opens_is_there(read, teacher_api, year, name):
    body = read(name, status="0,2")
    for opens in [body["opens"], *(row["opens"] for row in body["rows"])]:
        query = {key: value for key, value in opens.items() if key != "report" and value is not None}
        assert query["status"] == "0,2"
        assert teacher_api.get(f"/api/reports/{opens['report']}/", query).status_code == 200


# --- Files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_a_csv_a_workbook_and_a_pdf(read, year, name):
    csv = read(name, format="csv").content.decode("utf-8-sig").splitlines()
    assert len(csv) > 2
    assert csv[0].count(";") >= 2
    sheet = load_workbook(io.BytesIO(read(name, format="xlsx").content)).worksheets[0]
    assert sheet.max_row == len(csv)
    pages = PdfReader(io.BytesIO(read(name, format="pdf").content)).pages
    assert "Mosaite" in pages[0].extract_text()


def test_the_pdf_of_a_report_is_the_same_bytes_each_time(read, year):
    assert read("sumas-y-saldos", format="pdf").content == read("sumas-y-saldos", format="pdf").content


def test_the_file_of_a_mayor_has_every_line_whatever_the_page(read, year):
    rows = read("libro-mayor", account="11104", format="csv", page_size=1).content.decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + 1 + 1 + 2 + 1


def test_a_long_report_is_parts_put_together(read, year, monkeypatch):
    whole = PdfReader(io.BytesIO(read("libro-mayor", format="pdf").content)).pages
    monkeypatch.setattr(writing, "ONE_DOCUMENT_ROWS", 10)
    monkeypatch.setattr(writing, "PART_ROWS", 20)
    parts = PdfReader(io.BytesIO(read("libro-mayor", format="pdf").content)).pages
    assert len(parts) == 3 > len(whole)
    assert [f"Hoja {number}" in page.extract_text() for number, page in enumerate(parts, start=1)] == [True] * 3
    said = " ".join(page.extract_text() for page in parts)
    assert all(name in said for name in ("Banco Nación cuenta corriente", "Sueldos y jornales", "Cobranza"))


def test_a_file_has_a_bound(teacher_api, year, monkeypatch):
    for form in ("csv", "pdf"):
        monkeypatch.setitem(writing._FILES, form, dataclasses.replace(writing._FILES[form], rows_max=2))
    monkeypatch.setattr(bounds.must_fit, "__defaults__", (5,))
    for name, form in [
        ("sumas-y-saldos", "pdf"), ("iva", "csv"), ("libro-mayor", "xlsx"), ("libro-diario", "xlsx"),
    ]:
        answer = teacher_api.get(f"/api/reports/{name}/", {**YEAR, "format": form})
        assert (answer.status_code, answer.json()["code"]) == (400, "report_too_large")


@pytest.mark.parametrize("name", REPORTS)
def test_a_company_without_books_has_empty_reports(read, codes, name):
    for last in ("2026-12-31", "2026-11-24"):
        assert read(name, date_to=last)["rows"] == []
    assert read(name, format="pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize("name", REPORTS)
def test_an_unknown_account_is_refused(teacher_api, codes, name):
    if name not in {"iva", "antiguedad"}:
        assert teacher_api.get(f"/api/reports/{name}/", {"account": "999999999"}).status_code == 400
