"""The slots of a question, read and checked against the books, each left as a mark in the text.

§pN a period, §aN bounds of an amount, §uN a person, §gN a group, §lN a legend's words, §cN accounts named
whole; §b "the one before" and §y "the same a year before" in a comparison.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.consultorIA import amounts, period_grammar
from services.consultorIA.accounts import Chart, chart_of
from services.consultorIA.amounts import Bounds
from services.consultorIA.common_words import COMMON, FILLERS
from services.consultorIA.forms import AccountSet
from services.consultorIA.period_readers import MONTH_NUMBERS
from services.consultorIA.periods import Period
from services.consultorIA.text import fold, is_connector, words
from services.consultorIA.vocabulary import Vocabulary

_BEFORE = re.compile(
    r"\b(?:el|la|al|del|lo)?\s*(?:del\s+)?(?:inmediat[oa]\s+)?(?:(?:mes|periodo|trimestre|bimestre|cuatrimestre|semestre|ano|ejercicio|semana|quincena)\s+)?(?:inmediato\s+)?(?:anterior|previ[oa]|precedente)\b(?!es)|(?<=\bque )(?:(?:en|del?) )?(?:el|la) pasad[oa]\b"
)
_YEAR_BEFORE = re.compile(
    r"\b(?:el|al|del|con el|la|a la)?\s*(?:mism[oa]|igual)\s+(?:mes|periodo|trimestre|bimestre|cuatrimestre|semestre|lapso|fecha|epoca|quincena|semana)\s*(?:(?:del|de un|de el|de)\s+)?(?:(?:ano|ejercicio)\s+(?:anterior|pasado|previo)|el ano pasado|ano antes)|\bun ano (?:antes|atras)\b|\binteranual(?:mente)?\b|\bano contra ano\b"
)
_COMPARISON = re.compile(
    r"\b(?:compar\w+|vs|versus|contra|respecto|frente|relacion|(?:mas|menos|mayor(?:es)?|menor(?:es)?|mejor|peor)\b.* que|vari\w+|aument\w+|crec\w+|subi\w+|baj\w+|diferencia|cambi\w+)\b"
)
_LEGEND_LEADS = (
    r"(?:que\s+|cuya leyenda\s+|cuyas leyendas\s+|en cuya leyenda\s+)?(?:su leyenda\s+|la leyenda\s+|leyenda\s+)?(?:dic[ea]n?|mencion[ae]n?|contien[ae]n?|contengan?|contenga|nombran?|habl[ae]n? de|hac[ea]n? referencia a|hagan referencia a|se refier[ea]n? a|conteniendo|diga|digan|figura|figure|incluy[ae]n?)"
    r"|con (?:la palabra|las palabras|el texto|la descripcion|la leyenda|leyenda|descripcion|el concepto)|en concepto de|por concepto de|con la leyenda que dice|cuya leyenda es"
)
_LEGEND_END = r"(?=\s+(?:en|de|del|durante|entre|desde|hasta|por|con|cargad\w+|hech\w+|registrad\w+)\s+(?:el |la |los |las )?§|\s+(?:en|dentro de) (?:la|su|sus|las) (?:leyenda|descripcion|glosa)s?|\s*§|\s*[?.;]|$)"
_LEGEND = re.compile(
    rf"\b(?:{_LEGEND_LEADS})\s+(?:la palabra |las palabras |algo de |algo sobre |a |el texto )?(?P<text>[^§|]+?){_LEGEND_END}(?:\s+(?:en|dentro de) (?:la|su|sus|las) (?:leyenda|descripcion|glosa)s?)?"
)
_LEGEND_HAS = re.compile(
    r"\b(?:que )?(?:tienen?|tengan?|aparece|con)\s+(?P<text>[^§|]+?)\s+en (?:la|su|sus|las) (?:leyenda|descripcion|glosa)s?"
)
_QUOTED = re.compile(r"\"([^\"]{1,80})\"|'([^']{1,80})'")
_ENTRIES_ABOUT = re.compile(
    rf"\b(?:asientos?|movimientos?|registraciones|operaciones)\s+sobre\s+(?P<text>[^§|]+?){_LEGEND_END}"
)
_CODE = re.compile(r"\b(?:cuenta |codigo |cta |nro |numero )?(\d+(?:\.\d+)*)\b")


@dataclass(slots=True)
class Slots:
    """The marked text and what each mark stands for, by number."""

    text: str
    periods: tuple[Period, ...] = ()
    bounds: tuple[Bounds, ...] = ()
    users: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    legends: list[str] = field(default_factory=list)
    accounts: list[AccountSet] = field(default_factory=list)
    said: dict[int, str] = field(default_factory=dict)  # by number of account, the words that named it
    people_choices: tuple[str, ...] = ()
    number: int | None = None


def read(folded: str, vocabulary: Vocabulary, today: dt.date) -> Slots:
    """Return the slots of a folded question; raises Unreadable for a day or an amount that is none."""
    slots = Slots(folded)
    chart = chart_of(vocabulary)
    _read_quotes(slots, chart)
    if _COMPARISON.search(slots.text):
        slots.text = _YEAR_BEFORE.sub(" §y0 ", slots.text)
        slots.text = _mark_before(slots.text)
    _read_people(slots, vocabulary)
    _read_groups(slots, vocabulary)
    _read_number(slots)
    _read_prefix(slots, chart)
    _read_codes(slots, chart)
    found = period_grammar.find(slots.text, today)
    slots.text, slots.periods = found.text, found.periods
    _read_legends(slots)
    _read_names(slots, chart)
    with_amounts = amounts.find(slots.text)
    slots.text, slots.bounds = with_amounts.text, with_amounts.bounds
    return slots


def _mark_before(text: str) -> str:
    """Mark `el anterior` where it follows the words of a comparison: there it means before the first period."""
    compared = _COMPARISON.search(text)
    if compared is None:
        return text
    for match in _BEFORE.finditer(text):
        if match.start() >= compared.end() - 1 or match.group().strip().startswith(("al ", "el ", "la ")):
            return f"{text[: match.start()]} §b0 {text[match.end() :]}"
    return text


def _read_quotes(slots: Slots, chart: Chart) -> None:
    """Take quoted words for accounts where they name one whole, else for words of a legend."""

    def mark(match: re.Match[str]) -> str:
        text = (match[1] or match[2]).strip()
        named = chart.exact(text)
        if named is not None:
            slots.accounts.append(named)
            return f" §c{len(slots.accounts) - 1} "
        if not text:
            return match[0]
        slots.legends.append(_legend(text))
        return f" §l{len(slots.legends) - 1} "

    slots.text = _QUOTED.sub(mark, slots.text)


def _legend(text: str) -> str:
    return " ".join(text.replace("%", " ").replace("|", " ").split()).strip(" '\",.;:")


# Words of names that say what someone is, not who.
_TITLES = frozenset(
    {"profesor", "profesora", "docente", "alumno", "alumna", "titular", "admin", "administrador", "usuario", "operador"}
)


def _read_people(slots: Slots, vocabulary: Vocabulary) -> None:
    names = {fold(person.name): person.name for person in vocabulary.people if fold(person.name)}
    for folded in sorted(names, key=len, reverse=True):
        if len(folded) > 2 and (" " in folded or folded not in MONTH_NUMBERS):
            slots.text = re.sub(
                rf"(?<![\w§]){re.escape(folded)}(?!\w)",
                functools.partial(_mark_user, slots, names[folded]),
                slots.text,
            )
    reserved = {word for account in vocabulary.accounts for word in words(fold(account.name))}
    reserved |= FILLERS | MONTH_NUMBERS.keys() | _TITLES
    by_part: dict[str, list[str]] = {}
    for folded, name in names.items():
        for part in {word for word in words(folded) if len(word) > 2 and word not in reserved}:
            by_part.setdefault(part, []).append(name)
    for word in words(slots.text):
        found = by_part.get(word, ())
        if len(found) == 1:
            slots.text = re.sub(
                rf"(?<![\w§]){re.escape(word)}(?!\w)", functools.partial(_mark_user, slots, found[0]), slots.text
            )
        elif found:
            slots.people_choices = tuple(sorted(found))


def _mark_user(slots: Slots, name: str, _match: re.Match[str]) -> str:
    if name not in slots.users:
        slots.users.append(name)
    return f" §u{slots.users.index(name)} "


def _read_groups(slots: Slots, vocabulary: Vocabulary) -> None:
    for group in sorted(vocabulary.groups, key=len, reverse=True):
        folded = fold(group)
        bare = re.sub(r"^(?:grupo|curso|comision|equipo)\s+", "", folded)
        named = r"(?:(?:el |los |del |al )?(?:grupo|curso|comision|equipo|division)s?\s+(?:de\s+)?)"
        whole = (
            rf"{re.escape(folded)}"
            if len(words(folded)) > 1 or (len(folded) > 3 and folded not in FILLERS | COMMON)
            else None
        )
        pattern = rf"{named}{re.escape(bare)}" + (f"|{whole}" if whole else "") + _by_ordinal(bare, named)
        if bare:
            slots.text = re.sub(
                rf"(?<![\w§])(?:{pattern})(?!\w)", functools.partial(_mark_group, slots, group), slots.text
            )


_YEAR_OF_STUDY = re.compile(r"([1-7])(?:o|ro|er|ero|do|to|mo)?\.? ?([a-z])")
_SPELT = ("primer[oa]?", "segund[oa]", "tercer[oa]?", "cuart[oa]", "quint[oa]", "sext[oa]", "septim[oa]")


def _by_ordinal(bare: str, named: str) -> str:
    """Return the other ways to say a course of a year and a letter (3° B): tercero B, 3ro B, 3B; empty for others."""
    found = _YEAR_OF_STUDY.fullmatch(bare)
    if found is None:
        return ""
    year, letter = found[1], found[2]
    ordinal = rf"(?:{_SPELT[int(year) - 1]}|{year}(?:o|a|ro|ra|er|ero|era|do|da|to|ta|mo))\.? ?{letter}|{year}{letter}"
    return rf"|{named}?(?:{ordinal})|{named}{year} {letter}"


def _mark_group(slots: Slots, name: str, _match: re.Match[str]) -> str:
    if name not in slots.groups:
        slots.groups.append(name)
    return f" §g{slots.groups.index(name)} "


_NUMBER = re.compile(
    r"\b(asiento) (?:contable )?(?:nro\.? |numero |num\.? |n\.? |no\.? |con (?:el )?numero |con id |id )?"
    r"(\d{1,9})\b(?! ?(?:de (?!\d)|/|-|pesos|mil))"
)


def _read_number(slots: Slots) -> None:
    """Take `asiento 15`, `asiento nro. 15` for the entry of that number or key."""
    found = _NUMBER.search(slots.text)
    if found is not None:
        slots.number = int(found[2])
        slots.text = f"{slots.text[: found.start()]}{found[1]} §n0 {slots.text[found.end() :]}"


def _read_codes(slots: Slots, chart: Chart) -> None:
    def mark(match: re.Match[str]) -> str:
        named = chart.by_code(match[1])
        if named is None or (match[0] == match[1] and len(match[1]) < 4):
            return match[0]
        slots.accounts.append(named)
        return f" §c{len(slots.accounts) - 1} "

    slots.text = _CODE.sub(mark, slots.text)


_PREFIX = re.compile(
    r"\b(?:que |cuyo codigo )?(?:empie[zc]\w+|comien[zc]\w+|arranc\w+) (?:con|por|en) (?:el |codigo )?(\d[\d.]*)"
)


def _read_prefix(slots: Slots, chart: Chart) -> None:
    """Take `que empiezan con 53` for the accounts of those codes."""
    found = _PREFIX.search(slots.text)
    chosen = found and chart.of_codes(f"cuentas que empiezan con {found[1]}", found[1])
    if found and chosen:
        slots.accounts.append(chosen)
        slots.text = f"{slots.text[: found.start()]} §c{len(slots.accounts) - 1} {slots.text[found.end() :]}"


def _read_legends(slots: Slots) -> None:
    for pattern in (_LEGEND_HAS, _LEGEND, _ENTRIES_ABOUT):

        def mark(match: re.Match[str]) -> str:
            text = _legend(match["text"])
            if not text or text.startswith("§"):
                return match[0]
            slots.legends.append(text)
            kept = "asientos " if match[0].startswith(("asiento", "movimiento", "registracion", "operacion")) else ""
            return f" {kept}§l{len(slots.legends) - 1} "

        slots.text = pattern.sub(mark, slots.text)
    slots.text = re.sub(rf"\b(?:{_LEGEND_LEADS})\s+(?=§l)", "", slots.text)


# Phrases that are what is asked rather than an account, even where a chart has one of that name.
_ASKED = frozenset(
    {
        "resultado del ejercicio",
        "resultados del ejercicio",
        "resultado del periodo",
        "patrimonio neto",
        "saldo a favor",
        "estado de resultados",
    }
)


def _read_names(slots: Slots, chart: Chart) -> None:
    """Mark whole account names of two words or more, the longest first."""
    tokens = slots.text.split()
    made: list[str] = []
    at = 0
    while at < len(tokens):
        if is_connector(tokens[at]) or tokens[at].startswith("§"):
            made.append(tokens[at])
            at += 1
            continue
        phrase = list(_run(tokens[at:]))
        found = chart.longest_name(phrase)
        if found is None or (
            " ".join(phrase[: found[1]]) in _ASKED and (not made or not made[-1].startswith("cuenta"))
        ):
            made.append(tokens[at])
            at += 1
            continue
        slots.said[len(slots.accounts)] = " ".join(phrase[: found[1]])
        slots.accounts.append(found[0])
        made.append(f"§c{len(slots.accounts) - 1}")
        at += found[1]
    slots.text = " ".join(made)


def _run(tokens: Iterable[str]) -> Iterable[str]:
    for token in tokens:
        if token.startswith("§"):
            return
        yield token.strip("?,.;:")
