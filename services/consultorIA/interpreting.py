"""From a question to a form, or to the reason why there is none."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from services.consultorIA import lexicon, refusals
from services.consultorIA import reading as readings
from services.consultorIA.assembling import assemble
from services.consultorIA.common_words import NEGATIONS
from services.consultorIA.compilers.conditions import is_whole_months
from services.consultorIA.following import follow, is_follow_up
from services.consultorIA.forms import TIME, AccountSet, Aggregate, Dimension, Form, Metric, Shape
from services.consultorIA.periods import Period
from services.consultorIA.reading import EXPENSES, INCOMES, Reading
from services.consultorIA.refusals import NOT_UNDERSTOOD, Refusal
from services.consultorIA.text import is_connector
from services.consultorIA.unreadable import Unreadable
from services.consultorIA.vocabulary import Vocabulary

CONFIDENCE_MIN = 0.5
_UNREADABLE = {
    "fecha_inexistente": "La fecha {text} no existe.",
    "periodo_ilegible": "No entendí el período.",
    "periodo_al_reves": "El período empieza después de terminar.",
    "periodo_sin_comienzo": "Para comparar hace falta un período con comienzo y fin.",
    "importe_demasiado_grande": "El importe {text} es demasiado grande.",
}


@dataclass(frozen=True, slots=True)
class Understood:
    """A form, how sure it is (0 to 1), and what was assumed on the way, in words."""

    form: Form
    confidence: float
    notes: tuple[str, ...] = field(default=())


def understand(
    question: str,
    vocabulary: Vocabulary,
    today: dt.date,
    previous: Form | None = None,
    in_legends: Callable[[Form], bool] | None = None,
) -> Understood:
    """Return the form of a question; raises Refusal with the contract's code where there is none.

    `previous` is the form of the question before in a conversation: "¿y en mayo?" changes it.
    `in_legends` tells whether a form that asks for words in legends finds an entry: what names no account
    and no person may be what entries say ("pagos a Molinos Tandil").
    """
    refusals.check(question)
    try:
        found = readings.read(question, vocabulary, today)
        loose = in_legends is not None and bool(found.unexplained) and _take_for_legend(found)
        made = _understood(found, vocabulary, previous)
        if loose and in_legends is not None and not in_legends(made.form):
            raise _unexplained(found.loose[0][1].split())
        return made
    except Unreadable as error:
        words = _UNREADABLE.get(error.code, "No entendí una fecha o un importe.").format(text=error.text)
        raise Refusal(NOT_UNDERSTOOD, words, error.code) from None


def _understood(found: Reading, vocabulary: Vocabulary, previous: Form | None) -> Understood:
    _refuse_other_matters(found)
    if found.unexplained:
        raise _unexplained(found.unexplained)
    if found.slots.people_choices:
        raise _which(found.slots.people_choices, "Hay varias personas con ese nombre")
    if found.choices:
        asked = [found.folded.replace(found.unsure_of, choice) for choice in found.choices]
        raise _which(found.choices, "Hay varias cuentas que pueden ser", asked)
    form = follow(previous, found) if previous is not None and is_follow_up(found) else None
    form = form or assemble(found)
    form = form and _from_the_years_start(form, found)
    if form is None and previous is not None:
        form = follow(previous, found)
    if form is None:
        raise Refusal(NOT_UNDERSTOOD, "No entendí qué querés saber.", "no form fits")
    _check_slots_used(form, found)
    notes = tuple(f"leí «{right}» donde dice «{wrong}»" for wrong, right in found.mended)
    notes += (*found.notes, *_unmoved(form, found), *_by_sums(form, found))
    return Understood(_without_closings(form, vocabulary), round(max(found.confidence, CONFIDENCE_MIN), 2), notes)


def _unmoved(form: Form, found: Reading) -> tuple[str, ...]:
    """Return the note that nothing moved what was asked for, and what of like name was moved."""
    chosen = form.filters.accounts
    few = chosen is not None and (len(chosen.codes) <= 3 or chosen.column == "rubro")
    like = found.chart.moved_instead(chosen) if chosen is not None and few else ()
    return (f"{chosen.label} no tiene movimientos; sí {', '.join(like)}",) if like and chosen is not None else ()


def _by_sums(form: Form, found: Reading) -> tuple[str, ...]:
    """Return the note that a change period by period is shown by the sums it is the difference of."""
    by_time = form.shape is Shape.TOTAL and form.metric is Metric.NET and TIME & set(form.dimensions)
    if "changed" not in found.signals or not by_time:
        return ()
    return ("muestro el total de cada período: la variación es la diferencia entre uno y el anterior",)


# What entries are about: words beside which others may be what a legend says.
_OF_ENTRIES = (
    "entries", "lines", "expenses", "spent", "sales", "sold", "paid", "bought", "collected", "incomes", "inflow",
    "outflow",
)  # fmt: skip
_OBJECT = frozenset({"a", "al", "de", "del", "con", "en", "para", "la", "el", "los", "las"})
LEGEND_CONFIDENCE = 0.55


def _take_for_legend(found: Reading) -> bool:
    """Take the one phrase that nothing explains for words of legends, where it is an object; tell whether it was."""
    if len(found.loose) != 1 or not found.signals.any(*_OF_ENTRIES) or found.signals.any("who") or found.slots.legends:
        return False
    if found.signals.any("have", "balance", "owed_to_us", "we_owe"):
        return False  # what there is somewhere is no sum of what entries say
    before, text = found.loose[0]
    short = any(len(word) < 4 and not is_connector(word) for word in text.split())
    if before not in _OBJECT or short or any(word in NEGATIONS for word in text.split()):
        return False
    found.slots.legends.append(text)
    found.unexplained = ()
    found.confidence = min(found.confidence, LEGEND_CONFIDENCE)
    found.notes = (*found.notes, f"busqué «{text}» en las leyendas: no es una cuenta ni una persona")
    return True


def _refuse_other_matters(found: Reading) -> None:
    if "definition" in found.signals:
        raise Refusal(
            NOT_UNDERSTOOD,
            "Eso es una consulta de teoría: preguntásela al asistente. Acá contesto con cifras de los libros.",
            "a definition was asked for",
        )
    if "advice" in found.signals and not found.signals.any("how_much"):
        raise Refusal(NOT_UNDERSTOOD, "No doy consejos: contesto con lo que está registrado.", "advice was asked for")
    if "forecast" in found.signals:
        raise Refusal(
            NOT_UNDERSTOOD, "No hago pronósticos: contesto sobre lo que está registrado.", "a forecast was asked for"
        )


def _unexplained(words: Sequence[str]) -> Refusal:
    shown = ", ".join(f"«{word}»" for word in words[:4])
    return Refusal(
        NOT_UNDERSTOOD,
        f"No entendí {shown}: no es una cuenta, una persona ni algo que esté en los libros.",
        "unexplained words",
    )


def _which(choices: Sequence[str], lead: str, asked: Sequence[str] = ()) -> Refusal:
    """Return the refusal that asks which; `asked` are the whole questions to choose from."""
    return Refusal(NOT_UNDERSTOOD, f"{lead}: {', '.join(choices)}. ¿Cuál?", "ambiguous", tuple(asked or choices))


def _check_slots_used(form: Form, found: Reading) -> None:
    """Refuse where something that the question names would not count: a figure must answer all of it."""
    asked, slots = form.filters, found.slots
    periods = len([one for one in (form.period, form.comparison) if one is not None])
    ignored = (
        (slots.users and not asked.users)
        or (slots.groups and not asked.groups)
        or (slots.legends and not asked.legends)
        or (slots.bounds and asked.amount is None)
        or len(slots.bounds) > 1
        or (slots.periods and not periods)
        or (found.named and asked.accounts is None and form.part is None)
        or ("weekday" in found.signals and not asked.weekdays)
        or ("pending" in found.signals and not asked.states and form.shape is not Shape.PERIODS)
        or (form.shape in {Shape.ACCOUNTS, Shape.PEOPLE, Shape.PERIODS} and asked.legends)
        or (form.shape is Shape.ACCOUNTS and (asked.users or asked.groups or asked.weekdays or asked.reversals))
        or (form.shape is Shape.RATIO and found.named)
        or ("reversal" in found.signals and not asked.reversals)
        or (form.shape is Shape.ENTRIES and form.metric is Metric.AMOUNT and _BY_LINE & set(form.dimensions))
        or ("kind" in found.signals and not asked.kinds)
        or ("breakdown" in found.signals and form.shape is Shape.ENTRIES)
        or ("money" in found.signals and form.shape is Shape.ACCOUNTS)
        or ("idle" in found.signals and not asked.idle)
        or ("negative" in found.signals and not asked.negative)
        or ("line_count" in found.signals and asked.lines is None)
        or ("compared" in found.signals and form.comparison is None)
        or ("changed" in found.signals and _ranks(found) and not (form.comparison is not None and form.dimensions))
        or (form.comparison is not None and not _compares(form))
        or ("students" in found.signals and form.shape in {*_OF_MONEY, Shape.LINES} and not _of_people(form))
        or _ignores_matter(form, found)
        or (form.shape in _OF_MONEY and found.signals.any("groups", "students", "people") and not _of_people(form))
        or ("except" in found.signals and not found.excluded)
        or (found.excluded and (asked.without is None or form.shape not in _EXCLUDING))
        or ("count" in found.signals and form.metric not in _COUNTING and form.aggregate is not Aggregate.AVERAGE)
        or (slots.users and form.shape in _OF_MONEY and not _recorded(form, found))
        or ("nature" in found.signals and not asked.nature)
        or ("with_moves" in found.signals and not asked.used)
        or ("balance_side" in found.signals and not asked.side)
        or ("teachers" in found.signals and not asked.role)
        or ("count_bound" in found.signals and (asked.count is None or not form.dimensions))
        or (slots.number is not None and form.shape is not Shape.ENTRIES)
        or ("accumulated" in found.signals and not _accumulates(form))
        or ("average_by" in found.signals and form.aggregate is not Aggregate.AVERAGE)
        or ("balance" in found.signals and form.metric in _ONE_SIDE)
        or (form.metric is Metric.BOTH and found.signals.any("paid", "spent", "expenses", "sold", "sales"))
        or _asks_who_is(found)
        or _COUNTED_ACCOUNT.search(slots.text)
        or (form.shape is Shape.RESULT and found.signals.any("we_owe", "owed_to_us", "bought", "collected", "advice"))
        or (form.shape is Shape.RESULT and "accounts" in found.signals and not form.dimensions)
        or ("share" in found.signals and form.shape is not Shape.SHARE and form.metric is not Metric.SHARE)
        or ("when" in found.signals and not _dates_it(form))
        or (found.signals.any("current", "non_current") and "corriente" not in _label_of(form))
        or ("net_value" in found.signals and not found.named)
        or ("gross" in found.signals and form.metric is not Metric.GROSS)
        or "whom" in found.signals
        or ("who" in found.signals and not _names_people(form))
        or _ignores_order(form, found)
        or _ignores_groups(form, found)
    )
    if ignored:
        raise Refusal(
            NOT_UNDERSTOOD,
            "No sé combinar todo lo que pediste en una sola respuesta: preguntalo por partes.",
            "a slot would be ignored",
        )


_BY_LINE = frozenset({Dimension.ACCOUNT, Dimension.RUBRO, Dimension.GROUP, Dimension.PARTIDA, Dimension.WEEKDAY})
_EXCLUDING = frozenset({Shape.TOTAL, Shape.LINES, Shape.RESULT, Shape.ACCOUNTS})
_OF_MONEY = frozenset({Shape.TOTAL, Shape.BALANCE, Shape.LINES, Shape.RUNNING, Shape.RESULT})
_ONE_SIDE = frozenset({Metric.DEBIT, Metric.CREDIT})
_COUNTING = frozenset({Metric.COUNT, Metric.DATE, Metric.SHARE})


def _recorded(form: Form, found: Reading) -> bool:
    """Return whether a person is named as who recorded, not as whom the money is of: sueldo de Marta."""
    return found.signals.any("recorded", "who", "expenses", "sales", "incomes", "lines") or bool(form.dimensions)


_COUNTED_ACCOUNT = re.compile(r"\b(?:cuant[oa]s|cantidad de|numero de) (?:los |las )?§c")  # things, not what they cost
_WHO_IS = re.compile(r"\bquien(?:es)? (?:es|son|fue|fueron|era|eran)\b(?! (?:el|la|los|las) que\b)")
_DID = ("recorded", "uses", "entries", "lines", "spent", "sold", "paid", "bought", "collected", "owed_to_us", "we_owe")


_TO_A_PERIOD = re.compile(r"\ba §p0")


def _from_the_years_start(form: Form, found: Reading) -> Form:
    """Return the form from its year's first day where sums of income or expense are asked accumulated to a moment."""
    period = form.period
    asked = "accumulated" in found.signals and period is not None and form.shape in {Shape.TOTAL, Shape.RESULT}
    if not asked or period is None or period.last is None or not _of_results(form.filters.accounts, form):
        return form
    if not period.until and not _TO_A_PERIOD.search(found.slots.text):
        return form
    first, last = dt.date(period.last.year, 1, 1), period.last
    return replace(form, period=Period(first, last, months=last.month if is_whole_months(Period(first, last)) else 0))


def _accumulates(form: Form) -> bool:
    """Return whether a sum runs from the beginning or over several months: acumulado a octubre is not October's."""
    period = form.period
    to_a_day = period is not None and period.months == 0 and period.first != period.last
    spans = period is None or period.until or period.months > 1 or to_a_day
    return spans and form.comparison is None and not TIME & set(form.dimensions)


def _asks_who_is(found: Reading) -> bool:
    """Return whether the person asked for is of an account (mi mejor cliente), not who recorded something."""
    return bool(found.named and _WHO_IS.search(found.folded)) and not found.signals.any(*_DID)


def _label_of(form: Form) -> str:
    return form.filters.accounts.label.lower() if form.filters.accounts is not None else ""


def _dates_it(form: Form) -> bool:
    return form.metric in {Metric.DATE, Metric.LIST} or Dimension.DAY in form.dimensions


def _of_people(form: Form) -> bool:
    asked = form.filters
    return bool(
        asked.users or asked.groups or asked.role or {Dimension.USER, Dimension.STUDENTS} & set(form.dimensions)
    )


def _names_people(form: Form) -> bool:
    return form.shape is Shape.PEOPLE or "usuario" in form.columns or Dimension.USER in form.dimensions


_MATTERS = (
    "paid", "bought", "collected", "inflow", "outflow", "spent", "spent_cost", "sold", "sales", "expenses", "incomes",
    "we_owe", "owed_to_us", "partida_active", "partida_passive", "partida_equity",
)  # fmt: skip


def _ignores_matter(form: Form, found: Reading) -> bool:
    """Return whether entries or lines of any matter would answer for those of one: asientos de cobranzas."""
    asked = form.filters
    return (
        form.shape in {Shape.ENTRIES, Shape.LINES}
        and asked.accounts is None
        and not asked.legends
        and found.signals.any(*_MATTERS)
    )


def _ranks(found: Reading) -> bool:
    return found.signals.any("largest", "smallest", "top", "most_used", "least_used", "first", "last")


def _ignores_order(form: Form, found: Reading) -> bool:
    """Return whether the question ranks and the form does not."""
    return _ranks(found) and form.descending is None and form.limit is None and form.metric is not Metric.DATE


def _dimensions_in(groups: dict[str, str]) -> list[str]:
    return [lexicon.dimension_named(groups[key]) for key in ("dimension", "dimension2") if groups.get(key)]


def _compares(form: Form) -> bool:
    """Return whether the form's shape sets two periods side by side."""
    summed = form.shape in {Shape.TOTAL, Shape.RESULT, Shape.BALANCE}
    return summed and not (form.aggregate is Aggregate.AVERAGE and form.dimensions)


def _ignores_groups(form: Form, found: Reading) -> bool:
    """Return whether the question asks for groups that the form does not make."""
    asked = found.signals.any(
        "per", "those_with", "best", "per_weekday", "change_by", "per_quarter", "per_week", "per_day", "per_year"
    )  # fmt: skip
    by = {
        lexicon.dimension_named(text)
        for groups in found.signals.found.get("per", ())
        for text in _dimensions_in(groups)
    }
    if form.shape is Shape.COUNTER and by - {"cuenta"}:
        return True
    if form.shape is Shape.ENTRIES and form.columns and by - {"usuario"}:
        return True
    grouped = form.dimensions or form.columns or form.shape in {Shape.ACCOUNTS, Shape.PEOPLE, Shape.COUNTER}
    return asked and not grouped


def _without_closings(form: Form, vocabulary: Vocabulary) -> Form:
    """Leave the entries that empty the results at the end of a year out of incomes and expenses."""
    if not vocabulary.has_closings:
        return form
    if form.shape in {Shape.RESULT, Shape.RATIO, Shape.TOTAL, Shape.SHARE} and _of_results(form.filters.accounts, form):
        return form.with_filters(without_closings=True)
    return form


def _of_results(chosen: AccountSet | None, form: Form) -> bool:
    if chosen is None:
        return form.shape in {Shape.RESULT, Shape.RATIO}
    return chosen.partida in {EXPENSES, INCOMES}
