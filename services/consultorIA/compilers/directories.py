"""SQL of accounts, people and periods."""

from __future__ import annotations

from services.consultorIA.compilers.conditions import (
    ACCOUNTS,
    ENTRIES,
    LINES,
    MONTHS,
    PEOPLE,
    PERIODS,
    columns_of,
    grouped_by,
    is_whole_months,
    of_accounts,
    of_dates,
    order_of,
    shown_columns,
)
from services.consultorIA.forms import Dimension, Form, Metric
from services.consultorIA.sql_text import any_of, bounded, literal, select


def account_list(form: Form) -> str:
    """Return the SELECT that lists or counts accounts."""
    asked = form.filters
    where = ["imputable = 'Sí'", *of_accounts(asked.accounts)]
    where += [f"NOT ({condition})" for condition in of_accounts(asked.without)]
    if asked.accounts is not None and not asked.accounts.column and form.columns:
        where = of_accounts(asked.accounts)
    where += [f"activa = {literal(asked.active)}"] if asked.active else []
    where += ["saldo < 0"] if asked.negative else []
    where += [{"debe": "debe > haber", "haber": "haber > debe"}[asked.side]] if asked.side else []
    where += ["saldo <> 0"] if asked.moved else []
    where += [f"naturaleza = {literal(asked.nature)}"] if asked.nature else []
    where += _moved(form) if asked.used else []
    where += bounded("saldo", asked.amount)
    if asked.idle:
        where += _never_moved(form)
    if form.metric is Metric.COUNT and form.columns:
        return select([f"COUNT(DISTINCT {form.columns[0]}) AS cantidad"], ACCOUNTS, where)
    if form.metric is Metric.COUNT:
        columns = columns_of(form.dimensions, ACCOUNTS)
        order = order_of(form, "cuentas", columns) if columns else ()
        return select(
            [*shown_columns(columns), "COUNT(*) AS cuentas"],
            ACCOUNTS,
            where,
            grouped_by(columns),
            (),
            order,
            form.limit,
        )
    shown = ["codigo", "nombre", *(form.columns or ("partida", "rubro", "saldo"))]
    order = ["codigo"] if form.descending is None else [f"saldo{' DESC' if form.descending else ''}", "codigo"]
    return select(list(dict.fromkeys(shown)), ACCOUNTS, where, (), (), order, form.limit)


def _moved(form: Form) -> list[str]:
    if form.period is None:
        return ["debe + haber > 0"]
    source = MONTHS if is_whole_months(form.period) else LINES
    return [f"codigo IN ({select(['codigo'], source, of_dates(form.period, source))})"]


def _never_moved(form: Form) -> list[str]:
    if form.period is None:
        return ["debe = 0", "haber = 0"]
    source = MONTHS if is_whole_months(form.period) else LINES
    return [f"codigo NOT IN ({select(['codigo'], source, of_dates(form.period, source))})"]


def people(form: Form) -> str:
    """Return the SELECT that lists or counts people."""
    asked = form.filters
    where = [
        any_of(column, values)
        for column, values in (("nombre", asked.users), ("grupo_alumnos", asked.groups))
        if values
    ]
    where += [f"rol = {literal(asked.role)}"] if asked.role else []
    where += [f"activo = {literal(asked.active)}"] if asked.active else []
    if asked.idle:
        recorded = select(["usuario"], ENTRIES, of_dates(form.period, ENTRIES))
        where.append(f"nombre NOT IN ({recorded})")
    columns = columns_of(form.dimensions, PEOPLE)
    if form.dimensions and Dimension.STUDENTS in form.dimensions:
        where.append("grupo_alumnos <> ''")
    if form.metric is Metric.COUNT:
        order = order_of(form, "usuarios", columns) if columns else ()
        return select(
            [*shown_columns(columns), "COUNT(*) AS usuarios"], PEOPLE, where, grouped_by(columns), (), order, form.limit
        )
    if form.metric is Metric.DATE:  # the groups themselves are counted
        return select(["COUNT(DISTINCT grupo_alumnos) AS grupos"], PEOPLE, [*where, "grupo_alumnos <> ''"])
    if columns:
        return select(
            [*shown_columns(columns), "COUNT(*) AS usuarios"],
            PEOPLE,
            where,
            grouped_by(columns),
            (),
            grouped_by(columns),
        )
    shown = dict.fromkeys(["nombre", *(form.columns or ("rol", "grupo_alumnos", "activo"))])
    return select(list(shown), PEOPLE, where, (), (), ["nombre"], form.limit)


def period_list(form: Form) -> str:
    """Return the SELECT of the accounting periods."""
    where = [f"tipo = {literal(form.columns[0])}"] if form.columns else []
    where += [f"estado = {literal(form.filters.states[0])}"] if form.filters.states else []
    if form.period is not None and form.period.first is not None:
        where += (
            [f"mes = {literal(f'{form.period.first:%Y-%m}')}"]
            if form.period.months == 1
            else [f"anio = {form.period.first.year}"]
        )
    if form.metric is Metric.COUNT:
        return select(["COUNT(*) AS periodos"], PERIODS, where)
    return select(["tipo", "anio", "mes", "estado"], PERIODS, where, (), (), ["anio", "mes"])
