"""SQL of entries and lines: listed, counted, the ledger, the accounts on the other side."""

from __future__ import annotations

from dataclasses import replace

from services.consultorIA.compilers.conditions import (
    ENTRIES,
    LINES,
    columns_of,
    conditions,
    grouped_by,
    in_entries,
    of_accounts,
    of_dates,
    of_entry,
    order_of,
    shown_columns,
    side_of,
)
from services.consultorIA.forms import Aggregate, Dimension, Form, Metric
from services.consultorIA.sql_text import bounded, select

_ENTRY_COLUMNS = ("asiento_id", "numero", "fecha", "leyenda", "total", "estado", "usuario")
LINE_COLUMNS = ("fecha", "asiento_id", "movimiento_id", "codigo", "cuenta", "leyenda", "debe", "haber")


def _entry_share(form: Form) -> str:
    """Return how many entries there are, how many of them are meant, and the per cent."""
    meant = f"COUNT(CASE WHEN {' AND '.join(of_entry(form, ENTRIES))} THEN 1 END)"
    columns = [
        f"{meant} AS parte",
        "COUNT(*) AS total",
        f"ROUND(100.0 * {meant} / NULLIF(COUNT(*), 0), 2) AS porcentaje",
    ]
    return select(columns, ENTRIES, of_dates(form.period, ENTRIES))


# What entries are grouped by that their lines alone know.
_OF_LINES = frozenset({Dimension.ACCOUNT, Dimension.RUBRO, Dimension.GROUP, Dimension.PARTIDA})


def entries(form: Form) -> str:
    """Return the SELECT that lists, counts or sums entries."""
    asked = form.filters
    if form.metric is Metric.SHARE:
        return _entry_share(form)
    by_line = _OF_LINES & set(form.dimensions)
    source = LINES if by_line or Dimension.WEEKDAY in form.dimensions else ENTRIES
    where = of_dates(form.period, source) + of_entry(form, source)
    if asked.accounts is not None:
        side = [f"{asked.side} > 0"] if asked.side else []
        meant = of_accounts(asked.accounts) + side
        where += meant if by_line else [in_entries(meant)]
        where += [in_entries(of_accounts(asked.beside) + side)] if asked.beside is not None else []
    own = bounded("total", asked.amount) + bounded("renglones", asked.lines)
    own += [f"(asiento_id = {asked.number} OR numero = {asked.number})"] if asked.number is not None else []
    where += [f"asiento_id IN ({select(['asiento_id'], ENTRIES, own)})"] if own and source == LINES else own
    columns = columns_of(form.dimensions, source)
    measure, name = _entry_measure(form, source)
    if form.metric is Metric.LIST:
        return _entry_list(form, where)
    if form.metric is Metric.COUNT and form.columns:
        return select([f"COUNT(DISTINCT {form.columns[0]}) AS usuarios"], source, where)
    if form.metric is Metric.COUNT and form.aggregate is Aggregate.AVERAGE:
        counted = select([*shown_columns(columns), measure], source, where, grouped_by(columns))
        return select(["AVG(asientos) AS promedio"], f"({counted}) AS cuentas_por_grupo")
    order = order_of(form, name, columns) if columns else ()
    if Dimension.STUDENTS in form.dimensions and form.limit:
        where.append("grupo_alumnos <> ''")
    counted_by = "COUNT(DISTINCT asiento_id)" if source == LINES else "COUNT(*)"
    having = bounded(counted_by, asked.count) if columns else ()
    return select([*shown_columns(columns), measure], source, where, grouped_by(columns), having, order, form.limit)


def _entry_measure(form: Form, source: str) -> tuple[str, str]:
    if form.metric is Metric.AMOUNT:
        function, name = {
            Aggregate.SUM: ("SUM", "importe"),
            Aggregate.AVERAGE: ("AVG", "promedio"),
            Aggregate.MAXIMUM: ("MAX", "maximo"),
            Aggregate.MINIMUM: ("MIN", "minimo"),
        }[form.aggregate]
        value = f"{function}(total)"
        return (f"COALESCE({value}, 0) AS {name}" if form.aggregate is Aggregate.SUM else f"{value} AS {name}"), name
    if form.metric is Metric.DATE:
        return ("MAX(fecha) AS fecha" if form.descending else "MIN(fecha) AS fecha"), "fecha"
    counted = "COUNT(DISTINCT asiento_id)" if source == LINES else "COUNT(*)"
    return f"{counted} AS asientos", "asientos"


def _entry_list(form: Form, where: list[str]) -> str:
    if form.columns and form.limit is None:
        return select(["DISTINCT " + form.columns[0], *form.columns[1:]], ENTRIES, where, (), (), list(form.columns))
    shown = [*form.columns, *(name for name in _ENTRY_COLUMNS if name not in form.columns)]
    if form.filters.lines is not None:
        shown.append("renglones")
    if form.filters.reversals:
        shown.append("revierte_a")
    return select(shown, ENTRIES, where, (), (), list_order(form, "total", "asiento_id"), form.limit)


def list_order(form: Form, value: str, key: str) -> list[str]:
    """Return the order of listed rows: newest first, or by amount where that was asked."""
    if form.by_date or form.descending is None:
        way = "" if form.descending is False else " DESC"
        return [f"fecha{way}", f"{key}{way}"]
    return [f"{value} DESC" if form.descending else value, key]


def lines(form: Form) -> str:
    """Return the SELECT that lists, counts or averages lines."""
    asked = form.filters
    where = conditions(form, LINES)
    value = asked.side or "debe + haber"
    where += bounded(value, asked.amount)
    columns = columns_of(form.dimensions, LINES)
    if form.metric is Metric.COUNT:
        order = order_of(form, "movimientos", columns) if columns else ()
        return select(
            [*shown_columns(columns), "COUNT(*) AS movimientos"],
            LINES,
            where,
            grouped_by(columns),
            (),
            order,
            form.limit,
        )
    if form.metric is Metric.AMOUNT:
        return select([f"AVG({value}) AS promedio"], LINES, where)
    shown = list(LINE_COLUMNS)
    if form.metric is Metric.DATE:
        return select(
            ["fecha", *(name for name in shown if name != "fecha")],
            LINES,
            where,
            (),
            (),
            list_order(form, value, "movimiento_id"),
            form.limit or 1,
        )
    chosen = asked.accounts
    if form.metric is Metric.BOTH and chosen is not None and chosen.is_one:
        return _ledger(form)
    return select(shown, LINES, where, (), (), list_order(form, value, "movimiento_id"), form.limit)


def _ledger(form: Form) -> str:
    """Return an account's lines in order of date with the balance after each, what came before it included."""
    signed = side_of(form.filters.accounts)
    everything = conditions(replace(form, period=None), LINES)
    inner = select(
        [*LINE_COLUMNS, f"SUM({signed}) OVER (ORDER BY fecha, movimiento_id) AS saldo_acumulado"], LINES, everything
    )
    return select(
        [*LINE_COLUMNS, "saldo_acumulado"],
        f"({inner}) AS mayor",
        of_dates(form.period, LINES),
        (),
        (),
        ["fecha", "movimiento_id"],
        form.limit,
    )


def counter(form: Form) -> str:
    """Return the SELECT of the accounts moved in the same entries as others."""
    itself = of_accounts(form.filters.accounts)
    entries = itself + of_dates(form.period, LINES) + of_entry(form, LINES)
    entries += [f"{form.filters.side} > 0"] if form.filters.side else []
    where = [in_entries(entries), f"NOT ({' AND '.join(itself)})"]
    return select(
        ["codigo", "cuenta", "COUNT(*) AS movimientos", "SUM(debe) AS debe", "SUM(haber) AS haber"],
        LINES,
        where,
        ["codigo", "cuenta"],
        (),
        [f"movimientos{'' if form.descending is False else ' DESC'}", "codigo"],
        form.limit,
    )
