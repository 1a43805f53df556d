import datetime as dt
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from apps.common.sheets import CellType, Column, safe_text, write_csv, write_xlsx
from ledger.reading import read_amount, read_date

COLUMNS = [
    Column("date", "Fecha", CellType.DATE), Column("month", "Mes", CellType.MONTH), Column("legend", "Leyenda"),
    Column("debe", "Debe", CellType.MONEY), Column("lines", "Líneas", CellType.COUNT),
    Column("index", "Índice", CellType.NUMBER),
]
ROW = (dt.date(2026, 3, 5), dt.date(2026, 3, 1), "Año; nuevo", -123456, 3, Decimal("7694.0075"))
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "|cmd"]


def csv_text(rows):
    return b"".join(write_csv(COLUMNS, rows)).decode("utf-8-sig")


def sheet_of(rows, title="Mayor"):
    return load_workbook(io.BytesIO(write_xlsx(title, COLUMNS, rows))).worksheets[0]


def test_a_csv_is_written_the_argentine_way():
    assert csv_text([ROW]) == (
        "Fecha;Mes;Leyenda;Debe;Líneas;Índice\r\n"
        '05/03/2026;03/2026;"Año; nuevo";-1234,56;3;7694,0075\r\n'
    )


def test_an_empty_cell_is_empty():
    assert csv_text([(None,) * 6]).splitlines()[1] == ";;;;;"
    assert [cell.value for cell in sheet_of([(None, None, "x", None, None, None)])[2]] == [
        None, None, "x", None, None, None,
    ]


def test_a_workbook_has_real_dates_and_numbers():
    date, month, legend, debe, lines, index = sheet_of([ROW])[2]
    assert (date.value.date(), date.number_format, month.number_format) == (ROW[0], "dd/mm/yyyy", "mm/yyyy")
    assert (debe.value, debe.number_format, lines.value, index.value) == (-1234.56, "#,##0.00", 3, 7694.0075)
    assert legend.value == "Año; nuevo"


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_told_to_be_text(text):
    row = (None, None, text, None, None, None)
    assert safe_text(text).startswith("'")
    cell = sheet_of([row])["C2"]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'")


def test_what_excel_cannot_hold_is_written_as_text():
    row = (dt.date(1899, 5, 1), dt.date(1899, 5, 1), "a\x00b", 2**63 - 1, 1, Decimal(1))
    date, month, legend, debe, _lines, _index = sheet_of([row], title="[a]:*?/\\" * 9)[2]
    assert (date.value, month.value, debe.value) == ("01/05/1899", "05/1899", "92233720368547758,07")
    assert legend.value == "a\ufffdb"


@given(st.integers(-(2**63), 2**63 - 1), st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)))
def test_what_is_written_is_read_back_by_the_import(amount, day):
    row = csv_text([(day, None, "x", amount, None, None)]).splitlines()[1].split(";")
    assert read_date(row[0]) == day
    if abs(amount) < 2**63:
        assert read_amount(row[3]) == amount


@given(st.text())
def test_no_text_breaks_a_file(text):
    rows = [(None, None, text, None, None, None)]
    assert b"".join(write_csv(COLUMNS, rows))
    assert sheet_of(rows, title=text).max_row == 2
