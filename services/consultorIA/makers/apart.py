"""Forms that stand apart: contra-accounts, shares, ratios, accounting periods."""

from __future__ import annotations

from dataclasses import replace

from services.consultorIA.forms import Filters, Form, Metric, Shape
from services.consultorIA.makers.comparing import when
from services.consultorIA.makers.filling import (
    PARTIDA_SIGNALS,
    accounts_named,
    counts,
    dimensions_of,
    filters_of,
    limit_of,
    period_of,
    sales_of,
    way_of,
)
from services.consultorIA.periods import Period
from services.consultorIA.reading import EXPENSES, Reading


def counter(reading: Reading) -> Form | None:
    """Return the form of `contra qué cuentas se movió Caja`."""
    if "counter" not in reading.signals:
        return None
    accounts = accounts_named(reading)
    if accounts is None:
        return None
    way = way_of(reading.signals)
    side = "debe" if "debit" in reading.signals else "haber" if "credit" in reading.signals else ""
    one = way is not None and "que cuentas" not in reading.folded and "contrapartidas" not in reading.folded
    return Form(
        Shape.COUNTER,
        Metric.COUNT,
        period=period_of(reading),
        filters=replace(filters_of(reading, accounts), side=side),
        descending=way,
        limit=limit_of(reading.signals) or (1 if one else None),
    )


def share(reading: Reading) -> Form | None:
    """Return the form of a part of a whole, of amounts or of entries."""
    if "share" not in reading.signals:
        return None
    if reading.signals.any("entries") or counts(reading.signals, "entries"):
        filters = filters_of(reading)
        part = filters.states or filters.users or filters.groups or filters.reversals
        if not part or reading.named or reading.dimensions() or filters.legends or filters.amount:
            return None
        return Form(Shape.ENTRIES, Metric.SHARE, period=period_of(reading), filters=filters)
    whole = next((reading.chart.partida(name) for signal, name in PARTIDA_SIGNALS if signal in reading.signals), None)
    if whole is None and reading.signals.any("sales", "sold"):
        whole = sales_of(reading)
    if whole is None and len(reading.named) == 2:
        return when(Form(Shape.SHARE, filters=filters_of(reading, reading.named[0]), part=reading.named[1]), reading)
    if whole is None or len(reading.named) != 1:
        return None
    return when(Form(Shape.SHARE, filters=filters_of(reading, whole), part=reading.named[0]), reading)


def ratio(reading: Reading) -> Form | None:
    """Return the form of a ratio of the statements."""
    metric = next(
        (
            metric
            for name, metric in (
                ("current_ratio", Metric.CURRENT_RATIO),
                ("working_capital", Metric.WORKING_CAPITAL),
                ("solvency", Metric.SOLVENCY),
                ("debt_ratio", Metric.DEBT_RATIO),
                ("margin", Metric.MARGIN),
            )
            if name in reading.signals
        ),
        None,
    )
    others = ("partida_active", "partida_passive", "partida_equity", "expenses", "sales", "incomes")
    if metric is None or reading.named or (metric is not Metric.MARGIN and reading.signals.any(*others)):
        return None
    period = period_of(reading)
    stock = metric is not Metric.MARGIN
    if period is not None and stock and not period.until:
        period = Period(None, period.last, until=True)
    dimensions = () if stock else dimensions_of(reading, people=False)
    return Form(Shape.RATIO, metric, dimensions=dimensions, period=period, filters=filters_of(reading))


def gross(reading: Reading) -> Form | None:
    """Return the form of what sales leave over their cost; None where the chart has no account of the cost."""
    if "gross" not in reading.signals or reading.named:
        return None
    sales, cost = sales_of(reading), reading.chart.match("costo de ventas", {EXPENSES}).chosen
    if sales is None or cost is None:
        return None
    dimensions = dimensions_of(reading, people=False)
    filters = filters_of(reading, sales)
    return Form(Shape.RATIO, Metric.GROSS, dimensions=dimensions, period=period_of(reading), filters=filters, part=cost)


def periods(reading: Reading) -> Form | None:
    """Return the form of what periods are open or closed."""
    if "periods" not in reading.signals:
        return None
    signals = reading.signals
    state = next(
        (signals.first("periods", key) for key in ("state", "state2", "state3") if signals.first("periods", key)), ""
    )
    unit = signals.first("periods", "unit")
    kind = {"m": ("Mes",), "e": ("Año",), "a": ("Año",)}.get(unit[:1], ())
    states = ("Cerrado" if state.startswith("cerr") else "Abierto",) if state and not reading.periods else ()
    metric = Metric.COUNT if "count" in signals else Metric.LIST
    return Form(Shape.PERIODS, metric, period=period_of(reading), filters=Filters(states=states), columns=kind)
