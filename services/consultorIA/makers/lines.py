"""Forms about lines (movimientos): listed, counted, the ledger of an account, the one largest or last."""

from __future__ import annotations

import re
from dataclasses import replace

from services.consultorIA.forms import AccountSet, Aggregate, Dimension, Filters, Form, Metric, Shape
from services.consultorIA.makers.comparing import when
from services.consultorIA.makers.filling import (
    accounts_named,
    counts,
    dimensions_of,
    filters_of,
    is_single,
    limit_of,
    way_of,
)
from services.consultorIA.reading import ASSETS, Reading


def lines(reading: Reading) -> Form | None:
    """Return the form of lines listed or counted, or of the ledger of an account."""
    signals = reading.signals
    ledger = signals.any("ledger")
    used = signals.any("most_used", "least_used") and (signals.any("accounts") or "cuenta" in reading.dimensions())
    if not (signals.any("lines") or ledger or used or counts(signals, "lines", "times")):
        return None
    if "average_by" in signals or "share" in signals:
        return None
    if "running" in signals or signals.any("both_sides", "changed"):
        return None
    accounts = accounts_named(reading)
    filters = replace(filters_of(reading, accounts), side=side_asked(reading, accounts))
    dimensions = dimensions_of(reading, people=True)
    way, limit = way_of(signals), limit_of(signals)
    base = Form(Shape.LINES, filters=filters, descending=way, limit=limit)
    noun = " ".join(groups[""] for groups in signals.found.get("lines", ()))
    if dimensions and noun == "movimiento" and not signals.any("count") and way is None:
        return when(
            Form(Shape.TOTAL, Metric.BOTH, dimensions=dimensions, filters=filters_of(reading, accounts)), reading
        )
    by_account = Dimension.ACCOUNT in dimensions or signals.any("accounts") or "per" in signals
    if counts(signals, "lines", "times") or "count" in signals or dimensions or (way is not None and by_account):
        if way is not None and not dimensions and by_account:
            dimensions = (Dimension.ACCOUNT,)
        return when(
            replace(
                base,
                metric=Metric.COUNT,
                dimensions=dimensions,
                limit=limit or (1 if way is not None and dimensions and "cuentas" not in reading.folded else None),
            ),
            reading,
        )
    if "when" in signals:
        return when(
            replace(base, metric=Metric.DATE, descending="first" not in signals, by_date=True, limit=1), reading
        )
    if signals.any("first", "last"):
        return when(
            replace(
                base,
                metric=Metric.LIST,
                descending="last" in signals,
                by_date=True,
                limit=limit or (1 if is_single(reading) else None),
            ),
            reading,
        )
    if way is not None:
        return when(replace(base, metric=Metric.LIST, limit=limit or (1 if is_single(reading) else None)), reading)
    plain = (
        accounts is not None
        and accounts.is_one
        and not filters.side
        and not filters.amount
        and not filters.users
        and not filters.states
        and not filters.legends
        and not filters.groups
        and not filters.weekdays
    )
    return when(replace(base, metric=Metric.BOTH if plain and ledger else Metric.LIST), reading)


def side_asked(reading: Reading, accounts: AccountSet | None) -> str:
    """Return the side of the lines that the verb asks for; empty for both.

    Money that is paid leaves an asset at its haber; in an expense or a debt the payment stands at debe.
    """
    signals = reading.signals
    if signals.any("paid") and accounts is not None and accounts.partida != ASSETS:
        return "debe"
    if signals.any("credit", "outflow", "paid"):
        return "haber"
    return "debe" if signals.any("debit", "inflow", "collected") else ""


def paid_from(reading: Reading) -> Form | None:
    """`que se pago con caja`: the lines that took money out of an account."""
    signals = reading.signals
    if (
        not signals.any("paid", "collected")
        or signals.any("how_much", "amount", "spent")
        or not reading.named
        or reading.dimensions()
    ):
        return None
    accounts = accounts_named(reading)
    if (
        accounts is None
        or accounts.partida != ASSETS
        or not reading.folded.startswith(("que se", "que pag", "que cobr", "q se"))
    ):
        return None
    return when(
        Form(
            Shape.LINES, Metric.LIST, filters=replace(filters_of(reading, accounts), side=side_asked(reading, accounts))
        ),
        reading,
    )


def largest_line(reading: Reading, metric: Metric, filters: Filters, dimensions: tuple[Dimension, ...]) -> Form | None:
    """`la venta mas grande`, `mayor gasto individual`: the one line, not the account."""
    signals = reading.signals
    way = way_of(signals)
    noun = " ".join(
        groups[""]
        for name in ("expenses", "sales", "incomes", "paid", "collected", "inflow", "outflow")
        for groups in signals.found.get(name, ())
    )
    singular = noun and (signals.any("sales") or not any(word.endswith("s") for word in noun.split()))
    if (
        way is None
        or dimensions
        or "top" in signals
        or not (singular or "singly" in signals)
        or filters.accounts is None
    ):
        return None
    side = "debe" if filters.accounts.debit_side else "haber"
    if metric in {Metric.DEBIT, Metric.CREDIT}:
        side = metric.value
    return when(
        Form(
            Shape.LINES, Metric.LIST, filters=replace(filters, side=side), descending=way, limit=limit_of(signals) or 1
        ),
        reading,
    )


def line_side(metric: Metric, filters: Filters) -> str:
    """Return the side on which lines add to what is measured."""
    if metric in {Metric.DEBIT, Metric.CREDIT}:
        return metric.value
    return "debe" if filters.accounts is None or filters.accounts.debit_side else "haber"


def average_line(reading: Reading, metric: Metric, filters: Filters, dimensions: tuple[Dimension, ...]) -> Form | None:
    """`venta promedio`, `importe promedio de las ventas`: the average of the lines, not of the months."""
    alone = re.search(
        r"\b(?:venta|compra|cobro|pago|gasto) (?:promedio|media)\b|\bimporte promedio\b|\bmonto promedio\b",
        reading.folded,
    )
    if "average_by" not in reading.signals or not alone or dimensions or reading.signals.first("average_by", "unit"):
        return None
    side = replace(filters, side=line_side(metric, filters))
    return when(Form(Shape.LINES, Metric.AMOUNT, Aggregate.AVERAGE, filters=side), reading)


def dated_line(reading: Reading, metric: Metric, filters: Filters, dimensions: tuple[Dimension, ...]) -> Form | None:
    """`la ultima venta`, `cuando pagamos el alquiler por ultima vez`: the line that is first or last by date."""
    signals = reading.signals
    if (
        not signals.any("first", "last", "when")
        or dimensions
        or filters.accounts is None
        or way_of(signals) is not None
    ):
        return None
    lines = Form(
        Shape.LINES,
        Metric.DATE if "when" in signals else Metric.LIST,
        filters=replace(filters, side=line_side(metric, filters)),
        descending="first" not in signals,
        by_date=True,
        limit=limit_of(signals) or 1,
    )
    return when(lines, reading)
