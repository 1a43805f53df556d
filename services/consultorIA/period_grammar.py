"""The grammar of periods: where a question names them, and which of them are one together."""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass, replace

from services.consultorIA.period_readers import MONTH_NUMBERS, NUMBERS, ORDINALS, READERS, date_of
from services.consultorIA.periods import DAY, SIZES, Period, end_of_month, shift
from services.consultorIA.unreadable import Unreadable

_MONTH = "(?:" + "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?:19[5-9]\d|20\d\d)"
_OF_YEAR = rf"(?:\s+(?:de|del|en)?\s*(?:el\s+|ano\s+|ejercicio\s+)*(?P<year>{_YEAR}|ano pasado|ano anterior|este ano|ano actual|pasado|mismo ano)\b|\s*[/-]\s*(?P<slash_year>{_YEAR})\b)?"
_SIZE = r"(?P<size>mes|bimestre|trimestre|cuatrimestre|semestre|ano|ejercicio)(?:es|s)?"
_ORDINAL = "|".join(sorted((key for key in ORDINALS if len(key) > 1), key=len, reverse=True))
_ORD = rf"(?P<ord>(?:{_ORDINAL})(?!\w)|[1-6](?=[oa]\b))[oa]?"
_COUNT = r"(?P<count>\d{1,4}|" + "|".join(NUMBERS) + ")"
_PAST = r"(?:pasad[oa]s?|anterior(?:es)?|previ[oa])"
_NOW = r"(?:actual|en curso|corriente|presente)"
# Each rule: a name and its pattern; the reader of the same name makes the period. The first that fits, wins.
_ATOMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"\b(?:{pattern})(?![\w])"))
    for name, pattern in (
        ("iso", rf"(?P<y>{_YEAR})-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}})"),
        ("numeric", rf"(?P<d>\d{{1,2}})([/-])(?P<m>\d{{1,2}})\2(?P<y>{_YEAR}|\d\d)"),
        ("year_month", rf"(?P<y>{_YEAR})-(?P<m>0\d|1[0-2])"),
        ("month_year", rf"(?P<m>0?[1-9]|1[0-2])/(?P<y>{_YEAR})"),
        ("numeric", r"(?P<d>\d{1,2})/(?P<m>\d{1,2})(?P<y>)"),
        (
            "week_of_day",
            rf"semana\s+del\s+(?P<d>\d{{1,2}})(?:/(?P<m>\d{{1,2}})|\s+de\s+(?P<month>{_MONTH}))(?:/(?P<y>{_YEAR}))?",
        ),
        ("day_month", rf"(?P<d>\d{{1,2}}|primero|1ro)\s+(?:de\s+)?(?P<month>{_MONTH}){_OF_YEAR}"),
        (
            "fortnight",
            rf"{_ORD}\s+quincena(?:\s+(?:de|del|en))?(?:\s+mes)?(?:\s+de)?(?:\s+(?P<month>{_MONTH}){_OF_YEAR})?",
        ),
        ("week_of_month", rf"{_ORD}\s+semana\s+(?:de|del|en)\s+(?:mes de\s+)?(?P<month>{_MONTH}){_OF_YEAR}"),
        (
            "quarter_code",
            rf"(?P<y>{_YEAR})[\s-]*[tq](?P<n>[1-4])|[tq](?P<n2>[1-4])(?:[\s-]*(?:de\s+|del\s+)?(?P<y2>{_YEAR}))?",
        ),
        ("ordinal", rf"{_ORD}\s+{_SIZE}{_OF_YEAR}"),
        ("ordinal", rf"(?P<ord>[1-6])\s+(?P<size>bimestre|trimestre|cuatrimestre|semestre){_OF_YEAR}"),
        (
            "ordinal",
            rf"(?P<size>bimestre|trimestre|cuatrimestre|semestre)\s+(?P<ord>[1-6]|i|ii|iii|iv|{_ORDINAL})(?!\w){_OF_YEAR}",
        ),
        ("month", rf"(?:mes de\s+)?(?P<month>{_MONTH}){_OF_YEAR}"),
        (
            "relative",
            rf"(?:el\s+|la\s+)?(?P<size>mes|bimestre|trimestre|cuatrimestre|semestre|ano|ejercicio|semana|quincena)\s+(?P<past>{_PAST}|que paso)",
        ),
        (
            "relative",
            r"(?:el\s+)?(?P<past>ultimo|ultima|ult\.?|pasad[oa]|anterior)\s+(?P<size>mes|bimestre|trimestre|cuatrimestre|semestre|ano|ejercicio|semana|quincena)",
        ),
        (
            "so_far",
            r"(?:en\s+)?(?:lo que va|lo que llevamos|lo que llevo|lo que corre|en el transcurso)\s+(?:del|de este|de la|de esta)\s+(?P<size>mes|trimestre|cuatrimestre|semestre|ano|ejercicio|semana)|(?:acumulad[oa]|en el curso) del (?P<size2>ano|ejercicio|mes)",
        ),
        (
            "current",
            rf"(?:en\s+)?(?:est[ea]|el presente|el corriente|el actual|la presente)\s+(?P<size>mes|bimestre|trimestre|cuatrimestre|semestre|ano|ejercicio|semana|quincena)(?:\s+{_NOW})?",
        ),
        (
            "current",
            rf"(?:del\s+|el\s+|en el\s+)?(?P<size>mes|bimestre|trimestre|cuatrimestre|semestre|ano|ejercicio|semana|quincena)\s+{_NOW}",
        ),
        (
            "last_count",
            rf"(?:l[oa]s\s+)?ultim[oa]s\s+{_COUNT}\s+(?P<unit>dias|semanas|quincenas|meses|bimestres|trimestres|semestres|anos)(?:\s+corridos)?",
        ),
        (
            "last_count",
            rf"(?:l[oa]s\s+)?{_COUNT}\s+ultim[oa]s\s+(?P<unit>dias|semanas|quincenas|meses|bimestres|trimestres|semestres|anos)",
        ),
        ("days_ago", rf"hace\s+{_COUNT}\s+(?P<unit>dias?|semanas?|mes(?:es)?|anos?)"),
        ("year", rf"(?:(?:ano|ejercicio(?: economico| fiscal| contable)?|periodo)\s+)?(?P<y>{_YEAR})"),
        ("today", r"(?:el dia de\s+)?hoy(?: dia| mismo)?"),
        ("yesterday", r"(?:el dia de\s+)?ayer"),
        ("before_yesterday", r"(?:anteayer|antes de ayer|antier)"),
        (
            "current",
            r"(?:del|en el|(?<!dia )(?<!dias )de la|en la)\s+(?P<size>mes|bimestre|trimestre|cuatrimestre|semestre|ejercicio|semana|quincena)(?!\s+(?:del?\b|que\b|con\b|en\b|mas\b|contable|economico|mejor|peor|anterior|pasad|previ))",
        ),
        ("year_alone", r"(?:del|en el|el|al|de)\s+ano"),
    )
)
_AMOUNT_AFTER = re.compile(r"\s*(?:pesos|mil\b|millon|lucas|palos|asientos|movimientos|renglones)")


@dataclass(frozen=True, slots=True)
class _Atom:
    start: int
    end: int
    period: Period
    kind: str
    year_named: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A text with its periods marked §pN, and the periods by number."""

    text: str
    periods: tuple[Period, ...]


# "del primer al segundo trimestre": the size is said once.
_ELLIPSIS = re.compile(
    rf"\b(?P<one>{_ORDINAL}) (?P<joint>y(?: el)?|al|a|con(?: el)?|contra(?: el)?|vs\.?(?: el)?|respecto del) (?P<two>{_ORDINAL}) "
    r"(?P<size>bimestre|trimestre|cuatrimestre|semestre|quincena)\b"
)


def find(text: str, today: dt.date) -> Found:
    """Return the folded text with its periods marked; raises Unreadable for a day that is none (31/02)."""
    text = _ELLIPSIS.sub(r"\g<one> \g<size> \g<joint> \g<two> \g<size>", text)
    atoms = _one_year(_atoms(text, today), today)
    marked, periods = _marked(text, atoms)
    return _combined(marked, periods, today)


def _atoms(text: str, today: dt.date) -> list[_Atom]:
    found: list[_Atom] = []
    taken = [False] * len(text)
    for name, pattern in _ATOMS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]) or (name == "year" and not _is_year(text, start, end)):
                continue
            groups = {key: value for key, value in match.groupdict().items() if value}
            period = READERS[name](groups, today)
            taken[start:end] = [True] * (end - start)
            found.append(_Atom(start, end, period, name, bool({"year", "slash_year", "y", "y2"} & groups.keys())))
    return sorted(found, key=lambda atom: atom.start)


def _is_year(text: str, start: int, end: int) -> bool:
    """Return whether four digits are a year rather than an amount or part of a number."""
    before = text[max(0, start - 2) : start]
    return not (
        before.endswith(("$", "$ ", ".", ",", "/", "-"))
        or _AMOUNT_AFTER.match(text[end:])
        or re.match(r"[.,]\d", text[end:])
    )


def _one_year(atoms: list[_Atom], _today: dt.date) -> list[_Atom]:
    """Give months and days without a year the year named right behind them: `entre marzo y abril de 2025`."""
    made = list(atoms)
    for index in range(len(made) - 2, -1, -1):
        atom, behind = made[index], made[index + 1]
        if atom.year_named or not behind.year_named or atom.kind not in {"month", "numeric", "day_month", "ordinal"}:
            continue
        if behind.kind not in {"month", "numeric", "day_month", "ordinal", "year"} or behind.start - atom.end > 6:
            continue
        first, last, year = atom.period.first, atom.period.last, behind.period.last
        if first is None or last is None or year is None:
            continue
        moved = Period(
            _in_year(first, year.year),
            _in_year(last, year.year + last.year - first.year),
            atom.period.until,
            atom.period.months,
        )
        if behind.kind != "year" and moved.first and behind.period.last and moved.first > behind.period.last:
            moved = moved.year_before()
        made[index] = replace(atom, period=moved, year_named=True)
    return made


def _in_year(day: dt.date, year: int) -> dt.date:
    return shift(day, (year - day.year) * 12) if day != end_of_month(day) else end_of_month(dt.date(year, day.month, 1))


def _marked(text: str, atoms: list[_Atom]) -> tuple[str, list[Period]]:
    parts, at, periods = [], 0, []
    for number, atom in enumerate(atoms):
        parts += [text[at : atom.start], f"§p{number}"]
        periods.append(atom.period)
        at = atom.end
    return "".join([*parts, text[at:]]), periods


_P = r"§p(\d+)"
_LEAD = r"(?:\b(?:el|la|los|las|dia|fecha|mes de)\s+)*"
_JOINS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("span", re.compile(rf"(?:\bentre)\s+{_LEAD}{_P}\s+(?:y|a|hasta)\s+{_LEAD}{_P}")),
    (
        "span",
        re.compile(
            rf"(?:\bdesde|\bdel|\bde|\ba partir de)\s+{_LEAD}{_P}\s+(?:hasta|al|a)\s+{_LEAD}(?:fines de |fin de )?{_P}"
        ),
    ),
    (
        "day_span",
        re.compile(rf"(?:\bentre|\bdesde|\bdel|\bde)\s+(?:el\s+)?(\d{{1,2}})\s+(?:y|al|a|hasta)\s+(?:el\s+)?{_P}"),
    ),
    ("span", re.compile(rf"{_P}\s*(?:-|\bal?\b|\bhasta\b)\s*{_LEAD}{_P}")),
    ("both", re.compile(rf"{_P}\s*,\s*{_P}\s+y\s+{_LEAD}{_P}")),
    (
        "until_end",
        re.compile(
            rf"(?:\bal?\s+|\bhasta\s+)?(?:el\s+|la\s+)?(?:cierre|final|fin|fines|finales|terminar|finalizar|termino|ultimo dia|cerrar|cerramos|terminamos|finalizamos)\s+(?:del?\s+|de la\s+)?{_LEAD}{_P}"
        ),
    ),
    ("until_end", re.compile(rf"\b(?:hasta)\s+{_LEAD}(?:inclusive\s+)?{_P}(?:\s+inclusive)?")),
    ("until_end", re.compile(rf"\bal\s+(?:dia\s+(?:de\s+)?)?{_P}")),
    (
        "since_start",
        re.compile(
            rf"\b(?:desde|a partir del?)\s+(?:el\s+)?(?:comienzo|comienzos|inicio|inicios|principio|principios)\s+(?:del?\s+)?{_LEAD}{_P}"
        ),
    ),
    ("since", re.compile(rf"\b(?:desde|a partir del?)\s+{_LEAD}{_P}")),
    (
        "start",
        re.compile(
            rf"\b(?:al?\s+)?(?:el\s+)?(?:comienzo|comienzos|inicio|principio|empezar|comenzar|empezamos|arrancamos|comenzamos|iniciamos)\s+(?:del?\s+|de la\s+)?{_LEAD}{_P}"
        ),
    ),
)
# "el trimestre abril-junio", "los meses de mayo y junio": the word says no more than the dates do.
_NAMED_SPAN = re.compile(
    r"(?<!por )(?<!cada )(?<!x )(?<!segun )\b(?P<unit>trimestre|bimestre|cuatrimestre|semestre|periodo|lapso|mes|meses|dias?|anos|ejercicios) "
    r"(?:de |del |que va de |comprendido )?(?=(?:entre )?§p(?P<number>\d+))"
)
_TO = re.compile(rf"\ba\s+{_P}")
_NOW_WORDS = r"(?:ahora|el momento|la fecha|la actualidad|el presente|el dia de la fecha)"
_SINCE_TO_NOW = re.compile(rf"\b(?:desde|a partir del?)\s+{_LEAD}{_P}\s+(?:hasta|a)\s+{_NOW_WORDS}\b")
_NOW_MARK = re.compile(
    r"\ba la fecha\b|\bal dia de la fecha\b|\bhasta ahora\b|\bhasta el momento\b|\ba la actualidad\b"
)


def _combined(text: str, periods: list[Period], today: dt.date) -> Found:
    """Join marks that name one period together, and read moments (`al cierre de`)."""
    made = list(periods)
    text = _SINCE_TO_NOW.sub(lambda match: _mark(made, replace(made[int(match[1])], last=today, months=0)), text)
    text = _NOW_MARK.sub(lambda _match: _mark(made, Period(None, today, until=True)), text)
    for name, pattern in _JOINS:
        text = pattern.sub(functools.partial(_joined, name, made), text)
    text = _TO.sub(lambda match: _until_today(match, made, today), text)
    numbers: list[int] = []

    def renumber(match: re.Match[str]) -> str:
        numbers.append(int(match[1]))
        return f"§p{len(numbers) - 1}"

    text = _NAMED_SPAN.sub(functools.partial(_unless_within, made), text)
    text = re.sub(_P, renumber, text)
    return Found(text, tuple(made[number] for number in numbers))


def _until_today(match: re.Match[str], made: list[Period], today: dt.date) -> str:
    """Return the moment of `a hoy`; what else stands after `a` is kept."""
    return _mark(made, Period(None, today, until=True)) if made[int(match[1])] == Period(today, today) else match[0]


def _unless_within(made: list[Period], match: re.Match[str]) -> str:
    """Drop a word that only says what the period is; keep one that asks for a part of it: el mes de 2026."""
    size = 0 if match["unit"].startswith("dia") else SIZES.get(match["unit"])
    return match[0] if size is not None and size < made[int(match["number"])].months else ""


def _mark(made: list[Period], period: Period) -> str:
    made.append(period)
    return f"§p{len(made) - 1}"


def _joined(name: str, made: list[Period], match: re.Match[str]) -> str:
    if name == "day_span":
        last = made[int(match[2])]
        if last.first is None or last.first != last.last:
            return match[0]
        first = date_of(last.first.year, last.first.month, int(match[1]))
        return _mark(made, _span(Period(first, first), last))
    chosen = [made[int(number)] for number in match.groups()]
    if name == "both":
        return match[0] if any(one.months != 1 for one in chosen) else _mark(made, _span(chosen[0], chosen[-1]))
    if name == "span":
        if _are_compared(match.string, match.start()):
            return re.sub(r"\b(?:al?|hasta)\b", "y", match[0])  # two things, and "al" no moment
        return _mark(made, _span(*chosen))
    (period,) = chosen
    if name == "until_end":
        return _mark(made, Period(None, period.last, until=True))
    if name in {"since", "since_start"}:
        return _mark(made, Period(period.first, None))
    start = period.first
    return _mark(made, Period(None, None if start is None else start - DAY, until=True))


_CHANGE = re.compile(r"\b(?:variacion|diferencia|compar\w+|vari\w+|cambi\w+|aument\w+|crec\w+|subi\w+|baj\w+)\b")


def _are_compared(text: str, start: int) -> bool:
    """Return whether `entre marzo y abril` names two things to compare, not one span."""
    return bool(_CHANGE.search(text[:start]))


def _span(one: Period, two: Period) -> Period:
    first, last = one.first, two.last
    if first is None or last is None:
        raise Unreadable("periodo_ilegible")
    if first > last:  # "de noviembre a febrero": the first belongs to the year before
        first = shift(first, -12)
        if first > last:
            raise Unreadable("periodo_al_reves")
    whole = first.day == 1 and last == end_of_month(last)
    return Period(first, last, months=(last.year - first.year) * 12 + last.month - first.month + 1 if whole else 0)
