"""The form that a question becomes before it becomes SQL: what is asked, of what, when, how ordered."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Self

from services.consultorIA.amounts import Bounds
from services.consultorIA.periods import Period


class Shape(StrEnum):
    """What kind of answer a form asks for; each is compiled by a function of its own."""

    TOTAL = "total"  # a metric over accounts: one number, or one a group
    BALANCE = "saldo"  # a balance, at a date or now
    RUNNING = "saldo_acumulado"  # the balance at the end of each month
    RESULT = "resultado"  # income less expenses
    RATIO = "ratio"
    SHARE = "participacion"  # accounts as a part of other accounts
    ENTRIES = "asientos"
    LINES = "movimientos"
    COUNTER = "contrapartida"
    ACCOUNTS = "cuentas"
    PEOPLE = "usuarios"
    PERIODS = "periodos"


class Metric(StrEnum):
    """What is measured."""

    NET = "neto"  # signed by the accounts' side
    MOVES = "movimiento"  # both sides and the change, of accounts that have a balance
    DEBIT = "debe"
    CREDIT = "haber"
    BOTH = "debe_y_haber"
    COUNT = "cantidad"
    AMOUNT = "importe"
    LIST = "lista"
    CURRENT_RATIO = "liquidez"
    WORKING_CAPITAL = "capital_de_trabajo"
    SOLVENCY = "solvencia"
    DEBT_RATIO = "endeudamiento"
    MARGIN = "margen"
    GROSS = "ganancia_bruta"  # sales less their cost, the cost in `part`
    DATE = "fecha"
    SHARE = "porcentaje"


class Aggregate(StrEnum):
    """How what is measured becomes a number."""

    SUM = "suma"
    AVERAGE = "promedio"
    MAXIMUM = "maximo"
    MINIMUM = "minimo"


class Dimension(StrEnum):
    """What figures are grouped by; each is a column of the views."""

    ACCOUNT = "cuenta"
    RUBRO = "rubro"
    GROUP = "grupo"
    PARTIDA = "partida"
    MONTH = "mes"
    QUARTER = "trimestre"
    YEAR = "anio"
    DAY = "fecha"
    WEEK = "semana"  # by its Monday
    WEEKDAY = "dia_semana"
    USER = "usuario"
    STUDENTS = "grupo_alumnos"
    STATE = "estado"
    KIND = "tipo"
    ROLE = "rol"


TIME = frozenset({Dimension.MONTH, Dimension.QUARTER, Dimension.YEAR, Dimension.DAY, Dimension.WEEK})
ENTRY_ONLY = frozenset(
    {
        Dimension.DAY, Dimension.WEEK, Dimension.WEEKDAY, Dimension.USER, Dimension.STUDENTS, Dimension.STATE,
        Dimension.KIND,
    }
)


@dataclass(frozen=True, slots=True)
class AccountSet:
    """Accounts that a question means: by a heading (`column` and `value`) or by their codes.

    `debit_side` says which side makes its figures positive.
    """

    label: str
    codes: tuple[str, ...]
    column: str = ""
    value: str = ""
    debit_side: bool = True
    partida: str = ""

    @property
    def is_one(self) -> bool:
        """Whether it is a single account."""
        return len(self.codes) == 1


@dataclass(frozen=True, slots=True)
class Filters:
    """What rows count. Empty fields exclude nothing."""

    accounts: AccountSet | None = None
    without: AccountSet | None = None
    beside: AccountSet | None = None  # entries that have these accounts too
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    role: str = ""
    legends: tuple[str, ...] = ()
    amount: Bounds | None = None
    lines: Bounds | None = None
    count: Bounds | None = None  # how many entries a group has
    number: int | None = None  # an entry's number or key
    weekdays: tuple[int, ...] = ()
    side: str = ""  # "debe" or "haber": lines on that side alone
    reversals: bool = False
    kinds: tuple[str, ...] = ()  # what sort of entry: Apertura, Cierre
    idle: bool = False  # accounts that nothing moved, people who recorded nothing
    negative: bool = False
    moved: bool = False
    used: bool = False  # accounts that something moved
    nature: str = ""  # "Deudora" or "Acreedora"
    active: str = ""  # "Sí" or "No"
    without_closings: bool = False  # the entries that empty the results at a year's end do not count


@dataclass(frozen=True, slots=True)
class Form:
    """A question understood. `descending` None leaves the natural order (time, code, newest first)."""

    shape: Shape
    metric: Metric = Metric.NET
    aggregate: Aggregate = Aggregate.SUM
    dimensions: tuple[Dimension, ...] = ()
    period: Period | None = None
    comparison: Period | None = None
    filters: Filters = field(default_factory=Filters)
    descending: bool | None = None
    by_date: bool = False  # the order is that of dates rather than of amounts
    limit: int | None = None
    part: AccountSet | None = None  # of a SHARE
    columns: tuple[str, ...] = ()  # attributes asked for by name

    def with_filters(self, **changes: Any) -> Form:
        """Return the form with other filters."""
        return dataclasses.replace(self, filters=dataclasses.replace(self.filters, **changes))

    def to_dict(self) -> dict[str, Any]:
        """Return the form as JSON-safe data, without what is at its default."""
        made: dict[str, Any] = _plain(self)
        return made

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the form of `to_dict`; raises ValueError when it is none."""
        try:
            return cls(**_read_form(data))
        except (KeyError, TypeError, AttributeError, InvalidOperation) as error:
            raise ValueError(f"No form: {error}") from None


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for one in dataclasses.fields(value):
            held = getattr(value, one.name)
            default = one.default if one.default is not dataclasses.MISSING else None
            if held != default and held != Filters():
                changed[one.name] = _plain(held)
        return changed
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, (dt.date, Decimal)):
        return str(value)
    return value.value if isinstance(value, StrEnum) else value


def _read_form(data: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = dict(data)
    made["shape"] = Shape(made["shape"])
    made["metric"] = Metric(made.get("metric", Metric.NET))
    made["aggregate"] = Aggregate(made.get("aggregate", Aggregate.SUM))
    made["dimensions"] = tuple(Dimension(name) for name in made.get("dimensions", ()))
    made["period"] = _read_period(made.get("period"))
    made["comparison"] = _read_period(made.get("comparison"))
    made["filters"] = _read_filters(made.get("filters") or {})
    made["part"] = _read_accounts(made.get("part"))
    made["columns"] = tuple(made.get("columns", ()))
    return made


def _read_period(data: Mapping[str, Any] | None) -> Period | None:
    if data is None:
        return None
    made = dict(data)
    for name in ("first", "last"):
        made[name] = dt.date.fromisoformat(made[name]) if made.get(name) else None
    return Period(**made)


def _read_accounts(data: Mapping[str, Any] | None) -> AccountSet | None:
    return None if data is None else AccountSet(**{**data, "codes": tuple(data["codes"])})


def _read_bounds(data: Mapping[str, Any] | None) -> Bounds | None:
    if data is None:
        return None
    low, high = (None if data.get(name) is None else Decimal(data[name]) for name in ("low", "high"))
    return Bounds(low, high, bool(data.get("strict", False)))


_FILTER_READERS: dict[str, Callable[[Any], Any]] = {
    "accounts": _read_accounts,
    "without": _read_accounts,
    "beside": _read_accounts,
    "amount": _read_bounds,
    "lines": _read_bounds,
    "count": _read_bounds,
}


def _read_filters(data: Mapping[str, Any]) -> Filters:
    made: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    for name in _FILTER_READERS.keys() & made.keys():
        made[name] = _FILTER_READERS[name](made[name])
    return Filters(**made)
