"""Tables as workbooks; `sheets.write_xlsx` is the way in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from apps.common.sheets import CONTROL, CellType, Column, Row, csv_cell, decimal_comma, safe_text
from ledger.money import MINOR_PER_UNIT

_CELL_CHARACTERS_MAX = 32_767  # Excel's own bound
# Excel keeps 15 digits: beyond, centavos would be lost without a word.
_EXACT_MINOR_MAX = 10**15
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_SHEET_NAME_MAX = 31
_WIDTHS = {"date": 12, "month": 10, "money": 18, "count": 10, "number": 14}
_TEXT_WIDTH = 34


def workbook(title: str, columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    """Return the table as a workbook of one sheet, its heads bold and kept in sight."""
    made = Workbook(write_only=True)
    sheet: Any = made.create_sheet(_sheet_name(title))
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        width = _WIDTHS.get(column.type, _TEXT_WIDTH)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_head(sheet, column) for column in columns])
    for row in rows:
        sheet.append([_xlsx_cell(sheet, column.type, cell) for column, cell in zip(columns, row, strict=True)])
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def _head(sheet: Any, column: Column) -> Any:
    cell = _text_cell(sheet, column.head)
    cell.font = Font(bold=True)
    return cell


def _xlsx_cell(sheet: Any, kind: CellType, cell: Any) -> Any:
    if cell is None:
        return None
    match kind:
        case CellType.MONEY if abs(cell) < _EXACT_MINOR_MAX:
            return _formatted(sheet, Decimal(cell) / MINOR_PER_UNIT, "#,##0.00")
        case CellType.MONEY:
            return _text_cell(sheet, decimal_comma(cell))
        case CellType.DATE | CellType.MONTH if cell.year < 1900:  # Excel's calendar begins there
            return _text_cell(sheet, csv_cell(kind, cell))
        case CellType.DATE:
            return _formatted(sheet, cell, "dd/mm/yyyy")
        case CellType.MONTH:
            return _formatted(sheet, cell, "mm/yyyy")
        case CellType.COUNT:
            return _formatted(sheet, int(cell), "0")
        case CellType.NUMBER:
            return _formatted(sheet, Decimal(cell), "General")
        case _:
            return _text_cell(sheet, str(cell))


def _formatted(sheet: Any, value: Any, number_format: str) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = number_format
    return cell


def _text_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, safe_text(text)[:_CELL_CHARACTERS_MAX])
    cell.data_type = "s"
    return cell


def _sheet_name(title: str) -> str:
    name = _SHEET_NAME.sub(" ", CONTROL.sub(" ", title)).strip()[:_SHEET_NAME_MAX].strip()
    return name or "Hoja"
