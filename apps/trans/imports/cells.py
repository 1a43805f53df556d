"""Cells, however they were written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

HEADS = ("asiento", "fecha", "leyenda", "cuenta", "debe", "haber")
OPENING_HEADS = ("cuenta", "saldo", "debe", "haber")
COLUMNS_MAX = 50

Cell = str | int | float | bool | dt.date | dt.time | dt.timedelta | None
Cells = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a file may be."""

    rows: int
    bytes: int


WEB = Bounds(rows=50_000, bytes=10 << 20)
COMMAND = Bounds(rows=1_000_000, bytes=256 << 20)  # who may run commands may fill the memory


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that is not blank; `number` counts from 1, as a spreadsheet does."""

    number: int
    cells: Cells


def text_of(cell: Cell) -> str:
    """Return what the cell shows, without blanks around it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
