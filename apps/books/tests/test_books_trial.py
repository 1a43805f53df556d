"""The balance de sumas y saldos, through the API."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

pytestmark = pytest.mark.django_db
URL = "/api/reports/sumas-y-saldos/"
YEAR = {"date_from": "2026-01-01", "date_to": "2026-12-31"}


def by_code(body):
    return {row["code"]: row for row in body["rows"]}


def test_it_tells_what_each_account_brought_moved_and_is_left_with(teacher_api, year):
    body = teacher_api.get(URL, YEAR).json()
    assert (body["title"], body["company"], body["date_from"]) == ("Balance de sumas y saldos", "Mosaite", "2026-01-01")
    bank = by_code(body)["11104"]
    assert {key: bank[key] for key in ("saldo_inicial", "debe", "haber", "saldo_deudor", "saldo_acreedor")} == {
        "saldo_inicial": 500_000_00, "debe": 232_000_00, "haber": 0, "saldo_deudor": 732_000_00, "saldo_acreedor": 0,
    }
    totals = body["totals"]
    assert totals["debe"] == totals["haber"] == 745_000_00
    assert totals["saldo_deudor"] == totals["saldo_acreedor"]
    assert totals["saldo_inicial"] == 0


def test_untouched_accounts_are_left_out_and_rows_stand_in_order(teacher_api, year):
    codes = [row["code"] for row in teacher_api.get(URL, YEAR).json()["rows"]]
    assert codes == sorted(codes)
    assert "11102" not in codes


def test_a_level_adds_up_what_stands_under_it(teacher_api, year):
    rows = by_code(teacher_api.get(URL, {**YEAR, "level": 1}).json())
    assert set(rows) == {"1", "2", "3", "4", "5"}
    assert rows["4"]["haber"] == 200_000_00
    assert rows["1"]["opens"] == {
        "report": "sumas-y-saldos", "account": "1", "date_from": "2026-01-01", "date_to": "2026-12-31", "status": None,
    }
    under = teacher_api.get(URL, {**YEAR, "account": "1"}).json()
    assert under["totals"]["debe"] == rows["1"]["debe"]
    assert by_code(under)["11101"]["opens"]["report"] == "libro-mayor"


@pytest.mark.parametrize(("status", "debe"), [
    ("0", 212_000_00), ("1", 170_000_00), ("2", 363_000_00), ("1,2", 533_000_00), ("0,1,2", 745_000_00),
])
def test_only_the_states_asked_for_count(teacher_api, year, status, debe):
    totals = teacher_api.get(URL, {**YEAR, "status": status}).json()["totals"]
    assert totals["debe"] == totals["haber"] == debe


def test_by_default_it_is_the_fiscal_year_to_date(teacher_api, year):
    body = teacher_api.get(URL, {"date_to": "2026-02-15"}).json()
    assert (body["date_from"], body["date_to"]) == ("2026-01-01", "2026-02-15")
    assert teacher_api.get(URL, {"date_from": "2199-02-01"}).json()["date_to"] == "2199-12-31"


@pytest.mark.parametrize("query", [
    {"date_from": "2026-02-31"}, {"date_from": "0001-01-01"}, {"date_from": "2026-02-01", "date_to": "2026-01-31"},
    {"account": "99999"}, {"level": 0}, {"level": "x"}, {"status": "3"}, {"status": "0,"}, {"format": "doc"},
    {"closing": "quizás"},
])
def test_a_query_that_makes_no_sense_is_refused_by_its_field(teacher_api, codes, query):
    answer = teacher_api.get(URL, query)
    assert answer.status_code == 400
    assert set(answer.json()) <= {*query}


def test_the_csv_has_the_same_figures_in_the_argentine_way(teacher_api, year):
    answer = teacher_api.get(URL, {**YEAR, "format": "csv"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sumas-y-saldos_2026-01-01_2026-12-31.csv"'
    head, *rows = answer.content.decode("utf-8-sig").splitlines()
    assert head == "Código;Cuenta;Saldo inicial;Debe;Haber;Saldo deudor;Saldo acreedor"
    assert "11104;Banco Nación cuenta corriente;500000,00;232000,00;0,00;732000,00;0,00" in rows
    assert rows[-1].startswith(";Totales;0,00;745000,00;745000,00;")


def test_the_workbook_has_the_same_figures(teacher_api, year):
    answer = teacher_api.get(URL, {**YEAR, "format": "xlsx"})
    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert ("11104", "Banco Nación cuenta corriente", 500000, 232000, 0, 732000, 0) in rows


def test_another_companys_figures_are_not_there(as_user, outsider, year):
    assert as_user(outsider).get(URL, YEAR).json()["rows"] == []


def test_it_costs_the_same_queries_whatever_it_holds(teacher_api, year, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        teacher_api.get(URL, {"date_from": "2026-01-10", "date_to": "2026-11-10"})
