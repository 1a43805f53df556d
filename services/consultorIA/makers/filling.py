"""From a reading's slots and words to the fields of a form."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from services.consultorIA.amounts import Bounds
from services.consultorIA.forms import TIME, AccountSet, Dimension, Filters, Metric
from services.consultorIA.lexicon import Signals
from services.consultorIA.periods import Period
from services.consultorIA.reading import ASSETS, EQUITY, EXPENSES, INCOMES, LIABILITIES, Reading, number_in
from services.consultorIA.refusals import NOT_UNDERSTOOD, Refusal

PARTIDA_SIGNALS = (
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


# Words beside which a role says who recorded.
_OF_ENTRIES = ("entries", "recorded", *_STATES)
_WEEKDAYS = {
    "lunes": (1,),
    "martes": (2,),
    "miercoles": (3,),
    "jueves": (4,),
    "viernes": (5,),
    "sabado": (6,),
    "domingo": (7,),
}


_KINDS = {
    "apertura": ("Apertura", "Apertura manual"),
    "cierre": ("Cierre", "Refundición de resultados"),
    "ajuste": ("Ajuste de cierre", "Ajuste por inflación"),
    "ajustes": ("Ajuste de cierre", "Ajuste por inflación"),
    "refundicion": ("Refundición de resultados",),
}
BALANCE_PARTIDAS = frozenset({ASSETS, LIABILITIES, EQUITY})


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
        kinds=_KINDS.get(found.first("kind", "kind") or found.first("kind", "kind2"), ()),
        lines=bounds_of(found, "line_count"),
        count=bounds_of(found, "count_bound"),
        number=reading.slots.number,
        role=role_of(found) if found.any(*_OF_ENTRIES) or counts(found, "entries") else "",
    )


def _weekday(name: str) -> tuple[int, ...]:
    return (6, 7) if name.startswith("fin") else _WEEKDAYS[name if name in _WEEKDAYS else name.rstrip("s")]


def bounds_of(signals: Signals, name: str) -> Bounds | None:
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


def accounts_named(reading: Reading, *, partida: bool = True) -> AccountSet | None:
    """Return the accounts named, else (with `partida`) the whole partida that a word names."""
    if reading.named:
        return reading.chart.together(reading.named)
    if not partida:
        return None
    term = "no corriente" if "non_current" in reading.signals else "corriente" if "current" in reading.signals else ""
    if term and reading.signals.any("partida_active", "partida_passive"):
        return reading.chart.exact(f"{'activo' if 'partida_active' in reading.signals else 'pasivo'} {term}")
    named = next((reading.chart.partida(name) for signal, name in PARTIDA_SIGNALS if signal in reading.signals), None)
    return sales_of(reading) if named is None and "sales" in reading.signals else named


def sales_of(reading: Reading) -> AccountSet | None:
    """Return the accounts of sales: the one named so, else the heading, else what charts call them."""
    exact = reading.chart.exact("ventas", postable_only=True)
    return exact or reading.chart.heading("ventas", INCOMES) or reading.chart.match("ventas", {INCOMES}).chosen


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


def limit_of(signals: Signals) -> int | None:
    """Return how many rows are asked for; None for all."""
    for name in ("limit", "top", "first", "last", "those_with"):
        for key in ("n", "n2", "n3"):
            number = number_in(signals.first(name, key))
            if number is not None:
                return min(max(number, 1), 1000)
    return None


def way_of(signals: Signals) -> bool | None:
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


def is_single(reading: Reading, plurals: tuple[str, ...] = ()) -> bool:
    """Return whether the question asks for one thing: que mes, quien, el asiento."""
    found = reading.signals.found
    asking = [name for name in ("what_dimension", "those_with", "best", "who", "per_weekday") if name in found]
    text = " ".join(groups[""] for name in asking or ("entries", "lines", *plurals) for groups in found.get(name, ()))
    return bool(text) and not any(word.endswith("s") and word not in {"mes", "mas", "es"} for word in text.split())


def is_plural(reading: Reading) -> bool:
    """Return whether several are asked for: qué meses, las cuentas."""
    found = reading.signals.found
    asking = [name for name in ("what_dimension", "those_with", "best", "rubros", "chart_attribute") if name in found]
    if not asking and "breakdown" in found:
        return False
    named = asking or ("accounts", "rubros", "expenses", "largest", "who")
    text = " ".join(groups[""] for name in named for groups in found.get(name, ()))
    return any(word.endswith("s") and word not in {"mes", "mas", "es"} for word in text.split())


def counts(signals: Signals, *nouns: str) -> bool:
    """Return whether one of the nouns is what is counted."""
    return any(groups.get(noun) for groups in signals.found.get("count", ()) for noun in nouns)


def counted(signals: Signals, *nouns: str) -> Metric:
    """Return whether people are counted or listed."""
    return Metric.COUNT if counts(signals, *nouns) or "count" in signals else Metric.LIST


def role_of(signals: Signals) -> str:
    """Return the role that the words name; empty for any."""
    if "teachers" in signals:
        return "Profesor"
    text = "".join(signals.first(name, "") for name in ("who", "idle", "students"))
    for each in (signals.first(name, "dimension") for name in ("per", "those_with", "best", "what_dimension")):
        text += "" if each.startswith("grupo") else each  # por alumno, not por grupo de alumnos
    return (
        "Alumno"
        if "students" in signals or counts(signals, "students") or "alumno" in text or "estudiante" in text
        else ""
    )


def active_of(signals: Signals) -> str:
    """Return "Sí" or "No" where only active or inactive ones are asked for."""
    return "No" if "inactive" in signals else "Sí" if "active" in signals else ""


def text_of(signals: Signals, name: str) -> str:
    """Return the words of a signal."""
    return " ".join(groups[""] for groups in signals.found.get(name, ()))


def asks_one(reading: Reading) -> bool:
    """Return whether which one is asked: qué día, quién."""
    return "per_weekday" in reading.signals or (reading.signals.any("what_dimension", "who") and is_single(reading))
