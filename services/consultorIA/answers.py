"""Answers: one sentence, the table, the chart by its shape, and what opens each figure.

All by template over the rows that came back; a model writes none of it. Cells are text that users
typed: whoever shows them escapes them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.consultorIA import sentences, wording
from services.consultorIA.forms import TIME, Aggregate, Dimension, Form, Metric, Shape
from services.consultorIA.periods import Period, span_of
from services.consultorIA.readers import Cell, Result

LINKS_MAX = 200
CHART_ROWS_MAX = 60
_STATES = {"Para verificar": 0, "Verificado": 1, "Cerrado": 2}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets. `codigo` -1 where `valida`; money in `rows` is a Decimal of pesos.

    `grafico` is {tipo: "linea"|"barras", categoria, series: [columns]}; `enlaces` are filters of the
    lists of entries, each with the row (`fila`) or the whole that it opens.
    """

    valida: bool
    consulta: str = ""
    codigo: int = -1
    error_tecnico: str = ""
    error_usuario: str = ""
    columns: list[tuple[str, str]] = field(default_factory=list)
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    truncated: bool = False
    respuesta: str = ""
    grafico: dict[str, Any] | None = None
    interpretacion: str = ""
    confianza: float = 0.0
    origen: str = ""
    form: dict[str, Any] | None = None
    enlaces: list[dict[str, Any]] = field(default_factory=list)
    sugerencias: list[str] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        """How many rows came back."""
        return len(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as the contract has it, JSON-safe."""
        return {
            "valida": self.valida,
            "consulta": self.consulta,
            "codigo": self.codigo,
            "error_tecnico": self.error_tecnico,
            "error_usuario": self.error_usuario,
            "columns": [{"name": name, "type": kind} for name, kind in self.columns],
            "rows": [[str(value) if isinstance(value, Decimal) else value for value in row] for row in self.rows],
            "row_count": self.row_count,
            "truncated": self.truncated,
            "respuesta": self.respuesta,
            "grafico": self.grafico,
            "interpretacion": self.interpretacion,
            "confianza": self.confianza,
            "origen": self.origen,
            "enlaces": self.enlaces,
            "sugerencias": self.sugerencias,
        }


def chart(form: Form | None, result: Result) -> dict[str, Any] | None:
    """Return the chart that suits the rows: a line over time, bars over categories, none for one number."""
    if len(result.rows) < 2 or len(result.rows) > CHART_ROWS_MAX:
        return None
    series = [name for name, kind in result.columns if kind in {"money", "count"}]
    if form is None or form.shape is Shape.COUNTER:
        category = next((name for name, kind in result.columns if kind in {"text", "month", "date"}), None)
        time = category is not None and dict(result.columns)[category] in {"month", "date"}
        return (
            None
            if category is None or not series or (form is None and len(result.columns) > 4)
            else {
                "tipo": "linea" if time else "barras",
                "categoria": "cuenta" if form is not None else category,
                "series": series,
            }
        )
    if not form.dimensions or not series or form.metric is Metric.LIST:
        return None
    first = form.dimensions[0]
    category = "cuenta" if first is Dimension.ACCOUNT else first.value
    if form.shape is Shape.RUNNING:
        series = ["saldo"]
    if form.shape is Shape.RATIO:
        series = [result.columns[-1][0]]
    if form.metric is Metric.MOVES:
        series = ["debe", "haber"]
    if "diferencia" in series:
        series = ["actual", "anterior"]
    return {"tipo": "linea" if first in TIME else "barras", "categoria": category, "series": series}


# --- Links -----------------------------------------------------------------------------------------------


def links(form: Form | None, result: Result) -> list[dict[str, Any]]:
    """Return what opens the figures: one link a row where rows are groups, else one for the whole."""
    if form is None or form.shape in {Shape.PEOPLE, Shape.PERIODS, Shape.RATIO, Shape.SHARE}:
        return []
    names = [name for name, _kind in result.columns]
    whole = _whole_link(form)
    if form.shape in {Shape.ENTRIES, Shape.LINES} and form.metric is Metric.LIST:
        return (
            [
                {
                    "fila": index,
                    "label": f"Asiento {row[names.index('asiento_id')]}",
                    "trans_id": row[names.index("asiento_id")],
                }
                for index, row in enumerate(result.rows[:LINKS_MAX])
            ]
            if "asiento_id" in names
            else []
        )
    one_number = not form.dimensions or (form.aggregate is Aggregate.AVERAGE and len(form.dimensions) == 1)
    if form.shape is Shape.COUNTER or one_number:
        made = [{**whole, "label": wording.interpretation(form).rstrip(".")}]
        if form.comparison is not None:
            made.append({**whole, **_dates(form.comparison), "label": form.comparison.words()})
        return made
    return [
        {"fila": index, "label": sentences.label(form, result, row), **_narrowed(whole, _row_link(form, names, row))}
        for index, row in enumerate(result.rows[:LINKS_MAX])
    ]


def _narrowed(whole: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """Return the filters of the whole with a row's own in their place."""
    return {name: value for name, value in {**whole, **row}.items() if name != "accounts" or "account" not in row}


def _whole_link(form: Form) -> dict[str, Any]:
    asked = form.filters
    made: dict[str, Any] = {**_dates(form.period)}
    if asked.accounts is not None:
        left_out = asked.without.codes if asked.without is not None else ()
        codes = [code for code in asked.accounts.codes if code not in left_out]
        made |= {"account": codes[0]} if len(codes) == 1 else {"accounts": codes}
    if len(asked.states) == 1:
        made["status"] = _STATES[asked.states[0]]
    if len(asked.users) == 1:
        made["user"] = asked.users[0]
    if len(asked.groups) == 1:
        made["group"] = asked.groups[0]
    if asked.legends:
        made["search"] = asked.legends[0]
    return made


def _dates(period: Period | None) -> dict[str, Any]:
    if period is None:
        return {}
    return {
        name: str(value) for name, value in (("date_from", period.first), ("date_to", period.last)) if value is not None
    }


def _month(text: str) -> Period | None:
    return span_of(dt.date(int(text[:4]), int(text[5:]), 1), 1) if len(text) == 7 else None


def _quarter(text: str) -> Period | None:
    return span_of(dt.date(int(text[:4]), 3 * int(text[-1]) - 2, 1), 3) if len(text) == 7 else None


def _year(text: str) -> Period | None:
    return span_of(dt.date(int(text), 1, 1), 12) if len(text) == 4 else None


def _one_day(text: str) -> Period | None:
    day = dt.date.fromisoformat(text) if text else None
    return Period(day, day)


def _week(text: str) -> Period | None:
    monday = dt.date.fromisoformat(text) if text else None
    return None if monday is None else Period(monday, monday + dt.timedelta(days=6))


def _within(span: Period | None, period: Period | None) -> Period | None:
    """Return the part of a row's span that the whole answer is of."""
    if span is None or period is None or span.first is None or span.last is None:
        return span
    first = max(span.first, period.first) if period.first is not None else span.first
    return Period(first, min(span.last, period.last) if period.last is not None else span.last)


_SPANS = {
    Dimension.MONTH: _month,
    Dimension.QUARTER: _quarter,
    Dimension.YEAR: _year,
    Dimension.DAY: _one_day,
    Dimension.WEEK: _week,
}


def _row_link(form: Form, names: Sequence[str], row: Sequence[Cell]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for one in form.dimensions:
        column = "codigo" if one is Dimension.ACCOUNT else one.value
        value = str(row[names.index(column)]) if column in names else ""
        if one is Dimension.ACCOUNT:
            made["account"] = value
        elif one in _SPANS:
            made |= _dates(_within(_SPANS[one](value), form.period))
        elif one is Dimension.USER:
            made["user"] = value
        elif one is Dimension.STUDENTS:
            made["group"] = value
        elif one is Dimension.STATE and value in _STATES:
            made["status"] = _STATES[value]
    return made
