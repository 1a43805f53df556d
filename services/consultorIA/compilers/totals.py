"""SQL of sums over accounts: totals, balances, results, averages, comparisons, running balances."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from services.consultorIA.compilers.conditions import (
    ACCOUNTS,
    LINES,
    MONTHS,
    columns_of,
    conditions,
    grouped_by,
    needs_lines,
    of_dates,
    order_of,
    shown_columns,
    side_of,
    source_of,
)
from services.consultorIA.forms import Aggregate, Dimension, Form, Metric, Shape
from services.consultorIA.periods import Period
from services.consultorIA.sql_text import bounded, literal, select


def total(form: Form) -> str:
    """Return the SELECT of a sum over accounts, by groups, compared or averaged."""
    if form.aggregate is Aggregate.AVERAGE and form.dimensions:
        return _average(form)
    if form.comparison is not None:
        return _compared(form)
    source = source_of(form)
    columns = columns_of(form.dimensions, source)
    measures = _measures(form)
    sums = [f"COALESCE(SUM({expression}), 0) AS {name}" for expression, name in measures]
    having = _having(form, measures[-1][0])
    if form.dimensions and not having and (form.shape is Shape.BALANCE or source == ACCOUNTS):
        having = ["SUM(debe) <> 0 OR SUM(haber) <> 0"]
    return select(
        shown_columns(columns) + sums,
        source,
        of_base(form, source),
        grouped_by(columns),
        having,
        order_of(form, measures[-1][1], columns) if columns else (),
        form.limit,
    )


def _measures(form: Form) -> list[tuple[str, str]]:
    """Return (expression over a row, name) of what a form sums."""
    if form.shape is Shape.RESULT:
        return [
            ("CASE WHEN partida = 'Ingresos' THEN haber - debe ELSE 0 END", "ingresos"),
            ("CASE WHEN partida = 'Egresos' THEN debe - haber ELSE 0 END", "egresos"),
            ("haber - debe", "resultado"),
        ]
    if form.metric is Metric.BOTH:
        return [("debe", "debe"), ("haber", "haber")]
    if form.metric is Metric.MOVES:
        return [("debe", "debe"), ("haber", "haber"), (_signed(form), "variacion")]
    if form.metric in {Metric.DEBIT, Metric.CREDIT}:
        return [(form.metric.value, form.metric.value)]
    return [(_signed(form), "saldo" if form.shape is Shape.BALANCE else "total")]


def _signed(form: Form) -> str:
    chosen = form.filters.accounts
    if form.shape is Shape.BALANCE and Dimension.ACCOUNT in form.dimensions:
        return "saldo"
    if chosen is None:
        return "CASE WHEN partida IN ('Activo', 'Egresos') THEN debe - haber ELSE haber - debe END"
    return side_of(chosen)


def of_base(form: Form, source: str) -> list[str]:
    """Return the conditions of a sum."""
    where = conditions(form, source)
    if form.shape is Shape.RESULT and form.filters.accounts is None:
        where.insert(0, "partida IN ('Ingresos', 'Egresos')")
    return where


def _having(form: Form, expression: str) -> list[str]:
    asked = form.filters.amount
    return [] if asked is None or not form.dimensions else bounded(f"SUM({expression})", asked)


def _average(form: Form) -> str:
    """Return the average of what the first dimension's groups sum to."""
    unit, *others = form.dimensions
    inner = replace(form, aggregate=Aggregate.SUM, descending=None, limit=None)
    value = _measures(form)[-1][1]
    outer = [name for _expression, name in columns_of(others, LINES)]
    source = source_of(inner)
    columns = columns_of((unit, *others), source)
    sums = [*shown_columns(columns), f"SUM({_measures(form)[-1][0]}) AS {value}"]
    summed = select(sums, source, of_base(inner, source), grouped_by(columns))
    order = [f"promedio{'' if form.descending is False else ' DESC'}", *outer] if outer else []
    return select([*outer, f"AVG({value}) AS promedio"], f"({summed}) AS sumas", (), outer, (), order, form.limit)


def _compared(form: Form) -> str:
    """Return each period's sum side by side, their difference and the change in per cent."""
    assert form.period is not None and form.comparison is not None  # noqa: S101, PT018 - asked above
    source = source_of(form)
    both = Period(_earliest(form.period, form.comparison), _latest(form.period, form.comparison))
    expression = _measures(form)[-1][0]
    now, before = (
        f"SUM(CASE WHEN {' AND '.join(of_dates(one, source))} THEN {_bare(expression)} ELSE 0 END)"
        for one in (form.period, form.comparison)
    )
    columns = columns_of(form.dimensions, source)
    inner = select(
        [*shown_columns(columns), f"COALESCE({now}, 0) AS actual", f"COALESCE({before}, 0) AS anterior"],
        source,
        of_base(replace(form, period=both), source),
        grouped_by(columns),
    )
    names = [name for _expression, name in columns]
    shown = [
        *names,
        "actual",
        "anterior",
        "actual - anterior AS diferencia",
        "ROUND(100.0 * (actual - anterior) / NULLIF(ABS(anterior), 0), 2) AS variacion_porcentual",
    ]
    order = [f"diferencia{'' if form.descending is False else ' DESC'}", *names] if names else []
    return select(shown, f"({inner}) AS periodos_comparados", (), (), (), order, form.limit)


def _bare(expression: str) -> str:
    return f"({expression})" if expression.startswith("CASE") else expression


def _earliest(one: Period, two: Period) -> dt.date | None:
    return None if one.first is None or two.first is None else min(one.first, two.first)


def _latest(one: Period, two: Period) -> dt.date | None:
    return None if one.last is None or two.last is None else max(one.last, two.last)


def running(form: Form) -> str:
    """Return the balance at the end of each period in which something moved."""
    source = LINES if needs_lines(form) else MONTHS
    whole = replace(form, period=None, dimensions=())
    unit = columns_of(form.dimensions[:1] or (Dimension.MONTH,), source)
    (expression, name) = unit[0]
    signed = side_of(form.filters.accounts)
    inner = select(
        [
            *shown_columns(unit),
            f"SUM({signed}) AS movimiento",
            f"SUM(SUM({signed})) OVER (ORDER BY {expression}) AS saldo",
        ],
        source,
        of_base(whole, source),
        [expression],
    )
    return select(
        [name, "movimiento", "saldo"],
        f"({inner}) AS acumulado",
        _in_span(form.period, name),
        (),
        (),
        [name],
        form.limit,
    )


def _in_span(period: Period | None, name: str) -> list[str]:
    if period is None:
        return []
    write: Callable[[dt.date], str] = {
        "mes": lambda day: f"{day:%Y-%m}",
        "semana": lambda day: (day - dt.timedelta(days=day.weekday())).isoformat(),
        "anio": lambda day: f"{day:%Y}",
        "trimestre": lambda day: f"{day:%Y}-T{(day.month + 2) // 3}",
    }.get(name, lambda day: day.isoformat())
    made = [f"{name} >= {literal(write(period.first))}"] if period.first else []
    return made + ([f"{name} <= {literal(write(period.last))}"] if period.last else [])
