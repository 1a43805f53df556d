"""An answer's rows as a spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from apps.common.sheets import CellType, Column, write_csv, write_xlsx
from apps.consultor.confinement import reader_for
from apps.consultor.errors import NothingToExport, QueryFailed
from apps.consultor.models import ConsultorQuery
from ledger.money import MINOR_PER_UNIT

if TYPE_CHECKING:  # at run time it comes with the first question
    from services.consultorIA.readers import Result


def as_csv(query: ConsultorQuery) -> bytes:
    """Run the stored query anew and return its rows as CSV; NothingToExport, QueryFailed."""
    columns, rows = _table(_run(query))
    return b"".join(write_csv(columns, rows))


def as_xlsx(query: ConsultorQuery) -> bytes:
    """Run the stored query anew and return its rows as a workbook; NothingToExport, QueryFailed."""
    columns, rows = _table(_run(query))
    return write_xlsx(query.question, columns, rows)


def _run(query: ConsultorQuery) -> Result:
    from services.consultorIA.errors import QueryError
    from services.consultorIA.readers.base import ROWS_MAX

    if not query.valida:
        raise NothingToExport
    try:
        with reader_for(query.company) as reader:
            return reader.run(query.consulta, limit=ROWS_MAX)
    except QueryError as error:
        raise QueryFailed(error.error_usuario) from error


def _table(result: Result) -> tuple[list[Column], list[list[Any]]]:
    """Return columns and rows as `sheets` takes them; what is not of its column's kind makes it text."""
    columns: list[Column] = []
    cells: list[list[Any]] = []
    for index, (name, kind) in enumerate(result.columns):
        values = [row[index] for row in result.rows]
        type_, made = _converted(CellType(kind), values)
        columns.append(Column(name, name, type_))
        cells.append(made)
    return columns, [list(row) for row in zip(*cells, strict=True)]


def _converted(kind: CellType, values: list[Any]) -> tuple[CellType, list[Any]]:
    convert = _CONVERSIONS[kind]
    try:
        return kind, [None if value is None else convert(value) for value in values]
    except ValueError:
        return CellType.TEXT, [None if value is None else str(value) for value in values]


_CONVERSIONS: dict[CellType, Callable[[Any], Any]] = {
    CellType.TEXT: str,
    CellType.MONEY: lambda pesos: int(pesos * MINOR_PER_UNIT),
    CellType.DATE: dt.date.fromisoformat,
    CellType.MONTH: lambda month: dt.date.fromisoformat(f"{month}-01"),
    CellType.COUNT: int,
    CellType.NUMBER: lambda number: Decimal(str(number)),
}
