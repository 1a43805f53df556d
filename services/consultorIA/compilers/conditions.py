"""What every compiled form needs: the view to read, its conditions, its groups and their order."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence

from services.consultorIA.forms import ENTRY_ONLY, TIME, AccountSet, Dimension, Form
from services.consultorIA.periods import Period
from services.consultorIA.sql_text import any_of, literal, select

ENTRIES, LINES, MONTHS, ACCOUNTS, PEOPLE, PERIODS = (
    "asientos",
    "movimientos",
    "saldos_mensuales",
    "cuentas",
    "usuarios",
    "periodos",
)
_YEAR = "SUBSTR(mes, 1, 4)"


def of_accounts(chosen: AccountSet | None) -> list[str]:
    """Return the condition that a row is of the accounts; none for any."""
    if chosen is None:
        return []
    if chosen.column:
        return [f"{chosen.column} = {literal(chosen.value)}"]
    return [any_of("codigo", chosen.codes)] if chosen.codes else ["1 = 0"]


def needs_lines(form: Form) -> bool:
    """Return whether entries alone know what the form asks."""
    asked = form.filters
    return bool(
        asked.users
        or asked.role
        or asked.groups
        or asked.states
        or asked.legends
        or asked.weekdays
        or asked.side
        or asked.reversals
        or asked.kinds
        or asked.lines
        or asked.without_closings
        or ENTRY_ONLY & set(form.dimensions)
        or not all(is_whole_months(one) for one in (form.period, form.comparison))
    )


def is_whole_months(period: Period | None) -> bool:
    """Return whether a period begins and ends with months."""
    if period is None:
        return True
    first, last = period.first, period.last
    return (first is None or first.day == 1) and (
        last is None or last.day == calendar.monthrange(last.year, last.month)[1]
    )


def source_of(form: Form) -> str:
    """Return the cheapest view that knows what a form asks."""
    if needs_lines(form):
        return LINES
    timeless = form.period is None and form.comparison is None and not TIME & set(form.dimensions)
    return ACCOUNTS if timeless else MONTHS


def of_dates(period: Period | None, source: str) -> list[str]:
    """Return the conditions that a period puts on the rows of a view."""
    if period is None or source == ACCOUNTS:
        return []
    column = "mes" if source == MONTHS else "fecha"
    first, last = (_bound(day, source) for day in (period.first, period.last))
    if first and first == last:
        return [f"{column} = {first}"]
    if first and last:
        return [f"{column} BETWEEN {first} AND {last}"]
    return [f"{column} >= {first}"] if first else [f"{column} <= {last}"] if last else []


def _bound(day: dt.date | None, source: str) -> str:
    return "" if day is None else literal(f"{day:%Y-%m}" if source == MONTHS else day.isoformat())


def of_entry(form: Form, source: str) -> list[str]:
    """Return the conditions on an entry's own columns."""
    asked = form.filters
    made = [
        any_of(column, values)
        for column, values in (
            ("usuario", asked.users),
            ("grupo_alumnos", asked.groups),
            ("estado", asked.states),
            ("tipo", asked.kinds),
        )
        if values
    ]
    made += [f"leyenda_simple LIKE {literal('%' + _escaped(text) + '%')} ESCAPE '\\'" for text in asked.legends]
    if asked.role:
        made.append(f"usuario IN ({select(['nombre'], PEOPLE, [f'rol = {literal(asked.role)}'])})")
    if asked.reversals:
        made.append("tipo = 'Anulación'")
    if asked.weekdays:
        day = f"dia_semana IN ({', '.join(map(str, asked.weekdays))})"
        made.append(day if source == LINES else in_entries([day]))
    return made


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def in_entries(conditions: Sequence[str]) -> str:
    """Return the condition that an entry has a line of which the conditions hold."""
    return f"asiento_id IN ({select(['asiento_id'], LINES, conditions)})"


def conditions(form: Form, source: str) -> list[str]:
    """Return all conditions on the rows of a view that a form sums."""
    made = of_accounts(form.filters.accounts) + of_dates(form.period, source)
    made += [f"NOT ({condition})" for condition in of_accounts(form.filters.without)]
    if source == LINES:
        made += of_entry(form, source)
        made += (
            ["tipo NOT IN ('Refundición de resultados', 'Cierre', 'Apertura')"] if form.filters.without_closings else []
        )
        made += [f"{form.filters.side} > 0"] if form.filters.side else []
    return made


def columns_of(dimensions: Sequence[Dimension], source: str) -> list[tuple[str, str]]:
    """Return (expression, name) for each column that the dimensions show and group by."""
    made: list[tuple[str, str]] = []
    for one in dimensions:
        if one is Dimension.ACCOUNT:
            name = "nombre" if source == ACCOUNTS else "cuenta"
            made += [("codigo", "codigo"), (name, "cuenta")]
        elif one is Dimension.YEAR:
            made.append((_YEAR, "anio"))
        elif one in {Dimension.RUBRO, Dimension.GROUP}:
            made += [(one.value, one.value)]
        else:
            made.append((one.value, one.value))
    return made


def shown_columns(columns: Sequence[tuple[str, str]]) -> list[str]:
    """Return the columns as they stand after SELECT."""
    return [expression if expression == name else f"{expression} AS {name}" for expression, name in columns]


def grouped_by(columns: Sequence[tuple[str, str]]) -> list[str]:
    """Return the columns as they stand after GROUP BY."""
    return [expression for expression, _name in columns]


def order_of(form: Form, value: str, columns: Sequence[tuple[str, str]]) -> list[str]:
    """Return the order of grouped rows: time as it runs, amounts from the largest, or as asked."""
    names = [name for _expression, name in columns]
    if form.descending is None and (not form.dimensions or form.dimensions[0] in TIME | {Dimension.WEEKDAY}):
        return names
    return [f"{value}{'' if form.descending is False else ' DESC'}", *names]


def side_of(chosen: AccountSet | None) -> str:
    """Return the signed amount of a row, positive on the accounts' side."""
    return "debe - haber" if chosen is None or chosen.debit_side else "haber - debe"
