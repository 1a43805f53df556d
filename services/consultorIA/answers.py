"""Answers: one sentence, the table, the chart by its shape, and what opens each figure.

All by template over the rows that came back; a model writes none of it. Cells are text that users
typed: whoever shows them escapes them.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.consultorIA import wording
from services.consultorIA.forms import TIME, Dimension, Form, Metric, Shape
from services.consultorIA.periods import Period
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


def sentence(form: Form | None, result: Result) -> str:
    """Return the answer in one sentence."""
    if form is None:
        return _plain(result)
    if not result.rows:
        return _nothing(form)
    text = _SENTENCES.get(form.shape, _total)(form, result)
    if result.truncated:
        text = f"{text.rstrip('.')} (se muestran los primeros {wording.number(len(result.rows))})."
    return text[0].upper() + text[1:]


def _plain(result: Result) -> str:
    if not result.rows:
        return "La consulta no devolvió filas."
    if len(result.rows) == 1 and len(result.columns) == 1:
        (name, kind), value = result.columns[0], result.rows[0][0]
        return f"{name}: {wording.cell(value, kind, name)}."
    count = len(result.rows)
    return f"La consulta devolvió {'más de ' if result.truncated else ''}{_counted(count, 'fila', 'filas')}."


def _counted(count: int, noun: str, nouns: str) -> str:
    return f"{wording.number(count)} {noun if count == 1 else nouns}"


def _nothing(form: Form) -> str:
    narrowed = "; ".join(part for part in (wording.when(form.period), *wording.filters(form.filters)) if part)
    noun = {
        Shape.ENTRIES: "asientos",
        Shape.LINES: "movimientos",
        Shape.COUNTER: "movimientos",
        Shape.ACCOUNTS: "cuentas",
        Shape.PEOPLE: "usuarios",
        Shape.PERIODS: "períodos",
    }.get(form.shape, "movimientos")
    return f"No hay {noun} {narrowed}." if narrowed else f"No hay {noun}."


def _value(result: Result, row: Sequence[Cell], name: str) -> str:
    index = [one for one, _kind in result.columns].index(name)
    return wording.cell(row[index], result.columns[index][1], name)


def _label(form: Form, result: Result, row: Sequence[Cell]) -> str:
    """Return the names of a row's groups."""
    names = [name for name, _kind in result.columns]
    shown = ["cuenta" if one is Dimension.ACCOUNT and "cuenta" in names else one.value for one in form.dimensions]
    return ", ".join(_value(result, row, name) for name in shown if name in names)


def _total(form: Form, result: Result) -> str:
    names = [name for name, _kind in result.columns]
    where = ", ".join(wording.filters(form.filters))
    lead = f"{wording.when(form.period)} " if form.period else ""
    subject = wording.subject(form) + (f" ({where})" if where else "")
    if "actual" in names and "anterior" in names:
        return _comparison(form, result, subject)
    if "promedio" in names and len(names) == 1:
        average = _value(result, result.rows[0], "promedio")
        return f"{lead}{subject} promedió {average} por {wording.dimension(form.dimensions[0])}."
    if form.dimensions and len(names) > len(form.dimensions):
        return _grouped(form, result, f"{lead}{subject}", names[-1])
    if form.shape is Shape.RESULT:
        return _gain(lead, result)
    if form.metric is Metric.MOVES:
        row, label = result.rows[0], form.filters.accounts.label if form.filters.accounts else ""
        sides = f"{_value(result, row, 'debe')} al debe y {_value(result, row, 'haber')} al haber"
        return f"{lead}{label} se movió {sides}: varió {_value(result, row, 'variacion')}."
    if form.metric is Metric.BOTH:
        row = result.rows[0]
        return (
            f"{lead}{subject} fueron {_value(result, row, 'debe')} al debe y {_value(result, row, 'haber')} al haber."
        )
    verb = (
        "es de"
        if form.shape is Shape.BALANCE and form.period is None
        else "era de"
        if form.shape is Shape.BALANCE
        else "fue de"
    )
    return f"{lead}{subject} {verb} {_value(result, result.rows[0], names[-1])}."


def _gain(lead: str, result: Result) -> str:
    row = result.rows[0]
    value = row[[name for name, _kind in result.columns].index("resultado")]
    shown = _value(result, row, "resultado")
    ingresos, egresos = _value(result, row, "ingresos"), _value(result, row, "egresos")
    if isinstance(value, Decimal) and value < 0:
        return f"{lead}hubo una pérdida de {wording.money(-value)}: ingresos por {ingresos} y egresos por {egresos}."
    return f"{lead}hubo una ganancia de {shown}: ingresos por {ingresos} y egresos por {egresos}."


def _comparison(form: Form, result: Result, subject: str) -> str:
    now, before = wording.when(form.period), wording.when(form.comparison)
    if form.dimensions:
        row = result.rows[0]
        return (
            f"{subject}, {now} contra {before}: {_counted(len(result.rows), 'fila', 'filas')}; "
            f"la mayor diferencia es de {_label(form, result, row)}, "
            f"{_value(result, row, 'diferencia')}."
        )
    row = result.rows[0]
    change = row[[name for name, _kind in result.columns].index("diferencia")]
    rate = row[[name for name, _kind in result.columns].index("variacion_porcentual")]
    text = f"{now} {subject} fue de {_value(result, row, 'actual')}; {before}, de {_value(result, row, 'anterior')}"
    if not isinstance(change, Decimal) or change == 0:
        return f"{text}: no cambió."
    shown = f" ({wording.percent(abs(Decimal(str(rate))))})" if rate is not None else ""
    return f"{text}: {'aumentó' if change > 0 else 'disminuyó'} {wording.money(abs(change))}{shown}."


def _grouped(form: Form, result: Result, subject: str, measure: str) -> str:
    rows, index = result.rows, [name for name, _kind in result.columns].index(measure)
    if len(rows) == 1 and form.limit == 1 and form.descending is not None:
        most = "quien más tiene" if form.descending else "quien menos tiene"
        most = most if form.dimensions[0] is Dimension.USER else ("el mayor" if form.descending else "el menor")
        return f"{subject}: {most} es {_label(form, result, rows[0])}, con {_value(result, rows[0], measure)}."
    if len(rows) == 1:
        return f"{subject}: {_label(form, result, rows[0])}, {_value(result, rows[0], measure)}."
    filled = [row for row in rows if isinstance(row[index], (Decimal, int, float))]
    if not filled:
        return f"{subject}: {len(rows)} filas."
    if form.descending is not None:
        return (
            f"{subject}, {'de mayor a menor' if form.descending else 'de menor a mayor'}: "
            + "; ".join(f"{_label(form, result, row)} {_value(result, row, measure)}" for row in rows[:3])
            + ("…" if len(rows) > 3 else ".")
        )
    top, low = max(filled, key=lambda row: row[index]), min(filled, key=lambda row: row[index])  # type: ignore[arg-type, return-value]
    return (
        f"{subject}, por {wording.dimension(form.dimensions[-1])}: {len(rows)} filas; "
        f"el mayor es {_label(form, result, top)} con "
        f"{_value(result, top, measure)} y el menor {_label(form, result, low)} con {_value(result, low, measure)}."
    )


def _running(form: Form, result: Result) -> str:
    last = result.rows[-1]
    name, kind = result.columns[0]
    return f"{wording.subject(form)} llegó a {_value(result, last, 'saldo')} en {wording.cell(last[0], kind, name)}."


def _ratio(form: Form, result: Result) -> str:
    if form.dimensions:
        return _grouped(form, result, wording.subject(form), result.columns[-1][0])
    row, names = result.rows[0], [name for name, _kind in result.columns]
    above, below, value = names[-3:]
    lead = f"{wording.when(form.period)} " if form.period else ""
    if row[-1] is None:
        return f"{lead}{wording.subject(form)} no se puede calcular: no hay {below.replace('_', ' ')}."
    return (
        f"{lead}{wording.subject(form)} {'era' if form.period else 'es'} de {_value(result, row, value)} "
        f"({above.replace('_', ' ')} {_value(result, row, above)}, "
        f"{below.replace('_', ' ')} {_value(result, row, below)})."
    )


def _share(form: Form, result: Result) -> str:
    row = result.rows[0]
    lead = f"{wording.when(form.period)} " if form.period else ""
    part = form.part.label if form.part else ""
    whole = form.filters.accounts.label if form.filters.accounts else "el total"
    if row[-1] is None:
        return f"{lead}no hay importes en {whole}."
    return (
        f"{lead}{part} es el {_value(result, row, 'porcentaje')} de {whole}: {_value(result, row, 'parte')} "
        f"sobre {_value(result, row, 'total')}."
    )


def _listed(form: Form, result: Result, noun: str, nouns: str) -> str:
    names = [name for name, _kind in result.columns]
    where = "; ".join(part for part in (wording.when(form.period), *wording.filters(form.filters)) if part)
    tail = f" {where}" if where else ""
    if form.dimensions:
        return _grouped(form, result, f"{nouns}{tail}", names[-1])
    if form.metric is Metric.COUNT:
        count = result.rows[0][-1]
        return f"hay {wording.cell(count, 'count')} {noun if count == 1 else nouns}{tail}."
    if form.metric in {Metric.AMOUNT, Metric.DATE} and len(names) == 1:
        return f"{wording.interpretation(form).rstrip('.')}: {_value(result, result.rows[0], names[0])}."
    count = len(result.rows)
    found = f"encontré {wording.number(count)} {nouns}" if count > 1 else f"encontré 1 {noun}"
    return f"{found}{tail}: {_first(result)}"


def _first(result: Result) -> str:
    row = result.rows[0]
    shown = [
        f"{name.replace('_', ' ')} {wording.cell(value, kind, name)}"
        for (name, kind), value in zip(result.columns, row, strict=True)
        if value not in (None, "") and not name.endswith("_id")
    ]
    return ("; ".join(shown[:5]) + ("." if len(result.rows) == 1 else "…"))[:400]


def _entries(form: Form, result: Result) -> str:
    return _listed(form, result, "asiento", "asientos")


def _lines(form: Form, result: Result) -> str:
    return _listed(form, result, "movimiento", "movimientos")


def _counter(form: Form, result: Result) -> str:
    label = form.filters.accounts.label if form.filters.accounts else ""
    rows = result.rows
    names = "; ".join(f"{row[1]} ({wording.cell(row[2], 'count')})" for row in rows[:3])
    end = "…" if len(rows) > 3 else "."
    return f"{label} se movió junto con {_counted(len(rows), 'cuenta', 'cuentas')}: {names}{end}"


def _accounts(form: Form, result: Result) -> str:
    return _listed(form, result, "cuenta", "cuentas")


def _people(form: Form, result: Result) -> str:
    if form.metric is Metric.DATE:
        return f"hay {wording.cell(result.rows[0][0], 'count')} grupos de alumnos."
    return _listed(form, result, "usuario", "usuarios")


def _periods(form: Form, result: Result) -> str:
    return _listed(form, result, "período", "períodos")


_SENTENCES = {
    Shape.RUNNING: _running,
    Shape.RATIO: _ratio,
    Shape.SHARE: _share,
    Shape.ENTRIES: _entries,
    Shape.LINES: _lines,
    Shape.COUNTER: _counter,
    Shape.ACCOUNTS: _accounts,
    Shape.PEOPLE: _people,
    Shape.PERIODS: _periods,
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
    if form.shape is Shape.COUNTER or not form.dimensions:
        made = [{**whole, "label": wording.interpretation(form).rstrip(".")}]
        if form.comparison is not None:
            made.append({**whole, **_dates(form.comparison), "label": form.comparison.words()})
        return made
    return [
        {"fila": index, "label": _label(form, result, row), **whole, **_row_link(form, names, row)}
        for index, row in enumerate(result.rows[:LINKS_MAX])
    ]


def _whole_link(form: Form) -> dict[str, Any]:
    asked = form.filters
    made: dict[str, Any] = {**_dates(form.period)}
    if asked.accounts is not None:
        made["account" if asked.accounts.is_one else "accounts"] = (
            asked.accounts.codes[0] if asked.accounts.is_one else list(asked.accounts.codes)
        )
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


def _row_link(form: Form, names: Sequence[str], row: Sequence[Cell]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for one in form.dimensions:
        column = "codigo" if one is Dimension.ACCOUNT else one.value
        value = str(row[names.index(column)]) if column in names else ""
        if one is Dimension.ACCOUNT:
            made["account"] = value
        elif one is Dimension.MONTH and len(value) == 7:
            year, month = int(value[:4]), int(value[5:])
            made |= {
                "date_from": f"{value}-01",
                "date_to": str(dt.date(year, month, calendar.monthrange(year, month)[1])),
            }
        elif one is Dimension.USER:
            made["user"] = value
        elif one is Dimension.STUDENTS:
            made["group"] = value
        elif one is Dimension.STATE and value in _STATES:
            made["status"] = _STATES[value]
    return made
