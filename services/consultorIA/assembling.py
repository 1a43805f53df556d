"""From a reading to a form: which shape the signals make, filled with the slots.

The makers run in order and the first that recognises its shape wins; none guesses. A reading that no
maker knows is not understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from services.consultorIA.accounts import Chart
from services.consultorIA.amounts import Bounds
from services.consultorIA.forms import TIME, AccountSet, Aggregate, Dimension, Filters, Form, Metric, Shape
from services.consultorIA.lexicon import Signals
from services.consultorIA.periods import Period
from services.consultorIA.reading import (
    ASSETS,
    EQUITY,
    EXPENSES,
    FLOWS,
    INCOMES,
    LIABILITIES,
    Reading,
    number_in,
)
from services.consultorIA.refusals import NOT_UNDERSTOOD, Refusal

_PARTIDAS = (
    ("partida_active", ASSETS),
    ("partida_passive", LIABILITIES),
    ("partida_equity", EQUITY),
    ("expenses", EXPENSES),
    ("spent", EXPENSES),
    ("incomes", INCOMES),
)
_STATES = {
    "pending": ("Para verificar",),
    "verified": ("Verificado",),
    "closed": ("Cerrado",),
    "not_closed": ("Para verificar", "Verificado"),
}
_WEEKDAYS = {
    "lunes": (1,),
    "martes": (2,),
    "miercoles": (3,),
    "jueves": (4,),
    "viernes": (5,),
    "sabado": (6,),
    "domingo": (7,),
}
_BALANCE_KINDS = frozenset({ASSETS, LIABILITIES, EQUITY})
_UNITS = (
    ("mes", Dimension.MONTH),
    ("mensual", Dimension.MONTH),
    ("trimestr", Dimension.QUARTER),
    ("dia", Dimension.DAY),
    ("ano", Dimension.YEAR),
    ("anual", Dimension.YEAR),
    ("usuario", Dimension.USER),
    ("alumno", Dimension.USER),
)


def assemble(reading: Reading) -> Form | None:
    """Return the form that a reading makes; None when it makes none. Raises Refusal where periods contradict."""
    for maker in _MAKERS:
        form = maker(reading)
        if form is not None:
            return form
    return None


# --- Slots as filters ------------------------------------------------------------------------------------


def filters_of(reading: Reading, accounts: AccountSet | None = None) -> Filters:
    """Return what the slots and states of a question narrow its rows to."""
    found = reading.signals
    states = next((values for name, values in _STATES.items() if name in found), ())
    days = tuple(day for groups in found.found.get("weekday", ()) for day in _weekday(groups["day"]))
    bounds = reading.slots.bounds
    return Filters(
        accounts=accounts,
        without=reading.chart.together(reading.excluded) if reading.excluded else None,
        users=tuple(reading.slots.users),
        groups=tuple(reading.slots.groups),
        states=states,
        legends=tuple(reading.slots.legends),
        amount=bounds[0] if bounds else None,
        weekdays=days,
        reversals="reversal" in found,
        lines=_bounds_of(found, "line_count"),
        count=_bounds_of(found, "count_bound"),
        number=reading.slots.number,
        role=_role(found) if found.any("entries", "recorded") or _counts(found, "entries") else "",
    )


def _weekday(name: str) -> tuple[int, ...]:
    return (6, 7) if name.startswith("fin") else _WEEKDAYS[name if name in _WEEKDAYS else name.rstrip("s")]


def _bounds_of(signals: Signals, name: str) -> Bounds | None:
    """Return the bounds of a count: mas de 3 renglones, al menos 5 asientos."""
    number = number_in(signals.first(name, "n"))
    if number is None:
        return None
    how, value = signals.first(name, "bound"), Decimal(number)
    if how.startswith("mas"):
        return Bounds(low=value, strict=True)
    if how.startswith("menos"):
        return Bounds(high=value, strict=True)
    return Bounds(low=value) if how in {"al menos", "como minimo"} else Bounds(value, value)


def _accounts(reading: Reading, *, partida: bool = True) -> AccountSet | None:
    """Return the accounts named, else (with `partida`) the whole partida that a word names."""
    if reading.named:
        return reading.chart.together(reading.named)
    if not partida:
        return None
    return next((reading.chart.partida(name) for signal, name in _PARTIDAS if signal in reading.signals), None)


def period_of(reading: Reading) -> Period | None:
    """Return the one period; two that touch become one, two that do not are refused."""
    periods = reading.periods
    if len(periods) < 2:
        return periods[0] if periods else None
    if len(periods) == 2:
        one, two = sorted(periods, key=lambda period: (period.first is not None, period.first))
        if one.first is not None and two.last is not None and one.last is not None and two.first is not None:
            if one.first <= two.first and two.last <= one.last:
                return two  # "en marzo de este año": the inner one
            if (two.first - one.last).days == 1:
                return replace(one, last=two.last, months=one.months + two.months if one.months and two.months else 0)
    raise Refusal(NOT_UNDERSTOOD, "Nombraste varios períodos: preguntá por uno, o pedí compararlos.", "several periods")


def _limit(signals: Signals) -> int | None:
    for name in ("limit", "top", "first", "last"):
        for key in ("n", "n2", "n3"):
            number = number_in(signals.first(name, key))
            if number is not None:
                return min(max(number, 1), 1000)
    return None


def _way(signals: Signals) -> bool | None:
    """Return the order asked by amount: True largest first, False smallest first, None for none."""
    best = signals.first("best", "way")
    if signals.any("largest", "top", "most_used") or best == "mejor":
        return True
    return False if signals.any("smallest", "least_used") or best else None


def dimensions_of(reading: Reading, *, people: bool) -> tuple[Dimension, ...]:
    """Return the dimensions asked for; `grupo` alone is students' where `people` says so."""
    made = []
    for name in reading.dimensions():
        chosen = ("grupo_alumnos" if people else "grupo") if name == "algun_grupo" else name
        made.append(Dimension(chosen))
    ranked = reading.signals.any("largest", "smallest")
    if "when" in reading.signals and ranked and not TIME & set(made):
        made.insert(0, Dimension.DAY)
    if "evolution" in reading.signals and not TIME & set(made):
        made.insert(0, Dimension.MONTH)
    return tuple(made)


def _single(reading: Reading, plurals: tuple[str, ...] = ()) -> bool:
    """Return whether the question asks for one thing: que mes, quien, el asiento."""
    found = reading.signals.found
    asking = [name for name in ("what_dimension", "those_with", "best", "who", "per_weekday") if name in found]
    text = " ".join(groups[""] for name in asking or ("entries", "lines", *plurals) for groups in found.get(name, ()))
    return bool(text) and not any(word.endswith("s") and word not in {"mes", "mas", "es"} for word in text.split())


# --- Comparisons -----------------------------------------------------------------------------------------


def _with_comparison(form: Form, reading: Reading) -> Form:
    """Return the form with the period it is compared with, where the question compares."""
    text, periods, signals = reading.slots.text, reading.periods, reading.signals
    if not signals.any("compared", "changed") and "§b" not in text and "§y" not in text:
        return form
    if len(periods) == 2:
        now, before = periods
        if "changed" in signals and "compared" not in signals and not _is_flow(form):
            first, last = sorted(periods, key=lambda one: (one.first is not None, one.first))
            return replace(form, period=Period(first.first, last.last))
        if (
            "changed" in signals
            and "compared" not in signals
            and (before.first or before.last)
            and _is_before(now, before)
        ):
            now, before = before, now
        return replace(form, period=now, comparison=before)
    if len(periods) != 1 or periods[0].first is None:
        if "compared" in signals:
            raise Refusal(NOT_UNDERSTOOD, "¿Con qué período querés comparar? Nombrá los dos.", "no period to compare")
        return form
    if "§y" in text:
        return replace(form, period=periods[0], comparison=periods[0].year_before())
    if "§b" in text or ("changed" in signals and _is_flow(form)):
        return replace(form, period=periods[0], comparison=periods[0].before())
    if "compared" in signals:
        raise Refusal(NOT_UNDERSTOOD, "¿Con qué período querés comparar? Nombrá los dos.", "one period to compare")
    return form


def _is_before(one: Period, two: Period) -> bool:
    return one.first is not None and two.first is not None and one.first < two.first


def _is_flow(form: Form) -> bool:
    chosen = form.filters.accounts
    return form.shape is Shape.RESULT or (chosen is not None and chosen.partida in {EXPENSES, INCOMES})


def _when(form: Form, reading: Reading) -> Form:
    """Return the form with its period and what it is compared with."""
    compared = _with_comparison(form, reading)
    return compared if compared is not form else replace(form, period=period_of(reading))


# --- Makers: what stands apart ---------------------------------------------------------------------------


def _counter(reading: Reading) -> Form | None:
    if "counter" not in reading.signals or not reading.named:
        return None
    accounts = _accounts(reading)
    way = _way(reading.signals)
    one = way is not None and "cuentas" not in reading.folded and "contrapartidas" not in reading.folded
    return Form(
        Shape.COUNTER,
        Metric.COUNT,
        period=period_of(reading),
        filters=filters_of(reading, accounts),
        descending=way,
        limit=_limit(reading.signals) or (1 if one else None),
    )


def _share(reading: Reading) -> Form | None:
    if "share" not in reading.signals:
        return None
    if reading.signals.any("entries") or _counts(reading.signals, "entries"):
        filters = filters_of(reading)
        part = filters.states or filters.users or filters.groups or filters.reversals
        if not part or reading.named or reading.dimensions() or filters.legends or filters.amount:
            return None
        return Form(Shape.ENTRIES, Metric.SHARE, period=period_of(reading), filters=filters)
    whole = next((reading.chart.partida(name) for signal, name in _PARTIDAS if signal in reading.signals), None)
    if whole is None and reading.signals.any("sales", "sold"):
        whole = _sales(reading)
    if whole is None and len(reading.named) == 2:
        return _when(Form(Shape.SHARE, filters=filters_of(reading, reading.named[0]), part=reading.named[1]), reading)
    if whole is None or len(reading.named) != 1:
        return None
    return _when(Form(Shape.SHARE, filters=filters_of(reading, whole), part=reading.named[0]), reading)


def _ratio(reading: Reading) -> Form | None:
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
    if metric is None or reading.named:
        return None
    period = period_of(reading)
    stock = metric is not Metric.MARGIN
    if period is not None and stock and not period.until:
        period = Period(None, period.last, until=True)
    dimensions = () if stock else dimensions_of(reading, people=False)
    return Form(Shape.RATIO, metric, dimensions=dimensions, period=period, filters=filters_of(reading))


def _periods(reading: Reading) -> Form | None:
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


# --- Makers: people --------------------------------------------------------------------------------------


def _people(reading: Reading) -> Form | None:
    """Questions about the people themselves: how many, who is in a group, who recorded nothing."""
    signals = reading.signals
    if "idle" in signals and signals.any("who", "students", "people") and not reading.named:
        return Form(
            Shape.PEOPLE,
            _counted(signals, "students", "people"),
            period=period_of(reading),
            filters=replace(filters_of(reading), idle=True, role=_role(signals)),
        )
    about = (
        signals.any("teachers", "students", "people", "groups", "role")
        or _counts(signals, "students", "people", "groups")
        or (signals.any("chart_attribute", "what_dimension") and reading.slots.users and not reading.named)
    )
    if (
        not about
        or signals.any("entries", "lines", "recorded", *FLOWS)
        or reading.named
        or reading.periods
        or _counts(signals, "entries", "lines")
    ):
        return None
    filters = replace(filters_of(reading), role=_role(signals), active=_active(signals))
    dimensions = dimensions_of(reading, people=True)
    if _counts(signals, "groups") or (
        "groups" in signals
        and not signals.any("students", "people", "role")
        and not reading.slots.groups
        and "count" in signals
    ):
        return Form(Shape.PEOPLE, Metric.DATE, filters=filters)
    if (
        "groups" in signals
        and not signals.any("students", "people")
        and not _counts(signals, "students", "people")
        and not reading.slots.users
        and not reading.slots.groups
        and not dimensions
    ):
        dimensions = (Dimension.STUDENTS,)
    if reading.slots.users:
        return Form(Shape.PEOPLE, Metric.LIST, filters=filters, columns=("grupo_alumnos", "rol"))
    dimensions = tuple(one for one in dimensions if one in {Dimension.STUDENTS, Dimension.ROLE})
    return Form(
        Shape.PEOPLE,
        _counted(signals, "students", "people"),
        dimensions=dimensions,
        filters=filters,
        descending=_way(signals),
        limit=_limit(signals) or (1 if _way(signals) is not None and dimensions else None),
    )


def _counts(signals: Signals, *nouns: str) -> bool:
    return any(groups.get(noun) for groups in signals.found.get("count", ()) for noun in nouns)


def _counted(signals: Signals, *nouns: str) -> Metric:
    return Metric.COUNT if _counts(signals, *nouns) or "count" in signals else Metric.LIST


def _role(signals: Signals) -> str:
    if "teachers" in signals:
        return "Profesor"
    text = signals.first("who", "") + signals.first("idle", "") + signals.first("students", "")
    return (
        "Alumno"
        if "students" in signals or _counts(signals, "students") or "alumno" in text or "estudiante" in text
        else ""
    )


def _active(signals: Signals) -> str:
    return "No" if "inactive" in signals else "Sí" if "active" in signals else ""


# --- Makers: accounts of the plan ------------------------------------------------------------------------


def _attribute(reading: Reading) -> Form | None:
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


def _account_list(reading: Reading) -> Form | None:
    signals = reading.signals
    if "balances" in signals and not reading.named and not reading.periods:
        filters = replace(filters_of(reading, _accounts(reading)), moved=True)
        return Form(Shape.ACCOUNTS, Metric.LIST, filters=filters, columns=("debe", "haber", "saldo"))
    asks = (
        signals.any("accounts", "accounts_plan", "rubros")
        or _counts(signals, "accounts", "rubros")
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
    if flows or ("per" in signals and not _counts(signals, "accounts")):
        return None
    filters = replace(
        filters_of(reading, _accounts(reading)),
        side={"deudor": "debe", "acreedor": "haber"}.get(signals.first("balance_side", "side"), ""),
        used="with_moves" in signals,
        nature={"deudor": "Deudora", "acreedor": "Acreedora"}.get(signals.first("nature", "nature"), ""),
        idle="idle" in signals,
        negative="negative" in signals,
        active=_active(signals),
        moved="with_balance" in signals
        or ("balance" in signals and not narrowed and not reading.slots.bounds and _way(signals) is None),
    )
    if reading.periods and not signals.any("idle", "with_moves"):
        return None
    dimensions = tuple(one for one in dimensions_of(reading, people=False) if one is not Dimension.ACCOUNT)
    count = _counts(signals, "accounts") or ("count" in signals and "rubros" not in signals)
    if dimensions and not count:
        return None
    if _counts(signals, "rubros") and not reading.named:
        return Form(Shape.ACCOUNTS, Metric.COUNT, filters=Filters(accounts=_accounts(reading)), columns=("rubro",))
    if _counts(signals, "rubros") or ("rubros" in signals and not signals.any("balance") and not reading.named):
        return None
    way = _way(signals)
    one = way is not None and _single(reading, ("accounts", "the_account"))
    return Form(
        Shape.ACCOUNTS,
        Metric.COUNT if count else Metric.LIST,
        dimensions=dimensions,
        period=period_of(reading),
        filters=filters,
        descending=way,
        limit=_limit(signals) or (1 if one else None),
    )


# --- Makers: entries and lines ---------------------------------------------------------------------------


def _entries(reading: Reading) -> Form | None:
    signals = reading.signals
    named = signals.any("entries", "reversal", "line_count", "count_bound") or _counts(signals, "entries")
    about = (
        named
        or reading.slots.legends
        or (
            not signals.any(*FLOWS, "lines", "running", "ledger", "average_by")
            and not _counts(signals, "lines", "accounts")
            and (
                signals.any("recorded", "pending", "not_closed", "verified", "closed")
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
    accounts = _accounts(reading, partida=named)
    filters = filters_of(reading, accounts)
    people = _entry_people(reading)
    base = Form(Shape.ENTRIES, filters=filters, period=None)
    if "average_by" in signals and (signals.any("lines") or _counts(signals, "lines")):
        return None
    if "average_by" in signals and not signals.any("amount", "how_much", "money") and _averages_counts(reading):
        unit = _unit_of_average(reading, people)
        return _when(replace(base, metric=Metric.COUNT, aggregate=Aggregate.AVERAGE, dimensions=(unit,)), reading)
    if "average_by" in signals:
        return _when(
            replace(base, metric=Metric.AMOUNT, aggregate=Aggregate.AVERAGE, dimensions=_groups(reading, people)),
            reading,
        )
    return _when(_entry_form(base, reading, people), reading)


def _averages_counts(reading: Reading) -> bool:
    """Return whether what is averaged is how many entries there are: promedio de asientos por mes."""
    return bool(
        re.search(
            r"\b(?:promedio|media) (?:\w+ )?de (?:asientos|registr|operac)|\bcuantos (?:asientos|registr)",
            reading.folded,
        )
    )


def _unit_of_average(reading: Reading, dimensions: tuple[Dimension, ...]) -> Dimension:
    unit = reading.signals.first("average_by", "unit")
    named = next((dimension for name, dimension in _UNITS if name in unit), None)
    return named or (dimensions[0] if dimensions else Dimension.MONTH)


def _mentions_only(reading: Reading) -> bool:
    """Return whether income and expense words only say which entries are meant: los asientos de ventas."""
    return not reading.signals.any("spent", "sold", "result", "both_sides", "how_much", "amount")


def _entry_people(reading: Reading) -> tuple[Dimension, ...]:
    dimensions = dimensions_of(reading, people=True)
    ranked = _way(reading.signals) is not None and reading.signals.any("people", "students")
    if (ranked or "who" in reading.signals) and Dimension.USER not in dimensions:
        dimensions = (Dimension.USER, *dimensions)
    return dimensions


def _groups(reading: Reading, dimensions: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
    """Leave out the groups that are the unit of an average."""
    unit = reading.signals.first("average_by", "unit")
    return (
        tuple(one for one in dimensions if not any(unit.endswith(name) for name, _dimension in _UNITS))
        if unit
        else dimensions
    )


def _entry_form(base: Form, reading: Reading, dimensions: tuple[Dimension, ...]) -> Form:
    signals = reading.signals
    way, limit = _way(signals), _limit(signals)
    singular = _single(reading)
    counts = _counts(signals, "entries") or "count" in signals
    extreme = way is not None and not counts and _is_extreme_entry(reading)
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
            limit=limit or (1 if singular or "when" in signals else None),
        )
    if dimensions:
        dimensions = tuple(dict.fromkeys(Dimension.STUDENTS if one is Dimension.GROUP else one for one in dimensions))
        if "who" in signals and way is None and not counts:
            return replace(base, metric=Metric.LIST, columns=("usuario",))
        money = signals.any("amount", "how_much") and not counts
        return replace(
            base,
            metric=Metric.AMOUNT if money else Metric.COUNT,
            dimensions=dimensions,
            descending=way,
            limit=limit or (1 if way is not None and (singular or _asks_one(reading)) else None),
        )
    if counts or ("pending" in signals and "how_much" in signals and not signals.any("amount", "money")):
        return replace(base, metric=Metric.COUNT)
    if signals.any("amount", "how_much", "money") and not _only_bounds(reading):
        return replace(base, metric=Metric.AMOUNT)
    return replace(base, metric=Metric.LIST, limit=limit)


def _only_bounds(reading: Reading) -> bool:
    """Return whether `importe` only says of what the bounds are: asientos con importe menor a 10 mil."""
    text = " ".join(groups[""] for groups in reading.signals.found.get("amount", ()))
    asked = "how_much" in reading.signals or re.search(r"total|sum|ascien", text)
    return bool(reading.slots.bounds) and not asked


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
    ) or any(
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


def _asks_one(reading: Reading) -> bool:
    return "per_weekday" in reading.signals or (reading.signals.any("what_dimension", "who") and _single(reading))


def _lines(reading: Reading) -> Form | None:
    signals = reading.signals
    ledger = signals.any("ledger")
    used = signals.any("most_used", "least_used") and (signals.any("accounts") or "cuenta" in reading.dimensions())
    if not (signals.any("lines") or ledger or used or _counts(signals, "lines", "times")):
        return None
    if "average_by" in signals or "share" in signals:
        return None
    if "running" in signals or signals.any("both_sides", "changed"):
        return None
    accounts = _accounts(reading)
    filters = replace(filters_of(reading, accounts), side=_side(reading))
    dimensions = dimensions_of(reading, people=True)
    way, limit = _way(signals), _limit(signals)
    base = Form(Shape.LINES, filters=filters, descending=way, limit=limit)
    noun = " ".join(groups[""] for groups in signals.found.get("lines", ()))
    if dimensions and noun == "movimiento" and not signals.any("count") and way is None:
        return _when(
            Form(Shape.TOTAL, Metric.BOTH, dimensions=dimensions, filters=filters_of(reading, accounts)), reading
        )
    by_account = Dimension.ACCOUNT in dimensions or signals.any("accounts") or "per" in signals
    if _counts(signals, "lines", "times") or "count" in signals or dimensions or (way is not None and by_account):
        if way is not None and not dimensions and by_account:
            dimensions = (Dimension.ACCOUNT,)
        return _when(
            replace(
                base,
                metric=Metric.COUNT,
                dimensions=dimensions,
                limit=limit or (1 if way is not None and dimensions and "cuentas" not in reading.folded else None),
            ),
            reading,
        )
    if "when" in signals:
        return _when(
            replace(base, metric=Metric.DATE, descending="first" not in signals, by_date=True, limit=1), reading
        )
    if signals.any("first", "last"):
        return _when(
            replace(
                base,
                metric=Metric.LIST,
                descending="last" in signals,
                by_date=True,
                limit=limit or (1 if _single(reading) else None),
            ),
            reading,
        )
    if way is not None:
        return _when(replace(base, metric=Metric.LIST, limit=limit or (1 if _single(reading) else None)), reading)
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
    return _when(replace(base, metric=Metric.BOTH if plain and ledger else Metric.LIST), reading)


def _side(reading: Reading) -> str:
    signals = reading.signals
    if signals.any("credit", "outflow", "paid"):
        return "haber"
    return "debe" if signals.any("debit", "inflow", "collected") else ""


# --- Makers: money ---------------------------------------------------------------------------------------


def _result(reading: Reading) -> Form | None:
    both = (
        reading.signals.any("incomes") and reading.signals.any("expenses", "spent") and "share" not in reading.signals
    )
    if reading.named or not (both or "result" in reading.signals):
        return None
    form = Form(Shape.RESULT, dimensions=dimensions_of(reading, people=False), filters=filters_of(reading))
    sign = _sign_asked(reading)
    if sign is not None and form.dimensions and _way(reading.signals) is None:
        form = form.with_filters(amount=sign)
    return _ordered(_when(_averaged(form, reading), reading), reading)


def _sign_asked(reading: Reading) -> Bounds | None:
    """Return the bounds of `meses con pérdida`: only results on one side of nothing; None where both were named."""
    if not reading.signals.any("what_dimension", "those_with"):
        return None
    text = " ".join(groups[""] for groups in reading.signals.found.get("result", ()))
    lost, won = bool(re.search(r"\bperd|deficit", text)), bool(re.search(r"\bgan|utilid|superavit", text))
    if lost == won:
        return None
    return Bounds(high=Decimal(0), strict=True) if lost else Bounds(low=Decimal(0), strict=True)


def _paid_from(reading: Reading) -> Form | None:
    """`que se pago con caja`: the lines that took money out of an account."""
    signals = reading.signals
    if (
        not signals.any("paid", "collected")
        or signals.any("how_much", "amount", "spent")
        or not reading.named
        or reading.dimensions()
    ):
        return None
    accounts = _accounts(reading)
    if (
        accounts is None
        or accounts.partida != ASSETS
        or not reading.folded.startswith(("que se", "que pag", "que cobr", "q se"))
    ):
        return None
    return _when(
        Form(Shape.LINES, Metric.LIST, filters=replace(filters_of(reading, accounts), side=_side(reading))), reading
    )


def _money(reading: Reading) -> Form | None:
    """Everything that sums amounts of accounts."""
    signals = reading.signals
    if "result" in signals or _contradicts(signals):
        return None
    chosen = _money_accounts(reading)
    if chosen is None:
        return None
    metric, accounts = chosen
    dimensions = dimensions_of(
        reading, people=not (accounts and "per" in signals and "grupo_alumnos" not in reading.dimensions())
    )
    if (signals.any("breakdown") or reading.each) and not dimensions:
        dimensions = (Dimension.ACCOUNT,)
    if "who" in signals and signals.any("owed_to_us", "we_owe"):  # the books know accounts, not customers
        signals.drop("who")
        dimensions = dimensions or (Dimension.ACCOUNT,)
    if len({one.partida for one in reading.named}) > 1 and not dimensions:
        dimensions = (Dimension.ACCOUNT,)  # what stands on different sides is not summed
    if "rubros" in signals and not dimensions:
        dimensions = (Dimension.RUBRO,)
    if "who" in signals:
        dimensions = (Dimension.USER, *dimensions)
    filters = filters_of(reading, accounts)
    for one_line in (_largest_line, _average_line, _dated_line):
        made = one_line(reading, metric, filters, dimensions)
        if made is not None:
            return made
    if filters.amount is not None and not dimensions and not signals.any("how_much", "amount"):
        return _when(Form(Shape.LINES, Metric.LIST, filters=filters), reading)
    if (
        _text_of(signals, "list").startswith("list")
        and not dimensions
        and not signals.any("how_much", "amount", "balance")
    ):
        if not signals.any(*FLOWS):
            return None  # a list of what an account's name stands for is not in the books
        lines = replace(filters, side=_line_side(metric, filters))
        return _when(Form(Shape.LINES, Metric.LIST, filters=lines, limit=_limit(signals)), reading)
    form = Form(Shape.TOTAL, metric, dimensions=dimensions, filters=filters)
    form = _averaged(form, reading)
    if (
        form.aggregate is Aggregate.AVERAGE
        and accounts is not None
        and accounts.partida in _BALANCE_KINDS
        and "balance" in signals
    ):
        return None  # an average of balances would need each day's
    if _is_balance(reading, metric, accounts, form):
        return _balance(form, reading)
    if (
        signals.any("top", "largest", "smallest")
        and not form.dimensions
        and accounts is not None
        and not accounts.is_one
    ):
        form = replace(form, dimensions=(Dimension.ACCOUNT,))
    return _ordered(_when(form, reading), reading)


# Words of different matters that no one form answers together.
_MATTERS = (
    ("spent", "expenses", "spent_cost"),
    ("sold", "sales", "incomes"),
    ("bought",),
    ("collected",),
    ("we_owe",),
    ("owed_to_us",),
    ("partida_active",),
    ("partida_passive",),
    ("partida_equity",),
)


def _contradicts(signals: Signals) -> bool:
    return sum(signals.any(*names) for names in _MATTERS) > 1


def _money_accounts(reading: Reading) -> tuple[Metric, AccountSet | None] | None:
    """Return what is measured and of which accounts; None where the question names neither."""
    signals = reading.signals
    accounts = _accounts(reading, partida=False)
    if (
        "inflow" in signals
        and signals.any("outflow", "spent_cost")
        and (accounts is None or accounts.partida == ASSETS)
    ):
        cash = accounts or reading.chart.match("plata", {ASSETS}).chosen
        return None if cash is None else (Metric.BOTH, cash)
    if signals.any("both_sides") or ("debit" in signals and "credit" in signals):
        return Metric.BOTH, accounts or _accounts(reading)
    if "debit" in signals:
        return Metric.DEBIT, accounts or _accounts(reading)
    if "credit" in signals:
        return Metric.CREDIT, accounts or _accounts(reading)
    for maker in (_flow_out, _flow_in, _owed):
        made = maker(reading, accounts)
        if made is not None:
            return made
    if accounts is not None:
        return Metric.NET, accounts
    partida = _accounts(reading)
    if partida is not None:
        return Metric.NET, partida
    if signals.any("money") or (
        "have" in signals and "how_much" in signals and reading.periods == () and not signals.any("count", "entries")
    ):
        cash = reading.chart.match("plata", {ASSETS}).chosen if "money" in signals else None
        return None if cash is None else (Metric.NET, cash)
    if signals.any("balance", "balances", "amount") and reading.dimensions():
        return Metric.NET, None
    return None


# What paying does to accounts of a partida: it takes from assets, it settles liabilities.
_PAYING = {ASSETS: Metric.CREDIT, LIABILITIES: Metric.DEBIT}


def _flow_out(reading: Reading, accounts: AccountSet | None) -> tuple[Metric, AccountSet | None] | None:
    signals, chart = reading.signals, reading.chart
    if accounts is not None and accounts.partida == ASSETS and "egreso" in _text_of(signals, "expenses"):
        return Metric.CREDIT, accounts
    if signals.any("spent", "expenses") or (
        "spent_cost" in signals and accounts is not None and accounts.partida == EXPENSES
    ):
        chosen = accounts or chart.partida(EXPENSES)
        return Metric.NET, replace(chosen, debit_side=True)
    if "outflow" in signals and "breakdown" in signals and accounts is None:
        return Metric.NET, chart.partida(EXPENSES)
    if signals.any("outflow", "spent_cost"):
        cash = accounts or chart.match("plata", {ASSETS}).chosen
        return None if cash is None else (Metric.CREDIT, cash)
    if "paid" in signals:
        if accounts is None:
            cash = chart.match("plata", {ASSETS}).chosen
            return None if cash is None else (Metric.CREDIT, cash)
        return _PAYING.get(accounts.partida, Metric.NET), accounts
    if "bought" in signals and accounts is not None and accounts.partida == LIABILITIES:
        return Metric.CREDIT, accounts
    if "bought" in signals:
        bought = accounts or chart.match("compras", {EXPENSES, ASSETS}).chosen
        if bought is None:
            return None
        return (Metric.DEBIT if bought.partida == ASSETS else Metric.NET), replace(bought, debit_side=True)
    return None


def _flow_in(reading: Reading, accounts: AccountSet | None) -> tuple[Metric, AccountSet | None] | None:
    signals, chart = reading.signals, reading.chart
    if signals.any("sold", "sales"):
        chosen = accounts or _sales(reading)
        return (
            None
            if chosen is None
            else (Metric.NET, replace(chosen, debit_side=chosen.partida != INCOMES and chosen.debit_side))
        )
    if accounts is not None and accounts.partida == ASSETS and "incomes" in signals:
        return Metric.DEBIT, accounts
    if "incomes" in signals and accounts is None:
        return Metric.NET, chart.partida(INCOMES)
    if signals.any("inflow", "collected"):
        chosen = accounts or chart.match("plata", {ASSETS}).chosen
        if chosen is None:
            return None
        if chosen.partida == INCOMES:
            return Metric.NET, chosen
        from_customers = "collected" in signals and accounts is not None and not _is_cash(chart, chosen)
        return (Metric.CREDIT if from_customers else Metric.DEBIT), chosen
    return None


def _text_of(signals: Signals, name: str) -> str:
    return " ".join(groups[""] for groups in signals.found.get(name, ()))


def _is_cash(chart: Chart, chosen: AccountSet) -> bool:
    cash = chart.match("plata", {ASSETS}).chosen
    return cash is not None and set(chosen.codes) <= set(cash.codes)


def _sales(reading: Reading) -> AccountSet | None:
    """Return the accounts of sales: the heading that charts give them, net of returns, else all income."""
    if "the_account" in reading.signals or "balance" in reading.signals:
        exact = reading.chart.exact("ventas", postable_only=True)
        if exact is not None:
            return exact
    return reading.chart.heading("ventas", INCOMES) or reading.chart.match("ventas", {INCOMES}).chosen


def _owed(reading: Reading, accounts: AccountSet | None) -> tuple[Metric, AccountSet | None] | None:
    signals, chart = reading.signals, reading.chart
    if "owed_to_us" in signals:
        owed = accounts or chart.match("clientes", {ASSETS}).chosen
        return None if owed is None else (Metric.NET, owed)
    if "we_owe" in signals:
        return Metric.NET, accounts or chart.partida(LIABILITIES)
    return None


def _largest_line(reading: Reading, metric: Metric, filters: Filters, dimensions: tuple[Dimension, ...]) -> Form | None:
    """`la venta mas grande`, `mayor gasto individual`: the one line, not the account."""
    signals = reading.signals
    way = _way(signals)
    noun = " ".join(
        groups[""]
        for name in ("expenses", "sales", "incomes", "paid", "collected")
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
    return _when(
        Form(Shape.LINES, Metric.LIST, filters=replace(filters, side=side), descending=way, limit=_limit(signals) or 1),
        reading,
    )


def _line_side(metric: Metric, filters: Filters) -> str:
    if metric in {Metric.DEBIT, Metric.CREDIT}:
        return metric.value
    return "debe" if filters.accounts is None or filters.accounts.debit_side else "haber"


def _average_line(reading: Reading, metric: Metric, filters: Filters, dimensions: tuple[Dimension, ...]) -> Form | None:
    """`venta promedio`, `importe promedio de las ventas`: the average of the lines, not of the months."""
    alone = re.search(
        r"\b(?:venta|compra|cobro|pago|gasto) (?:promedio|media)\b|\bimporte promedio\b|\bmonto promedio\b",
        reading.folded,
    )
    if "average_by" not in reading.signals or not alone or dimensions or reading.signals.first("average_by", "unit"):
        return None
    side = replace(filters, side=_line_side(metric, filters))
    return _when(Form(Shape.LINES, Metric.AMOUNT, Aggregate.AVERAGE, filters=side), reading)


def _dated_line(reading: Reading, metric: Metric, filters: Filters, dimensions: tuple[Dimension, ...]) -> Form | None:
    """`la ultima venta`, `cuando pagamos el alquiler por ultima vez`: the line that is first or last by date."""
    signals = reading.signals
    if not signals.any("first", "last", "when") or dimensions or filters.accounts is None or _way(signals) is not None:
        return None
    lines = Form(
        Shape.LINES,
        Metric.DATE if "when" in signals else Metric.LIST,
        filters=replace(filters, side=_line_side(metric, filters)),
        descending="first" not in signals,
        by_date=True,
        limit=_limit(signals) or 1,
    )
    return _when(lines, reading)


def _averaged(form: Form, reading: Reading) -> Form:
    """Return the form averaged over the unit asked for, months where none is."""
    signals = reading.signals
    if "average_by" not in signals:
        return form
    chosen = _unit_of_average(reading, tuple(one for one in form.dimensions if one in TIME))
    others = tuple(one for one in form.dimensions if one is not chosen)
    return replace(form, aggregate=Aggregate.AVERAGE, dimensions=(chosen, *others))


def _is_balance(reading: Reading, metric: Metric, accounts: AccountSet | None, form: Form) -> bool:
    """Return whether a stock is asked for rather than what moved: caja hoy, not gastos de mayo."""
    if metric is not Metric.NET or form.aggregate is not Aggregate.SUM:
        return False
    signals = reading.signals
    if signals.any("changed", "movement", "bought"):
        return False
    if accounts is None:
        return True
    if accounts.partida not in _BALANCE_KINDS:
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
        period = Period(None, period.last, until=True)
    return _ordered(replace(form, shape=Shape.BALANCE, period=period), reading)


def _ordered(form: Form, reading: Reading) -> Form:
    """Return the form ordered as the superlatives ask; one row where one thing is asked for."""
    signals = reading.signals
    way, limit = _way(signals), _limit(signals)
    if way is None or not form.dimensions or (form.aggregate is Aggregate.AVERAGE and len(form.dimensions) == 1):
        return replace(form, limit=limit if form.dimensions else None)
    plural = not limit and ("top" in signals or _is_plural(reading))
    return replace(form, descending=way, limit=limit or (None if plural else 1))


def _is_plural(reading: Reading) -> bool:
    found = reading.signals.found
    asking = [name for name in ("what_dimension", "those_with", "best") if name in found]
    if not asking and "breakdown" in found:
        return False
    named = asking or ("accounts", "rubros", "expenses", "largest", "who")
    text = " ".join(groups[""] for name in named for groups in found.get(name, ()))
    return any(word.endswith("s") and word not in {"mes", "mas", "es"} for word in text.split())


_MAKERS: tuple[Callable[[Reading], Form | None], ...] = (
    _counter,
    _share,
    _ratio,
    _periods,
    _people,
    _attribute,
    _account_list,
    _entries,
    _lines,
    _paid_from,
    _result,
    _money,
)
