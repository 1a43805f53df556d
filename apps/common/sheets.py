"""Tables as spreadsheets, the Argentine way, safe to open.

CSV has `;` between cells, a decimal comma and dates as dd/mm/yyyy; a workbook has real numbers and
dates under formats that show the same. A text that a spreadsheet would take for a formula is told
to be text: whoever recorded it is not trusted by whoever opens the file.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ledger.money import MINOR_PER_UNIT

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# A cell that begins with one of these may run as a formula; blanks before it do not stop that.
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n|]")
# XML 1.0 has no place for them.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class CellType(StrEnum):
    """What a column holds: MONEY int centavos, DATE a date, MONTH a date, COUNT an int, NUMBER a Decimal."""

    TEXT = "text"
    MONEY = "money"
    DATE = "date"
    MONTH = "month"
    COUNT = "count"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key on the wire, its head for people, what its cells hold."""

    key: str
    head: str
    type: CellType = CellType.TEXT


Row = Sequence[Any]  # a cell per column; None is an empty one


def write_csv(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield the table as CSV in pieces, with the mark by which Excel knows UTF-8."""
    yield "\ufeff".encode() + _csv_lines([[safe_text(column.head) for column in columns]])
    batch: list[list[str]] = []
    for row in rows:
        batch.append([csv_cell(column.type, cell) for column, cell in zip(columns, row, strict=True)])
        if len(batch) == 500:
            yield _csv_lines(batch)
            batch = []
    if batch:
        yield _csv_lines(batch)


def write_xlsx(title: str, columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    """Return the table as a workbook of one sheet, its heads bold and kept in sight."""
    from apps.common.workbooks import workbook  # openpyxl takes 60 ms to load: who reads no workbook waits not

    return workbook(title, columns, rows)


def safe_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: a quote in front where it might."""
    clean = CONTROL.sub("\ufffd", text)
    return f"'{clean}" if _FORMULA.match(clean) else clean


def decimal_comma(amount_minor: int) -> str:
    """Return centavos as `-1234,56`: no thousands mark, so that every program reads it back."""
    units, cents = divmod(abs(amount_minor), MINOR_PER_UNIT)
    return f"{'-' if amount_minor < 0 else ''}{units},{cents:02}"


def day_first(day: dt.date) -> str:
    """Return a date as dd/mm/yyyy, with four digits of the year on every platform."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def _csv_lines(rows: Iterable[Sequence[str]]) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=";", lineterminator="\r\n").writerows(rows)
    return target.getvalue().encode()


def csv_cell(kind: CellType, cell: Any) -> str:
    """Return a cell as CSV shows it."""
    if cell is None:
        return ""
    match kind:
        case CellType.MONEY:
            return decimal_comma(cell)
        case CellType.DATE:
            return day_first(cell)
        case CellType.MONTH:
            return f"{cell.month:02}/{cell.year:04}"
        case CellType.COUNT:
            return str(int(cell))
        case CellType.NUMBER:
            return f"{Decimal(cell):f}".replace(".", ",")
        case _:
            return safe_text(str(cell))
