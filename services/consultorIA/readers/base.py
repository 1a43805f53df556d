"""What the readers of both engines share: the way of a statement, and the values of its result."""

from __future__ import annotations

import abc
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import TracebackType
from typing import Any, ClassVar, Self

from services.consultorIA.catalog import Kind
from services.consultorIA.columns import Outputs
from services.consultorIA.confining import CELL_BYTES_MAX
from services.consultorIA.errors import Inexact, NotAllowed, TooBig
from services.consultorIA.sql_validator import Statement, read

ROWS = 1_000
ROWS_MAX = 20_000
COLUMNS_MAX = 60
TIME_MAX_S = 2.0
RESULT_BYTES_MAX = 16 * 1024 * 1024
BUSY = "Hay muchas consultas a la vez: probá de nuevo en unos segundos."
# Up to here a double holds each centavo.
CENTAVOS_MAX = 2**53
_CENTAVO = Decimal("0.01")
_DECIMALS = 6

Cell = Decimal | int | float | str | None


@dataclass(frozen=True, slots=True)
class Result:
    """The rows of a statement.

    `columns` are (name, kind) pairs. In `rows` money is a Decimal of pesos with two places, a count an
    int, a number an int or a float rounded to six places, everything else text: dates `YYYY-MM-DD`,
    months `YYYY-MM`. `truncated`: there were more rows than the limit.
    """

    columns: list[tuple[str, str]]
    rows: list[tuple[Cell, ...]]
    truncated: bool
    elapsed_ms: float


class Reader(abc.ABC):
    """Runs SELECTs over one company's views; `with reader:` closes what it holds."""

    dialect: ClassVar[str]

    def __init__(self, company_id: int) -> None:
        self.company_id = int(company_id)

    def run(self, sql: str, *, limit: int = ROWS) -> Result:
        """Return the result of one SELECT, of at most `limit` rows (1 to ROWS_MAX).

        Raises Rejected when the validator refuses it, Failed when the engine does or it takes longer
        than TIME_MAX_S, NotServed when the reader is not confined.
        """
        started = time.monotonic()
        limit = min(max(limit, 1), ROWS_MAX)
        statement = read(sql, self.dialect)
        try:
            names, rows = self._execute(statement, limit + 1)
        except RecursionError:  # to write it anew takes more than to read it
            raise NotAllowed("statement too deep", "La consulta es demasiado grande: dividila en partes.") from None
        if len(names) > COLUMNS_MAX:
            raise TooBig(f"more than {COLUMNS_MAX} columns")
        if len(statement.outputs) == len(names) or not names:
            names = [name for name, _kind in statement.outputs]  # the same on both engines
        kinds = _kinds(names, statement.outputs, rows)
        return Result(
            columns=[(name, str(kind)) for name, kind in zip(names, kinds, strict=True)],
            rows=[tuple(map(cell, row, kinds)) for row in rows[:limit]],
            truncated=len(rows) > limit,
            elapsed_ms=round((time.monotonic() - started) * 1000, 3),
        )

    @abc.abstractmethod
    def _execute(self, statement: Statement, rows_max: int) -> tuple[list[str], list[Sequence[Any]]]:
        """Return the names of the columns and at most `rows_max` rows, as the engine gives them."""

    @abc.abstractmethod
    def close(self) -> None:
        """Give back what the reader holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def size_of(row: Sequence[Any]) -> int:
    """Return about how many bytes a row takes."""
    return sum(len(value) if isinstance(value, (str, bytes)) else 8 for value in row)


def _kinds(names: list[str], outputs: Outputs, rows: Sequence[Sequence[Any]]) -> list[Kind]:
    known = [kind for _name, kind in outputs] if len(outputs) == len(names) else [None] * len(names)
    return [kind or _kind_of_values(row[index] for row in rows) for index, kind in enumerate(known)]


def _kind_of_values(values: Any) -> Kind:
    for value in values:
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return Kind.NUMBER
        if value is not None:
            break
    return Kind.TEXT


def cell(value: Any, kind: Kind) -> Cell:
    """Return a value of the engine as its kind is shown; Inexact, TooBig."""
    if value is None:
        return None
    if isinstance(value, bool):
        value = int(value)  # as SQLite has it
    if isinstance(value, (int, float, Decimal)):
        return _figure(value, kind)
    text = str(value)[:10] if kind is Kind.DATE else str(value)  # a month's first moment is its first day
    if len(text) > CELL_BYTES_MAX or len(text.encode()) > CELL_BYTES_MAX:
        raise TooBig(f"a cell beyond {CELL_BYTES_MAX} bytes")
    return text


def _figure(value: float | Decimal, kind: Kind) -> Cell:
    if kind is Kind.MONEY:
        return _money(value)
    if kind not in (Kind.NUMBER, Kind.COUNT):
        return str(int(value)) if value == int(value) else str(value)
    if isinstance(value, int):
        return value
    rounded = round(float(value), _DECIMALS)
    if not abs(rounded) < CENTAVOS_MAX:  # infinite and not-a-number, too
        raise Inexact("a figure beyond what a double holds")
    return int(rounded) if rounded == int(rounded) else rounded


def _money(value: float | Decimal) -> Decimal:
    try:
        pesos = Decimal(value) if isinstance(value, (int, Decimal)) else Decimal(repr(value))
        if not pesos.is_finite() or (isinstance(value, float) and abs(pesos) * 100 > CENTAVOS_MAX):
            raise Inexact("money beyond 2**53 centavos")
        return pesos.quantize(_CENTAVO)
    except InvalidOperation:
        raise Inexact("money beyond what can be told exactly") from None
