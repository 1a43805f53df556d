"""Forms about the chart: lists and counts of accounts, an account's attributes."""

from __future__ import annotations

from dataclasses import replace

from services.consultorIA.forms import Dimension, Filters, Form, Metric, Shape
from services.consultorIA.makers.filling import (
    accounts_named,
    active_of,
    counts,
    dimensions_of,
    filters_of,
    is_single,
    limit_of,
    period_of,
    way_of,
)
from services.consultorIA.reading import Reading


def attribute(reading: Reading) -> Form | None:
    """Return the form of one account's attribute."""
    signals = reading.signals
    if "chart_attribute" not in signals or len(reading.named) != 1 or signals.any("spent", "sold", "paid", "lines"):
        return None
    what = signals.first("chart_attribute", "what") or signals.first("chart_attribute", "what2")
    column = "naturaleza" if signals.first("chart_attribute", "nature") else what
    return Form(
        Shape.ACCOUNTS,
        Metric.LIST,
        filters=Filters(accounts=reading.named[0]),
        columns=(column,) if column not in {"codigo", "nombre", ""} else ("rubro",),
    )


def account_list(reading: Reading) -> Form | None:
    """Return the form of a list or count of accounts."""
    signals = reading.signals
    if "balances" in signals and not reading.named and not reading.periods:
        filters = replace(filters_of(reading, accounts_named(reading)), moved=True)
        return Form(Shape.ACCOUNTS, Metric.LIST, filters=filters, columns=("debe", "haber", "saldo"))
    asks = (
        signals.any("accounts", "accounts_plan", "rubros")
        or counts(signals, "accounts", "rubros")
        or "cuenta" in reading.dimensions()
    )
    plural = any(groups[""].startswith("saldos") for groups in signals.found.get("balance", ()))
    asks = asks or (plural and not reading.named and not signals.any("per"))
    narrowed = signals.any("with_moves", "nature", "idle", "negative", "inactive", "active", "with_balance")
    if not asks and not narrowed:
        return None
    if signals.any(
        "spent",
        "sold",
        "paid",
        "bought",
        "result",
        "debit",
        "credit",
        "both_sides",
        "entries",
        "recorded",
        "collected",
        "we_owe",
        "owed_to_us",
        "uses",
    ):
        return None
    if signals.any("lines", "most_used", "least_used") and "idle" not in signals:
        return None
    flows = signals.any("expenses", "incomes", "sales") and reading.periods
    if flows or ("per" in signals and not counts(signals, "accounts")):
        return None
    filters = replace(
        filters_of(reading, accounts_named(reading)),
        side={"deudor": "debe", "acreedor": "haber"}.get(signals.first("balance_side", "side"), ""),
        used="with_moves" in signals,
        nature={"deudor": "Deudora", "acreedor": "Acreedora"}.get(signals.first("nature", "nature"), ""),
        idle="idle" in signals,
        negative="negative" in signals,
        active=active_of(signals),
        moved="with_balance" in signals
        or ("balance" in signals and not narrowed and not reading.slots.bounds and way_of(signals) is None),
    )
    if reading.periods and not signals.any("idle", "with_moves"):
        return None
    dimensions = tuple(one for one in dimensions_of(reading, people=False) if one is not Dimension.ACCOUNT)
    count = counts(signals, "accounts") or ("count" in signals and "rubros" not in signals)
    if dimensions and not count:
        return None
    if counts(signals, "rubros") and not reading.named:
        return Form(Shape.ACCOUNTS, Metric.COUNT, filters=Filters(accounts=accounts_named(reading)), columns=("rubro",))
    if counts(signals, "rubros") or ("rubros" in signals and not signals.any("balance") and not reading.named):
        return None
    way = way_of(signals)
    one = way is not None and is_single(reading, ("accounts", "the_account"))
    return Form(
        Shape.ACCOUNTS,
        Metric.COUNT if count else Metric.LIST,
        dimensions=dimensions,
        period=period_of(reading),
        filters=filters,
        descending=way,
        limit=limit_of(signals) or (1 if one else None),
    )
