"""Rows of cells as lines of a journal: each cell read as what its head says it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from apps.common.text import fold
from apps.trans.imports.cells import HEADS, Cell, SheetRow, text_of
from apps.trans.imports.errors import RowFault, row_fault
from apps.trans.models import LEGEND_MAX
from ledger.reading import Unreadable, decimal_mark, read_amount, read_date, read_number

T = TypeVar("T")

_REQUIRED = ("fecha", "cuenta", "debe", "haber")
CODE_MAX = 40
_SHOWN_MAX = 40
_NO_AMOUNT = {"", "-", "$ -", "$-"}  # Excel's accounting format shows zero as a dash


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A line as its row states it: `entry` (the asiento's number), date and legend may stand in other rows."""

    number: int
    entry: str
    date: dt.date | None
    legend: str
    account: str
    debit: int
    credit: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sheet says, and each cell that could not be read (its row is among `rows` all the same)."""

    rows: tuple[JournalRow, ...]
    faults: tuple[RowFault, ...]


def read_rows(sheet: Sequence[SheetRow]) -> Reading:
    """Read a sheet whose first row names the columns, in any order."""
    columns, faults = columns_of(sheet[0], HEADS)
    faults += missing_heads(sheet[0], columns, _REQUIRED)
    if faults:
        return Reading((), tuple(faults))
    reader = CellReader(columns, sheet[1:], amounts=("debe", "haber"))
    return Reading(tuple(_journal_row(reader, row) for row in sheet[1:]), tuple(reader.faults))


def _journal_row(reader: CellReader, row: SheetRow) -> JournalRow:
    """Return the line; a cell that cannot be read leaves a fault and counts as blank."""
    return JournalRow(
        number=row.number,
        entry=reader.text(row, "asiento", maximum=CODE_MAX),
        date=reader.date(row, "fecha"),
        legend=reader.text(row, "leyenda", maximum=LEGEND_MAX),
        account=reader.text(row, "cuenta", maximum=CODE_MAX),
        debit=reader.amount(row, "debe"),
        credit=reader.amount(row, "haber"),
    )


def columns_of(head: SheetRow, known: Collection[str]) -> tuple[dict[str, int], list[RowFault]]:
    """Return the place of each known column by its head, and those that stand twice."""
    columns: dict[str, int] = {}
    faults = []
    for place, cell in enumerate(head.cells):
        name = fold(text_of(cell))
        if name in columns:
            faults.append(row_fault(head.number, name, "head_repeated", value=name))
        elif name in known:
            columns[name] = place
    return columns, faults


def missing_heads(
    head: SheetRow, columns: Collection[str], required: Iterable[str], code: str = "head_missing"
) -> list[RowFault]:
    """Return a fault for each required column that is not there."""
    return [row_fault(head.number, name, code, value=name) for name in required if name not in columns]


class CellReader:
    """Reads cells of rows by their columns' heads, keeping the faults that it meets.

    `amounts` are the columns from whose cells in `body` the decimal mark is told. A column that is not
    there reads as blank.
    """

    def __init__(self, columns: Mapping[str, int], body: Sequence[SheetRow], *, amounts: Sequence[str]) -> None:
        self._columns = columns
        cells = (self._cell(row, column) for row in body for column in amounts)
        self._mark = decimal_mark(cell for cell in cells if isinstance(cell, str))
        self.faults: list[RowFault] = []

    def _cell(self, row: SheetRow, column: str) -> Cell:
        place = self._columns.get(column)
        return None if place is None or place >= len(row.cells) else row.cells[place]

    def text(self, row: SheetRow, column: str, *, maximum: int) -> str:
        """Return a text in one line."""
        text = " ".join(text_of(self._cell(row, column)).split())
        if len(text) > maximum:
            self.faults.append(row_fault(row.number, column, "text_too_long", max=maximum))
        elif not text.isprintable():
            self.faults.append(row_fault(row.number, column, "text_unprintable"))
        else:
            return text
        return ""

    def date(self, row: SheetRow, column: str) -> dt.date | None:
        """Return a date, None for a blank cell."""
        cell = self._cell(row, column)
        if isinstance(cell, dt.datetime):
            return cell.date()
        if isinstance(cell, dt.date):
            return cell
        text = text_of(cell)
        return self._read(row.number, column, text, lambda: read_date(text)) if text else None

    def amount(self, row: SheetRow, column: str) -> int:
        """Return centavos, 0 for a blank cell."""
        cell, number = self._cell(row, column), row.number
        text = text_of(cell)
        if text in _NO_AMOUNT:
            return 0
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            value = cell
            return self._read(number, column, text, lambda: read_number(value)) or 0
        return self._read(number, column, text, lambda: read_amount(text, self._mark)) or 0

    def _read(self, number: int, column: str, shown: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except Unreadable as error:
            self.faults.append(row_fault(number, column, error.code, value=shown[:_SHOWN_MAX]))
            return None
