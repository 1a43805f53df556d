"""Forms that sum amounts of accounts: totals, balances, results."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from services.consultorIA.amounts import Bounds
from services.consultorIA.forms import TIME, AccountSet, Aggregate, Dimension, Form, Metric, Shape
from services.consultorIA.makers.comparing import when
from services.consultorIA.makers.filling import (
    BALANCE_PARTIDAS,
    dimensions_of,
    filters_of,
    limit_of,
    period_of,
    text_of,
    way_of,
)
from services.consultorIA.makers.flows import contradicts, money_accounts, stands_elsewhere
from services.consultorIA.makers.grouping import averaged, ordered
from services.consultorIA.makers.lines import average_line, dated_line, largest_line, line_side
from services.consultorIA.periods import DAY, Period
from services.consultorIA.reading import FLOWS, Reading
from services.consultorIA.refusals import NOT_UNDERSTOOD, Refusal


def result(reading: Reading) -> Form | None:
    """Return the form of income less expenses."""
    both = (
        reading.signals.any("incomes") and reading.signals.any("expenses", "spent") and "share" not in reading.signals
    )
    if reading.named or not (both or "result" in reading.signals):
        return None
    if both and len(reading.periods) < 2:  # what is compared is the two, not two periods
        reading.signals.drop("compared")
    form = Form(Shape.RESULT, dimensions=dimensions_of(reading, people=False), filters=filters_of(reading))
    sign = _sign_asked(reading)
    if sign is not None and form.dimensions and way_of(reading.signals) is None:
        form = form.with_filters(amount=sign)
    return ordered(when(averaged(form, reading), reading), reading)


def _sign_asked(reading: Reading) -> Bounds | None:
    """Return the bounds of `meses con pérdida`: only results on one side of nothing; None where both were named."""
    if not reading.signals.any("what_dimension", "those_with"):
        return None
    text = " ".join(groups[""] for groups in reading.signals.found.get("result", ()))
    lost, won = bool(re.search(r"\bperd|deficit", text)), bool(re.search(r"\bgan|utilid|superavit", text))
    if lost == won:
        return None
    return Bounds(high=Decimal(0), strict=True) if lost else Bounds(low=Decimal(0), strict=True)


def money(reading: Reading) -> Form | None:
    """Everything that sums amounts of accounts."""
    signals = reading.signals
    if "result" in signals or contradicts(signals) or stands_elsewhere(reading):
        return None
    chosen = money_accounts(reading)
    if chosen is None:
        return None
    metric, accounts = chosen
    dimensions = dimensions_of(
        reading, people=not (accounts and "per" in signals and "grupo_alumnos" not in reading.dimensions())
    )
    detailed = "detall" in text_of(signals, "list") and accounts is not None and not accounts.is_one
    if (signals.any("breakdown") or reading.each or detailed) and not dimensions:
        dimensions = (Dimension.ACCOUNT,)
    if signals.any("who", "whom") and signals.any("owed_to_us", "we_owe"):  # the books know accounts, not customers
        if accounts is not None and accounts.is_one:
            raise Refusal(
                NOT_UNDERSTOOD,
                f"Los libros no separan por cliente ni por proveedor: todo está en {accounts.label}.",
                "one account for all of them",
            )
        signals.drop("who", "whom")
        dimensions = dimensions or (Dimension.ACCOUNT,)
    if len({one.partida for one in reading.named}) > 1 and not dimensions:
        dimensions = (Dimension.ACCOUNT,)  # what stands on different sides is not summed
    level = "rubro" if "rubros" in signals else signals.first("chart_attribute", "what")
    if level in {"rubro", "grupo", "partida"} and not dimensions and not reading.named:
        dimensions = (Dimension(level),)
    if accounts is None and signals.any("balance", "balances") and not dimensions:
        dimensions = (Dimension.ACCOUNT,)
    if "accounts" in signals and way_of(signals) is not None and not dimensions:
        dimensions = (Dimension.ACCOUNT,)
    if "average_by" in signals and ("entries" in signals or "asiento" in signals.first("average_by", "unit")):
        return None
    ranks_people = way_of(signals) is not None and signals.any("students", "people") and not dimensions
    if "who" in signals or ranks_people:
        dimensions = (Dimension.USER, *dimensions)
    filters = filters_of(reading, accounts)
    if "changed" in signals and way_of(signals) is not None:
        return _most_changed(Form(Shape.TOTAL, metric, dimensions=dimensions, filters=filters), reading)
    for one_line in (largest_line, average_line, dated_line):
        made = one_line(reading, metric, filters, dimensions)
        if made is not None:
            return made
    if filters.amount is not None and not dimensions and not signals.any("how_much", "amount"):
        lines = replace(filters, side=line_side(metric, filters))
        return when(Form(Shape.LINES, Metric.LIST, filters=lines), reading)
    if "count" in signals and signals.any(*_COUNTABLE):
        lines = replace(filters, side=line_side(metric, filters))
        return when(Form(Shape.LINES, Metric.COUNT, dimensions=dimensions, filters=lines), reading)
    if (
        text_of(signals, "list").startswith("list")
        and not dimensions
        and not signals.any("how_much", "amount", "balance")
    ):
        if not signals.any(*FLOWS):
            return None  # a list of what an account's name stands for is not in the books
        lines = replace(filters, side=line_side(metric, filters))
        return when(Form(Shape.LINES, Metric.LIST, filters=lines, limit=limit_of(signals)), reading)
    form = Form(Shape.TOTAL, metric, dimensions=dimensions, filters=filters)
    form = averaged(form, reading)
    if (
        form.aggregate is Aggregate.AVERAGE
        and accounts is not None
        and accounts.partida in BALANCE_PARTIDAS
        and "balance" in signals
    ):
        return None  # an average of balances would need each day's
    if _is_balance(reading, metric, accounts, form):
        return _balance(form, reading)
    if metric is Metric.NET and accounts is not None and accounts.partida in BALANCE_PARTIDAS:
        form = replace(form, metric=Metric.MOVES)
    if (
        signals.any("top", "largest", "smallest")
        and not form.dimensions
        and accounts is not None
        and not accounts.is_one
    ):
        form = replace(form, dimensions=(Dimension.ACCOUNT,))
    return ordered(when(form, reading), reading)


def _most_changed(form: Form, reading: Reading) -> Form:
    """Return the form of `qué gasto creció más en agosto`: each account beside the period before."""
    fell = re.search(r"\b(?:baj|disminu|cay)", text_of(reading.signals, "changed")) is not None
    way = way_of(reading.signals) is not fell
    plural = re.search(r"\bque \w+s\b|\bcuales\b", reading.folded) is not None
    grouped = replace(form, dimensions=form.dimensions or (Dimension.ACCOUNT,))
    limit = limit_of(reading.signals) or (None if plural else 1)
    return replace(when(grouped, reading), descending=way, limit=limit)


# What people count one by one: each is a line on its side.
_COUNTABLE = ("sales", "sold", "expenses", "spent", "bought", "paid", "collected", "incomes", "inflow", "outflow")


def _is_balance(reading: Reading, metric: Metric, accounts: AccountSet | None, form: Form) -> bool:
    """Return whether a stock is asked for rather than what moved: caja hoy, not gastos de mayo."""
    if metric is not Metric.NET or form.aggregate is not Aggregate.SUM:
        return False
    signals = reading.signals
    if signals.any("changed", "movement", "bought"):
        return False
    if accounts is None:
        return True
    if accounts.partida not in BALANCE_PARTIDAS:
        return "running" in signals or ("balance" in signals and not reading.periods)
    moment = not reading.periods or reading.periods[0].until
    return moment or signals.any(*_STOCK) or "breakdown" in signals


# Words that ask for what there is rather than for what moved.
_STOCK = (
    "balance",
    "running",
    "have",
    "money",
    "we_owe",
    "owed_to_us",
    "partida_active",
    "partida_passive",
    "partida_equity",
)


def _balance(form: Form, reading: Reading) -> Form:
    signals = reading.signals
    times = [one for one in form.dimensions if one in TIME]
    if times or "running" in signals:
        period = period_of(reading)
        dimensions = (times[0],) if times else (Dimension.MONTH,)
        return replace(form, shape=Shape.RUNNING, dimensions=dimensions, period=period)
    period = period_of(reading)
    if period is not None and not period.until and period.first is not None:
        opening = "inicial" in text_of(signals, "balance")
        period = Period(None, period.first - DAY if opening else period.last, until=True)
    return ordered(replace(form, shape=Shape.BALANCE, period=period), reading)
