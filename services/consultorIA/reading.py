"""A question read: signals, slots and the accounts that its remaining words name.

Every word that carries meaning must end up explained: by a signal, a slot or an account's name. What
is left over is kept in `unexplained`, and a question with anything there gets no figure.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from services.consultorIA import lexicon, slots
from services.consultorIA.accounts import Chart, Match, chart_of
from services.consultorIA.common_words import BY_EAR, COMMON, FILLERS, NEGATIONS, SPELLING
from services.consultorIA.concepts import known_words, names_for
from services.consultorIA.forms import AccountSet, Dimension
from services.consultorIA.lexicon import Signals
from services.consultorIA.period_readers import MONTH_NUMBERS, NUMBERS
from services.consultorIA.periods import Period
from services.consultorIA.slots import Slots
from services.consultorIA.text import fold, heard, is_connector, near, words
from services.consultorIA.vocabulary import Vocabulary

EXPENSES, INCOMES, ASSETS, LIABILITIES, EQUITY = "Egresos", "Ingresos", "Activo", "Pasivo", "Patrimonio Neto"
_PARTIDA_SIGNALS = {
    "partida_active": ASSETS,
    "partida_passive": LIABILITIES,
    "partida_equity": EQUITY,
    "expenses": EXPENSES,
    "incomes": INCOMES,
}
# Who asks of these asks of money, not of the entries it stands in.
FLOWS = (
    "spent",
    "spent_cost",
    "expenses",
    "sold",
    "sales",
    "incomes",
    "result",
    "bought",
    "paid",
    "collected",
    "inflow",
    "outflow",
    "debit",
    "credit",
    "both_sides",
    "balance",
    "we_owe",
    "owed_to_us",
    "money",
    "changed",
)
_BETWEEN_NAMES = re.compile(r"\s*(?:,|/|\+|\by\b|\be\b|\bo\b|\bni\b|\bmas\b|\bjunto con\b)\s*")
_AFTER_QUESTION_WORD = frozenset({"que", "q", "cual", "cuales", "segun", "cuantos", "cuantas", "x"})


@dataclass(slots=True)
class Reading:
    """What a question's words came to. `named` are the accounts, in the order they stand."""

    folded: str
    slots: Slots
    signals: Signals
    chart: Chart
    named: list[AccountSet] = field(default_factory=list)
    excluded: list[AccountSet] = field(default_factory=list)
    choices: tuple[str, ...] = ()
    unsure_of: str = ""
    loose: list[tuple[str, str]] = field(default_factory=list)  # what nothing explains, with the word before it
    notes: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    mended: tuple[tuple[str, str], ...] = ()
    confidence: float = 1.0
    each: bool = False

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods in the order they stand."""
        return self.slots.periods

    def dimensions(self) -> list[str]:
        """Return the names of the dimensions asked by words such as `por mes`, in order."""
        made: list[tuple[int, str]] = []
        made += [
            (int(groups["at"]) + (key == "dimension2"), lexicon.dimension_named(groups[key]))
            for signal in ("per", "what_dimension", "those_with", "best")
            for groups in self.signals.found.get(signal, ())
            for key in ("dimension", "dimension2")
            if groups.get(key)
        ]
        for signal, name in (
            ("change_by", "mes"),
            ("per_quarter", "trimestre"),
            ("per_week", "semana"),
            ("per_year", "anio"),
            ("per_day", "fecha"),
            ("per_weekday", "dia_semana"),
        ):
            if signal in self.signals:
                made.append((int(self.signals.found[signal][0]["at"]), name))
        return list(dict.fromkeys(name for _at, name in sorted(made) if name))


_PLEASE = re.compile(r"\bpor ?favor\b|\bporfis?\b|\bporfa\b|\bpl[iz]s\b|\bgracias\b|\ba lo largo de\b")
_BY = re.compile(r"(?<![\w.,/-])(?<!\d )x(?![\w.,/-])(?! \d)")  # deudores x ventas, mes x mes; not 3 x 2
_GREETING = re.compile(
    r"^(?:(?:hola|buen(?:os|as)?(?: (?:dia|dias|tardes|noches))?|che|bueno|disculpa|perdon)\b[ ,.!]*)+"
)


def read(question: str, vocabulary: Vocabulary, today: dt.date) -> Reading:
    """Return the reading of a question; slips of the pen are mended when they leave words unexplained."""
    folded = " ".join(_PLEASE.sub(" ", fold(question)).split()).strip(" ?!.,;:")
    folded = _BY.sub("por", _GREETING.sub("", folded))
    first = _read(folded, vocabulary, today)
    if not first.unexplained:
        return first
    mended = _mended(first.unexplained, vocabulary)
    if not mended:
        return first
    corrected = folded
    for wrong, right in mended:
        corrected = re.sub(rf"(?<!\w){re.escape(wrong)}(?!\w)", right, corrected)
    second = _read(corrected, vocabulary, today)
    if second.unexplained or second.choices:
        return first if not second.choices else second
    second.mended = tuple(mended)
    second.confidence -= 0.1
    return second


# Words of account names ("Sueldos a pagar") that alone are verbs: no slip, and none is mended into them.
_VERBS_OF_NAMES = frozenset({"cobrar", "pagar", "devengar", "depositar", "ganadas", "ganados", "pagados", "cobrados"})


def _mended(unexplained: Iterable[str], vocabulary: Vocabulary) -> list[tuple[str, str]]:
    of_names = vocabulary.known_words()
    known = {*SPELLING, *of_names, *known_words()} - _VERBS_OF_NAMES
    right_already = COMMON | FILLERS | _VERBS_OF_NAMES | of_names
    made = []
    for word in unexplained:
        if word in right_already or not word.isalpha():
            continue
        right = heard(word, {*known, *BY_EAR}) or (near(word, known) or near(word, SPELLING) if len(word) > 2 else None)
        if right and right != word:
            made.append((word, right))
    return made


def _read(folded: str, vocabulary: Vocabulary, today: dt.date) -> Reading:
    found = slots.read(folded, vocabulary, today)
    reading = Reading(folded, found, lexicon.read(found.text), chart_of(vocabulary))
    kept = _kept(reading.signals.rest)
    reading.named = [_owed_for(number, reading) for number in range(len(found.accounts)) if number not in kept]
    reading.excluded = [one for number, one in enumerate(found.accounts) if number in kept]
    _soften(reading)
    _read_accounts(reading)
    _net_of_depreciation(reading)
    return reading


def _owed_for(number: int, reading: Reading) -> AccountSet:
    """Return the account named or, where an expense is said to be owed, the liability for it."""
    named, said = reading.slots.accounts[number], reading.slots.said.get(number)
    if "we_owe" not in reading.signals or named.partida != EXPENSES or said is None:
        return named
    due = _due(said, reading, _OWING)
    return named if due is None or due.chosen is None else due.chosen


def _kept(rest: str) -> set[int]:
    """Return the numbers of the accounts named right after an exception."""
    return {int(number) for number in re.findall(rf"{lexicon.EXCEPT} (?:(?:a|de|la|el|los|las) )*§c(\d+)", rest)}


def _soften(reading: Reading) -> None:
    """Drop signals that other words of the question give another sense."""
    signals = reading.signals
    most = "changed" in signals and re.match(r"(?:en )?(?:que|cual|cuales)\b", reading.folded)
    two = len(reading.periods) > 1 or "§b" in reading.slots.text or "§y" in reading.slots.text
    if "compared" in signals and signals.any("largest", "smallest") and two and not most:
        signals.drop("largest", "smallest")
    if "share" not in signals:
        signals.drop("represents")
    if signals.any("spent", "paid", "sold", "how_much") and re.search(
        r"\b(?:mucho|demasiado|bastante|poco)\b", signals.rest
    ):
        signals.rest = re.sub(r"\b(?:mucho|demasiado|bastante|poco)\b", "|", signals.rest)


def _read_accounts(reading: Reading) -> None:
    """Match what no signal took against the chart; leave in `unexplained` what is no account either."""
    unexplained: list[str] = []
    excluding = False
    segments = re.split(r"(\||§[a-z]\d+|[?;])", reading.signals.rest)
    for segment, after in zip(segments, [*segments[1:], ""], strict=True):
        excluding = excluding or segment == lexicon.EXCEPT
        phrase = _content(segment)
        if phrase is None:
            continue
        before, text = phrase
        asks = before in _AFTER_QUESTION_WORD or _is_grouping(before, reading) or _is_counted(text, reading)
        matches = [] if asks or _qualified(segment, after) else _match_all(text, reading)
        if before == "cada":  # each bank: several accounts, one a row
            reading.each = any(match.chosen is not None and not match.chosen.is_one for match in matches)
        if not matches:
            unexplained += [word for word in words(text) if _means(word)]
            reading.loose.append(("" if asks else before, text))
            continue
        for match in matches:
            if match.chosen is not None:
                (reading.excluded if excluding else reading.named).append(match.chosen)
                reading.confidence = min(reading.confidence, match.confidence)
            elif not reading.choices:
                reading.choices = match.choices
                reading.unsure_of = text
        excluding = False
    reading.unexplained = tuple(dict.fromkeys(unexplained))


# Beside these words `por` says what for: pagamos por alquiler, deuda por préstamos.
_REASONS = ("spent", "paid", "collected", "inflow", "spent_cost", "outflow", "we_owe", "owed_to_us")


def _is_grouping(before: str, reading: Reading) -> bool:
    """Return whether `por` asks for a grouping (`ventas por provincia`) rather than a reason to pay."""
    return before == "por" and not reading.signals.any(*_REASONS)


def _qualified(segment: str, after: str) -> bool:
    """Return whether an account's name follows that says of what (percepciones de Ingresos brutos): one name."""
    return after.startswith("§c") and segment.split()[-1:] in (["de"], ["del"])


def _is_counted(text: str, reading: Reading) -> bool:
    """Return whether a phrase is what is counted (cuántos clientes): the books hold no things, only their accounts."""
    first = re.escape(text.split(maxsplit=1)[0])
    counted = rf"\b(?:cuant[oa]s|cantidad de|numero de) (?:los |las )?(?!compras|cobranzas){first}\b"
    return re.search(counted, reading.folded) is not None


def _means(word: str) -> bool:
    return word in NEGATIONS or (word not in FILLERS and not is_connector(word) and not word.startswith("§"))


def _content(segment: str) -> tuple[str, str] | None:
    """Return the word before a segment's first word of meaning, and the text from there to the last."""
    tokens = segment.replace(",", " , ").split()
    places = [index for index, token in enumerate(tokens) if words(token) and _means(words(token)[0])]
    if not places:
        return None
    start, end = places[0], places[-1] + 1
    before = tokens[start - 1] if start else ""
    return before, " ".join(tokens[start:end]).strip(" .:()-\"'")


def _match_all(text: str, reading: Reading) -> list[Match]:
    """Return the match of a phrase as one name, else of each of its parts; empty when a part has none."""
    whole = _match(text, reading)
    if whole.chosen or whole.choices:
        return [whole]
    parts = [part for part in _BETWEEN_NAMES.split(text) if part and any(_means(word) for word in words(part))]
    matches = [_match(part, reading) for part in parts] if len(parts) > 1 else []
    if matches and all(match.chosen or match.choices for match in matches):
        return matches
    return _in_a_row(text, reading)


_JOINING = frozenset({"y", "e", "la", "el", "los", "las"})


def _in_a_row(text: str, reading: Reading) -> list[Match]:
    """Return the matches of names that stand in a row without a comma (luz gas y agua); empty when one is none."""
    if any(is_connector(token) and token not in _JOINING for token in text.split()):
        return []  # "el teléfono del contador" is one thing, not two
    tokens = [token for token in text.split() if _means(token)]
    made: list[Match] = []
    while tokens:
        for end in range(len(tokens), 0, -1):
            phrase = " ".join(tokens[:end])
            if end == len(tokens) and not made:
                continue
            found = _match(phrase, reading) if names_for(phrase) else Match()
            if found.chosen is not None:
                made.append(found)
                tokens = tokens[end:]
                break
        else:
            return []
    return made


def _match(text: str, reading: Reading) -> Match:
    tokens = [one for one in text.split() if one != ","]
    while tokens and is_connector(tokens[0]):
        tokens.pop(0)
    text = " ".join(tokens)
    text = re.sub(r"\b(?:la|las|los|el|de|del|en) (?=(?:la|las|los|el|del)\b)", "", text)
    chart, signals = reading.chart, reading.signals
    only = _only(signals)
    postable = "the_account" in signals
    if text in _PEOPLE_PAID and not signals.any(*FLOWS, "how_much", "share"):
        return Match()
    if "paid" in signals:
        settled = _settled(text, reading)
        if settled is not None:
            return settled
    for prefix in _prefixes(signals):
        found = chart.match(f"{prefix} {text}", only, postable_only=postable, from_start=True)
        if found.chosen:
            return found
    if "share" in signals:
        return chart.match(text, prefer={EXPENSES, INCOMES})
    if signals.any("sales", "sold") and not signals.any("expenses", "spent"):
        return chart.match(text, {INCOMES})
    if "spent_cost" in signals:  # what a thing of the company's cost is no expense: los rodados
        thing, spent = chart.match(text, {ASSETS}), chart.match(text, only)
        if thing.chosen is not None and thing.chosen.is_one and thing.confidence > 0.9 > spent.confidence:
            return thing
    found = chart.match(text, only, prefer=_preferred(signals), postable_only=postable)
    if not found.chosen and not found.choices and "we_owe" in signals:
        found = _due(text, reading, _OWING) or found
    if not found.chosen and not found.choices and only:
        found = chart.match(text, postable_only=postable)
        return found if found.choices or found.confidence > 0.9 else Match()
    return Match() if found.chosen is not None and _is_owed(found, signals) else found


def _is_owed(found: Match, signals: Signals) -> bool:
    """Return whether what there is (cuánto hay en cheques) was found among debts, and not by its whole name."""
    has = signals.any("have", "money") and not signals.any("balance", "we_owe", "paid", "entries", "lines")
    return has and found.confidence < 0.9 and found.chosen is not None and found.chosen.partida == LIABILITIES


# Who is paid: an account only where money is asked for.
_PEOPLE_PAID = frozenset({"contador", "contadora", "estudio contable", "abogado", "abogados", "abogada"})


def _settled(text: str, reading: Reading) -> Match | None:
    """Return the liability that payments settle (Sueldos a pagar), where the company uses one, and say so."""
    due = _due(text, reading, _SETTLING)
    if due is not None and due.chosen is not None:
        spent = reading.chart.match(text, {EXPENSES}).chosen
        other = f"; lo gastado está en {spent.label}" if spent is not None else ""
        reading.notes = (f"tomé los pagos de {due.chosen.label}{other}",)
    return due


# The names of liabilities for an expense: what payments settle, and what may be owed.
_SETTLING = ("{} a pagar",)
_OWING = (*_SETTLING, "provision para {}")


def _due(text: str, reading: Reading, ways: Iterable[str]) -> Match | None:
    """Return the moved liability for an expense (Sueldos a pagar); None where the company uses none."""
    spent = reading.chart.match(text, {EXPENSES}).chosen
    for way, name in itertools.product(ways, (text, *names_for(fold(text)))):
        due = reading.chart.match(way.format(name), {LIABILITIES}, from_start=True)
        part = spent is not None and not spent.is_one and due.confidence < 0.9  # impuestos are more than one tax
        if due.chosen is not None and not part and reading.chart.is_moved(due.chosen):
            return due
    return None


def _net_of_depreciation(reading: Reading) -> None:
    """Put beside an asset the account that lowers it; without one, its net value is not explained."""
    if "net_value" not in reading.signals:
        return
    lowering = reading.chart.lowering(reading.named[0]) if len(reading.named) == 1 else None
    if lowering is None:
        reading.unexplained = (*reading.unexplained, "valor neto")
    else:
        reading.named.append(lowering)


def _prefixes(signals: Signals) -> list[str]:
    made = []
    if signals.any("expenses"):
        made.append("gastos")
    if signals.any("sales"):
        made.append("ventas")
    if "we_owe" in signals:
        made.append("deudas")
    return made


def _only(signals: Signals) -> frozenset[str]:
    """Return the partidas that the verb allows its accounts to be of; empty for any."""
    if signals.any("spent", "expenses", "spent_cost"):
        return frozenset({EXPENSES})
    if "we_owe" in signals:
        return frozenset({LIABILITIES})
    if "owed_to_us" in signals:
        return frozenset({ASSETS})
    return frozenset({INCOMES}) if "incomes" in signals else frozenset()


def _preferred(signals: Signals) -> frozenset[str]:
    """Return the partidas that go first where the verb allows any."""
    if signals.any("paid"):
        return frozenset({EXPENSES})
    if signals.any("have", "money", "inflow", "outflow", "collected", "how_much") and not signals.any("balance"):
        return frozenset({ASSETS}) if not signals.any("entries", "lines") else frozenset()
    if signals.any(
        "balance",
        "running",
        "ledger",
        "debit",
        "credit",
        "both_sides",
        "counter",
        "entries",
        "lines",
        "uses",
        "accounts",
        "chart_attribute",
        "changed",
    ):
        return frozenset()
    return frozenset({EXPENSES, INCOMES})


def number_in(text: str) -> int | None:
    """Return the number that a word or digits name."""
    if text.isdigit():
        return int(text)
    return NUMBERS.get(text)


__all__ = ["MONTH_NUMBERS", "Dimension", "Reading", "names_for", "number_in", "read", "replace"]
