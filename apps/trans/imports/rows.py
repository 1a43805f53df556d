"""Rows of cells as lines of a journal: each cell read as what its head says it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from apps.common.text import fold
from apps.trans.imports.cells import HEADS, Cell, SheetRow, text_of
from apps.trans.imports.errors import RowFault, row_fault
from apps.trans.models import LEGEND_MAX
from ledger.reading import Unreadable, decimal_mark, read_amount, read_date, read_number

T = TypeVar("T")

_REQUIRED = ("fecha", "cuenta", "debe", "haber")
_ENTRY_MAX = 40
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
    columns, faults = _columns(sheet[0])
    if faults:
        return Reading((), tuple(faults))
    body = sheet[1:]
    sides = [columns["debe"], columns["haber"]]
    mark = decimal_mark(cell for row in body for cell in _picked(row, sides) if isinstance(cell, str))
    reader = _Reader(columns, mark)
    return Reading(tuple(reader.row(row) for row in body), tuple(reader.faults))


def _columns(head: SheetRow) -> tuple[dict[str, int], list[RowFault]]:
    """Return the place of each column by its head, and what is wrong with the heads."""
    columns: dict[str, int] = {}
    faults = []
    for place, cell in enumerate(head.cells):
        name = fold(text_of(cell))
        if name in columns:
            faults.append(row_fault(head.number, name, "head_repeated", value=name))
        elif name in HEADS:
            columns[name] = place
    missing = [name for name in _REQUIRED if name not in columns]
    faults += [row_fault(head.number, name, "head_missing", value=name) for name in missing]
    return columns, faults


def _picked(row: SheetRow, places: Iterable[int]) -> list[Cell]:
    return [row.cells[place] if place < len(row.cells) else None for place in places]


class _Reader:
    """Reads rows by one set of columns, keeping the faults that it meets."""

    def __init__(self, columns: Mapping[str, int], mark: str | None) -> None:
        self._columns = columns
        self._mark = mark
        self.faults: list[RowFault] = []

    def row(self, row: SheetRow) -> JournalRow:
        """Return the line; a cell that cannot be read leaves a fault and counts as blank."""
        cells = dict(zip(self._columns, _picked(row, self._columns.values()), strict=True))
        number = row.number
        return JournalRow(
            number=number,
            entry=self._text(number, "asiento", cells.get("asiento"), maximum=_ENTRY_MAX),
            date=self._date(number, cells["fecha"]),
            legend=self._text(number, "leyenda", cells.get("leyenda"), maximum=LEGEND_MAX),
            account=self._text(number, "cuenta", cells["cuenta"], maximum=_ENTRY_MAX),
            debit=self._amount(number, "debe", cells["debe"]),
            credit=self._amount(number, "haber", cells["haber"]),
        )

    def _text(self, number: int, column: str, cell: Cell, *, maximum: int) -> str:
        text = " ".join(text_of(cell).split())
        if len(text) > maximum:
            self.faults.append(row_fault(number, column, "text_too_long", max=maximum))
        elif not text.isprintable():
            self.faults.append(row_fault(number, column, "text_unprintable"))
        else:
            return text
        return ""

    def _date(self, number: int, cell: Cell) -> dt.date | None:
        if isinstance(cell, dt.datetime):
            return cell.date()
        if isinstance(cell, dt.date):
            return cell
        text = text_of(cell)
        return self._read(number, "fecha", text, lambda: read_date(text)) if text else None

    def _amount(self, number: int, column: str, cell: Cell) -> int:
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
