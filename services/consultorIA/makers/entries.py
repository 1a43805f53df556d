"""Forms about entries (asientos): listed, counted, summed, by people and time."""

from __future__ import annotations

import re
from dataclasses import replace

from services.consultorIA.forms import Aggregate, Dimension, Filters, Form, Metric, Shape
from services.consultorIA.makers.comparing import when
from services.consultorIA.makers.filling import (
    accounts_named,
    asks_one,
    counts,
    dimensions_of,
    filters_of,
    is_single,
    limit_of,
    way_of,
)
from services.consultorIA.makers.grouping import UNITS, unit_of_average
from services.consultorIA.reading import EXPENSES, FLOWS, INCOMES, Reading
from services.consultorIA.refusals import NOT_UNDERSTOOD, Refusal

# "quién cargó más plata" asks of what was recorded, not of cash.
_FLOWS_BUT_MONEY = tuple(name for name in FLOWS if name != "money")


def entries(reading: Reading) -> Form | None:
    """Return the form of entries listed, counted, summed or averaged."""
    signals = reading.signals
    named = (
        signals.any("entries", "reversal", "line_count", "count_bound")
        or counts(signals, "entries")
        or _per_entry(reading)
    )
    about = (
        named
        or (reading.slots.legends and not _moves_money(reading))
        or (
            not signals.any(
                *(FLOWS if "recorded" not in signals else _FLOWS_BUT_MONEY), "lines", "running", "ledger", "average_by"
            )
            and not counts(signals, "lines", "accounts")
            and (
                (
                    (signals.any("people", "students") or Dimension.USER in dimensions_of(reading, people=True))
                    and "uses" in signals
                )
                or signals.any("recorded", "pending", "not_closed", "verified", "closed")
                or ("who" in signals or ((reading.slots.users or reading.slots.groups) and "count" in signals))
            )
        )
    )
    if not about or (signals.any("lines") and not named):
        return None
    if signals.any("expenses", "incomes", "sales", "spent", "sold", "debit", "credit", "both_sides", "result") and not (
        named and _mentions_only(reading)
    ):
        return None
    filters = _filters(reading, named=bool(named))
    people = _entry_people(reading)
    base = Form(Shape.ENTRIES, filters=filters, period=None)
    if counts(signals, "people", "students"):
        return when(replace(base, metric=Metric.COUNT, columns=("usuario",)), reading)
    if "average_by" in signals and (signals.any("lines") or counts(signals, "lines")):
        return None
    if "average_by" in signals and not signals.any("amount", "how_much", "money") and _averages_counts(reading):
        unit = unit_of_average(reading, people)
        return when(replace(base, metric=Metric.COUNT, aggregate=Aggregate.AVERAGE, dimensions=(unit,)), reading)
    if "average_by" in signals:
        if signals.any("expenses", "incomes", "sales"):
            return None  # what an entry spends is not its total
        return when(
            replace(base, metric=Metric.AMOUNT, aggregate=Aggregate.AVERAGE, dimensions=_groups(reading, people)),
            reading,
        )
    return when(_entry_form(base, reading, people), reading)


def _moves_money(reading: Reading) -> bool:
    """Return whether money paid or collected is asked for: an entry's total is not that."""
    return "how_much" in reading.signals and reading.signals.any("paid", "collected", "inflow", "outflow")


def _filters(reading: Reading, *, named: bool) -> Filters:
    """Return what entries are meant: of the accounts named, of both where `con A y B` asks for both."""
    signals = reading.signals
    wanted = {INCOMES: signals.any("sales", "incomes"), EXPENSES: "expenses" in signals}
    named_in = {one.partida for one in reading.named}
    if named_in and any(stands and partida not in named_in for partida, stands in wanted.items()):
        raise Refusal(NOT_UNDERSTOOD, "Nombrá las cuentas por su nombre.", "an account beside a partida")
    both = _BOTH.search(reading.folded) is not None and len(reading.named) > 1
    if both and len(reading.named) == 2:
        first, second = reading.named
        filters = replace(filters_of(reading, first), beside=second)
    elif both:
        raise Refusal(NOT_UNDERSTOOD, "Puedo buscar asientos con una cuenta, o con dos juntas.", "three accounts")
    else:
        filters = filters_of(reading, accounts_named(reading, partida=named))
    side = "debe" if "debit" in signals else "haber" if "credit" in signals else ""
    return replace(filters, side=side if filters.accounts is not None else "")


_BOTH = re.compile(
    r"\b(?:con|tienen?|tengan|use[n]?|usan|usaron|afectan|mueven|tocan|donde|entre)\b[^|]* (?:y|e|junto con) "
)


def _per_entry(reading: Reading) -> bool:
    return "asiento" in reading.signals.first("average_by", "unit")


_LAST_ONE = re.compile(r"\blo (?:ultimo|primero)\b")


def _averages_counts(reading: Reading) -> bool:
    """Return whether what is averaged is how many entries there are: promedio de asientos por mes."""
    return bool(
        re.search(
            r"\b(?:promedio|media) (?:\w+ )?de (?:asientos|registr|operac)|\bcuantos (?:asientos|registr)",
            reading.folded,
        )
    )


def _mentions_only(reading: Reading) -> bool:
    """Return whether income and expense words only say which entries are meant: los asientos de ventas."""
    return not reading.signals.any("spent", "sold", "result", "both_sides", "how_much", "amount")


def _entry_people(reading: Reading) -> tuple[Dimension, ...]:
    dimensions = dimensions_of(reading, people=True)
    ranked = way_of(reading.signals) is not None and reading.signals.any("people", "students")
    if (ranked or "who" in reading.signals) and Dimension.USER not in dimensions:
        dimensions = (Dimension.USER, *dimensions)
    return dimensions


def _groups(reading: Reading, dimensions: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
    """Leave out the groups that are the unit of an average."""
    unit = reading.signals.first("average_by", "unit")
    return (
        tuple(one for one in dimensions if not any(unit.endswith(name) for name, _dimension in UNITS))
        if unit
        else dimensions
    )


def _entry_form(base: Form, reading: Reading, dimensions: tuple[Dimension, ...]) -> Form:
    signals = reading.signals
    way, limit = way_of(signals), limit_of(signals)
    singular = is_single(reading)
    is_count = counts(signals, "entries") or "count" in signals
    listed_first = "top" in signals and not dimensions and "ranking" not in reading.folded
    extreme = way is not None and not is_count and (listed_first or _is_extreme_entry(reading))
    dated = signals.any("first", "last")
    if "when" in signals and not dimensions and not way:
        return replace(base, metric=Metric.DATE, descending="last" in signals)
    if extreme or dated:
        columns = ("usuario",) if Dimension.USER in dimensions else ()
        return replace(
            base,
            metric=Metric.LIST,
            columns=columns,
            descending=("last" in signals) if dated and not extreme else way,
            by_date=dated and not extreme,
            limit=limit or (1 if singular or "when" in signals or _LAST_ONE.search(reading.folded) else None),
        )
    if dimensions:
        dimensions = tuple(dict.fromkeys(Dimension.STUDENTS if one is Dimension.GROUP else one for one in dimensions))
        if "who" in signals and way is None and not is_count:
            return replace(base, metric=Metric.LIST, columns=("usuario",))
        money = signals.any("amount", "how_much", "money") and not is_count
        return replace(
            base,
            metric=Metric.AMOUNT if money else Metric.COUNT,
            dimensions=dimensions,
            descending=way,
            limit=limit or (1 if way is not None and (singular or asks_one(reading)) else None),
        )
    if is_count or ("pending" in signals and "how_much" in signals and not signals.any("amount", "money")):
        return replace(base, metric=Metric.COUNT)
    if signals.any("amount", "how_much", "money") and not _only_bounds(reading):
        return replace(base, metric=Metric.AMOUNT)
    return replace(base, metric=Metric.LIST, limit=limit)


def _only_bounds(reading: Reading) -> bool:
    """Return whether `importe` only says of what the bounds are: asientos con importe menor a 10 mil."""
    text = " ".join(groups[""] for groups in reading.signals.found.get("amount", ()))
    asked = "how_much" in reading.signals or re.search(r"total|sum|ascien", text)
    return bool(reading.slots.bounds) and not asked


_OF_AMOUNT = re.compile(r"\basientos? (?:con|de|por) (?:el |los )?(?:mas|menos) (?:importe|monto|valor|plata)s?\b")


def _is_extreme_entry(reading: Reading) -> bool:
    """Return whether it is the entry itself that is largest, not who has most of them."""
    text = reading.folded
    return (
        not any(
            phrase in text
            for phrase in (
                "mas asientos",
                "menos asientos",
                "mas registr",
                "menos registr",
                "mas operaciones",
                "mas transacciones",
                "mayor cantidad",
                "menor cantidad",
                "mas carg",
                "ranking",
            )
        )
        and reading.signals.any("entries")
        and "asientos mas" in text.replace("asiento ", "asientos ")
    ) or _OF_AMOUNT.search(text) is not None or any(
        phrase in text
        for phrase in (
            "mayor asiento",
            "asiento mayor",
            "asiento de mayor",
            "asientos de mayor",
            "mayores asientos",
            "asiento con mayor",
            "asientos con mayor",
            "asiento con menor",
            "asiento menor",
            "menor asiento",
            "asiento de menor",
            "asientos con menor",
            "asiento maximo",
            "asiento minimo",
        )
    )
