"""Periods as Argentines say them: months, quarters, fortnights, closings, spans, the last 90 days.

The grammar is ours and small: a question is folded text; each expression found becomes a Period and a
mark §pN in its place. Without a year, the latest time it had begun is meant: "noviembre", asked in
September, is last year's.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from services.consultorIA.unreadable import Unreadable

_DAY = dt.timedelta(days=1)
MONTHS = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]
_SHORT = {
    "ene": 1,
    "feb": 2,
    "mar": 3,
    "abr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "ago": 8,
    "sep": 9,
    "sept": 9,
    "setiembre": 9,
    "oct": 10,
    "nov": 11,
    "dic": 12,
}
MONTH_NUMBERS = {name: number for number, name in enumerate(MONTHS, 1)} | _SHORT
_SIZES = {"mes": 1, "bimestre": 2, "trimestre": 3, "cuatrimestre": 4, "semestre": 6, "ano": 12, "ejercicio": 12}
_ORDINALS = {
    "primer": 1,
    "primero": 1,
    "primera": 1,
    "1er": 1,
    "1ro": 1,
    "1ra": 1,
    "1": 1,
    "i": 1,
    "segundo": 2,
    "segunda": 2,
    "2do": 2,
    "2da": 2,
    "2": 2,
    "ii": 2,
    "tercer": 3,
    "tercero": 3,
    "tercera": 3,
    "3er": 3,
    "3ro": 3,
    "3ra": 3,
    "3": 3,
    "iii": 3,
    "cuarto": 4,
    "cuarta": 4,
    "4to": 4,
    "4ta": 4,
    "4": 4,
    "iv": 4,
    "quinto": 5,
    "5to": 5,
    "5": 5,
    "sexto": 6,
    "6to": 6,
    "6": 6,
    "ultimo": -1,
    "ultima": -1,
    "ult": -1,
}
NUMBERS = {
    "un": 1,
    "una": 1,
    "uno": 1,
    "dos": 2,
    "tres": 3,
    "cuatro": 4,
    "cinco": 5,
    "seis": 6,
    "siete": 7,
    "ocho": 8,
    "nueve": 9,
    "diez": 10,
    "once": 11,
    "doce": 12,
    "quince": 15,
    "veinte": 20,
    "treinta": 30,
    "sesenta": 60,
    "noventa": 90,
}


@dataclass(frozen=True, slots=True)
class Period:
    """Dates from `first` to `last`, both included; `first` None reaches back to the beginning.

    `until` says that it was named as a moment ("al 31/3", "al cierre de junio"). `months` is the size of
    a calendar period (1 for a month, 12 for a year), 0 for days counted otherwise.
    """

    first: dt.date | None
    last: dt.date | None
    until: bool = False
    months: int = 0

    def before(self) -> Period:
        """Return the period of the same size just before this one."""
        if self.first is None or self.last is None:
            raise Unreadable("periodo_sin_comienzo")
        if self.months:
            return span_of(shift(self.first, -self.months), self.months)
        length = (self.last - self.first).days + 1
        return Period(self.first - length * _DAY, self.first - _DAY)

    def year_before(self) -> Period:
        """Return the same dates a year earlier."""
        first = None if self.first is None else shift(self.first, -12)
        if self.months and first is not None:
            return span_of(first, self.months)
        return replace(self, first=first, last=None if self.last is None else shift(self.last, -12))

    def words(self) -> str:
        """Return the period in Spanish: `marzo de 2025`, `del 3/5/2025 al 10/6/2025`."""
        first, last = self.first, self.last
        if first is None:
            return f"hasta el {_day(last)}" if last else "toda la historia"
        if last is None:
            return f"desde el {_day(first)}"
        if first == last:
            return f"el {_day(first)}"
        if (first.day, last) != (1, end_of_month(last)):
            return f"del {_day(first)} al {_day(last)}"
        return _whole_months(first, last)


def _whole_months(first: dt.date, last: dt.date) -> str:
    size = (last.year - first.year) * 12 + last.month - first.month + 1
    if size == 1:
        return f"{MONTHS[first.month - 1]} de {first.year}"
    if size == 12 and first.month == 1:
        return f"el año {first.year}"
    ordinals = ("primer", "segundo", "tercer", "cuarto")
    for name in ("trimestre", "semestre", "cuatrimestre"):
        if size == _SIZES[name] and (first.month - 1) % size == 0:
            return f"el {ordinals[(first.month - 1) // size]} {name} de {first.year}"
    year = f" de {first.year}" if first.year != last.year else ""
    return f"{MONTHS[first.month - 1]}{year} a {MONTHS[last.month - 1]} de {last.year}"


def _day(day: dt.date | None) -> str:
    return "" if day is None else f"{day.day}/{day.month}/{day.year}"


def end_of_month(day: dt.date) -> dt.date:
    """Return the last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def shift(day: dt.date, months: int) -> dt.date:
    """Return the day some months away, at the end of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def span_of(first: dt.date, months: int) -> Period:
    """Return `months` whole months from the month of `first`."""
    start = first.replace(day=1)
    return Period(start, end_of_month(shift(start, months - 1)), months=months)


# --- The grammar ---------------------------------------------------------------------------------------

_MONTH = "(?:" + "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?:19[5-9]\d|20\d\d)"
_OF_YEAR = rf"(?:\s+(?:de|del|en)?\s*(?:el\s+|ano\s+|ejercicio\s+)*(?P<year>{_YEAR}|ano pasado|ano anterior|este ano|ano actual|pasado|mismo ano)\b|\s*[/-]\s*(?P<slash_year>{_YEAR})\b)?"
_SIZE = r"(?P<size>mes|bimestre|trimestre|cuatrimestre|semestre|ano|ejercicio)(?:es|s)?"
_ORDINAL = "|".join(sorted((key for key in _ORDINALS if len(key) > 1), key=len, reverse=True))
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


def find(text: str, today: dt.date) -> Found:
    """Return the folded text with its periods marked; raises Unreadable for a day that is none (31/02)."""
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
            period = _READERS[name](groups, today)
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
            rf"(?:\bal?\s+|\bhasta\s+)?(?:el\s+|la\s+)?(?:cierre|final|fin|fines|finales|terminar|finalizar|termino|ultimo dia|cerrar)\s+(?:del?\s+|de la\s+)?{_LEAD}{_P}"
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
            rf"\b(?:al?\s+)?(?:el\s+)?(?:comienzo|comienzos|inicio|principio|empezar|comenzar)\s+(?:del?\s+|de la\s+)?{_LEAD}{_P}"
        ),
    ),
)
# "el trimestre abril-junio", "los meses de mayo y junio": the word says no more than the dates do.
_NAMED_SPAN = re.compile(
    r"(?<!por )(?<!cada )(?<!x )(?<!segun )\b(?:trimestre|bimestre|cuatrimestre|semestre|periodo|lapso|mes|meses|dias?|anos|ejercicios) "
    r"(?:de |del |que va de |comprendido )?(?=(?:entre )?§p)"
)
_NOW_MARK = re.compile(
    r"\ba la fecha\b|\bal dia de la fecha\b|\bhasta ahora\b|\bhasta el momento\b|\ba la actualidad\b"
)


def _combined(text: str, periods: list[Period], today: dt.date) -> Found:
    """Join marks that name one period together, and read moments (`al cierre de`)."""
    made = list(periods)
    text = _NOW_MARK.sub(lambda _match: _mark(made, Period(None, today, until=True)), text)
    for name, pattern in _JOINS:
        text = pattern.sub(functools.partial(_joined, name, made), text)
    numbers: list[int] = []

    def renumber(match: re.Match[str]) -> str:
        numbers.append(int(match[1]))
        return f"§p{len(numbers) - 1}"

    text = re.sub(_P, renumber, _NAMED_SPAN.sub("", text))
    return Found(text, tuple(made[number] for number in numbers))


def _mark(made: list[Period], period: Period) -> str:
    made.append(period)
    return f"§p{len(made) - 1}"


def _joined(name: str, made: list[Period], match: re.Match[str]) -> str:
    if name == "day_span":
        last = made[int(match[2])]
        if last.first is None or last.first != last.last:
            return match[0]
        first = _date(last.first.year, last.first.month, int(match[1]))
        return _mark(made, _span(Period(first, first), last))
    chosen = [made[int(number)] for number in match.groups()]
    if name == "both":
        return match[0] if any(one.months != 1 for one in chosen) else _mark(made, _span(chosen[0], chosen[-1]))
    if name == "span":
        return match[0] if _are_compared(match.string, match.start()) else _mark(made, _span(*chosen))
    (period,) = chosen
    if name == "until_end":
        return _mark(made, Period(None, period.last, until=True))
    if name in {"since", "since_start"}:
        return _mark(made, Period(period.first, None))
    start = period.first
    return _mark(made, Period(None, None if start is None else start - _DAY, until=True))


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


# --- Readers of the rules ------------------------------------------------------------------------------

_Groups = dict[str, str]


def _date(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise Unreadable("fecha_inexistente", f"{day}/{month}/{year}") from None


def _begun(first: dt.date, today: dt.date) -> int:
    """Return how many months to shift so that what starts at `first` of this year has begun."""
    return -12 if first > today else 0


def _year_of(groups: _Groups, today: dt.date) -> int | None:
    """Return the year that the words behind name; None where none does."""
    named = groups.get("year") or groups.get("slash_year") or ""
    if named.isdigit():
        return int(named)
    if named in {"ano pasado", "ano anterior", "pasado"}:
        return today.year - 1
    return today.year if named else None


def _read_day(groups: _Groups, today: dt.date) -> Period:
    month, written = int(groups["m"]), groups.get("y", "")
    if written:
        day = _date(int(written) if len(written) == 4 else 2000 + int(written), month, int(groups["d"]))
    else:
        day = _date(today.year, month, int(groups["d"]))
        day = shift(day, _begun(day, today))
    return Period(day, day)


def _month_number(groups: _Groups) -> int:
    return MONTH_NUMBERS[groups["month"].rstrip(".")]


def _read_day_month(groups: _Groups, today: dt.date) -> Period:
    day = int(groups["d"]) if groups["d"].isdigit() else 1
    year = _year_of(groups, today)
    made = _date(year or today.year, _month_number(groups), day)
    made = made if year else shift(made, _begun(made, today))
    return Period(made, made)


def _read_month(groups: _Groups, today: dt.date) -> Period:
    year = _year_of(groups, today)
    first = dt.date(year or today.year, _month_number(groups), 1)
    return span_of(first if year else shift(first, _begun(first, today)), 1)


def _read_year_month(groups: _Groups, _today: dt.date) -> Period:
    return span_of(_date(int(groups["y"]), int(groups["m"]), 1), 1)


def _read_fortnight(groups: _Groups, today: dt.date) -> Period:
    month = _read_month(groups, today) if "month" in groups else span_of(today, 1)
    assert month.first is not None and month.last is not None  # noqa: S101, PT018 - made whole above
    order = _ORDINALS[groups["ord"]]
    if order == 1:
        return Period(month.first, month.first.replace(day=15))
    if order in {2, -1}:
        return Period(month.first.replace(day=16), month.last)
    raise Unreadable("periodo_ilegible")


def _read_week_of_month(groups: _Groups, today: dt.date) -> Period:
    month = _read_month(groups, today)
    assert month.first is not None and month.last is not None  # noqa: S101, PT018 - made whole above
    order = _ORDINALS[groups["ord"]]
    if order == -1:
        return Period(month.last - 6 * _DAY, month.last)
    first = month.first + 7 * (order - 1) * _DAY
    if first > month.last:
        raise Unreadable("periodo_ilegible")
    return Period(first, min(first + 6 * _DAY, month.last))


def _read_quarter_code(groups: _Groups, today: dt.date) -> Period:
    number, year = int(groups.get("n") or groups["n2"]), groups.get("y") or groups.get("y2")
    first = dt.date(int(year) if year else today.year, 3 * number - 2, 1)
    return span_of(first if year else shift(first, _begun(first, today)), 3)


def _read_ordinal(groups: _Groups, today: dt.date) -> Period:
    size, order = _SIZES[groups["size"]], _ORDINALS[groups["ord"]]
    year = _year_of(groups, today)
    if order == -1 and year is None:
        return _calendar(size, today).before()
    order = 12 // size if order == -1 else order
    if size == 12 or order * size > 12:
        raise Unreadable("periodo_ilegible")
    first = dt.date(year or today.year, (order - 1) * size + 1, 1)
    return span_of(first if year else shift(first, _begun(first, today)), size)


def _calendar(size: int, day: dt.date) -> Period:
    """Return the calendar period of `size` months that holds the day."""
    return span_of(day.replace(month=(day.month - 1) // size * size + 1, day=1), size)


def _containing(size: str, day: dt.date) -> Period:
    if size == "semana":
        monday = day - day.weekday() * _DAY
        return Period(monday, monday + 6 * _DAY)
    if size == "quincena":
        first = day.replace(day=1 if day.day <= 15 else 16)
        return Period(first, day.replace(day=15) if day.day <= 15 else end_of_month(day))
    return _calendar(_SIZES[size], day)


def _read_relative(groups: _Groups, today: dt.date) -> Period:
    current = _containing(groups["size"], today)
    assert current.first is not None  # noqa: S101 - calendar periods begin
    return current.before() if current.months else _containing(groups["size"], current.first - _DAY)


def _read_current(groups: _Groups, today: dt.date) -> Period:
    return _containing(groups["size"], today)


def _read_so_far(groups: _Groups, today: dt.date) -> Period:
    return replace(_containing(groups.get("size") or groups["size2"], today), last=today, months=0)


_UNIT_MONTHS = {"mes": 1, "bimestre": 2, "trimestre": 3, "semestre": 6, "ano": 12}


def _read_last_count(groups: _Groups, today: dt.date) -> Period:
    count = int(groups["count"]) if groups["count"].isdigit() else NUMBERS[groups["count"]]
    unit = groups["unit"]
    days = {"dias": 1, "semanas": 7, "quincenas": 15}.get(unit)
    if not 1 <= count <= 3660:
        raise Unreadable("periodo_ilegible")
    if days is not None:
        return Period(today - (count * days - 1) * _DAY, today)
    months = count * _UNIT_MONTHS[unit.removesuffix("es") if unit == "meses" else unit.removesuffix("s")]
    if months > 600:
        raise Unreadable("periodo_ilegible")
    return Period(shift(today, -months) + _DAY, today)


def _read_days_ago(groups: _Groups, today: dt.date) -> Period:
    count = int(groups["count"]) if groups["count"].isdigit() else NUMBERS[groups["count"]]
    unit = groups["unit"]
    if count > 600:
        raise Unreadable("periodo_ilegible")
    if unit.startswith("dia"):
        day = today - count * _DAY
        return Period(day, day)
    if unit.startswith("semana"):
        return _containing("semana", today - 7 * count * _DAY)
    return _containing("mes" if unit.startswith("mes") else "ano", shift(today, -count * (1 if unit[0] == "m" else 12)))


def _read_week_of_day(groups: _Groups, today: dt.date) -> Period:
    month = _month_number(groups) if "month" in groups else int(groups["m"])
    year = int(groups.get("y", today.year))
    day = _date(year, month, int(groups["d"]))
    day = day if "y" in groups else shift(day, _begun(day, today))
    return _containing("semana", day)


def _read_year(groups: _Groups, _today: dt.date) -> Period:
    return span_of(dt.date(int(groups["y"]), 1, 1), 12)


_READERS: dict[str, Callable[[_Groups, dt.date], Period]] = {
    "iso": _read_day,
    "numeric": _read_day,
    "year_month": _read_year_month,
    "month_year": _read_year_month,
    "day_month": _read_day_month,
    "fortnight": _read_fortnight,
    "week_of_month": _read_week_of_month,
    "quarter_code": _read_quarter_code,
    "ordinal": _read_ordinal,
    "relative": _read_relative,
    "so_far": _read_so_far,
    "current": _read_current,
    "last_count": _read_last_count,
    "days_ago": _read_days_ago,
    "week_of_day": _read_week_of_day,
    "month": _read_month,
    "year": _read_year,
    "today": lambda _groups, today: Period(today, today),
    "yesterday": lambda _groups, today: Period(today - _DAY, today - _DAY),
    "before_yesterday": lambda _groups, today: Period(today - 2 * _DAY, today - 2 * _DAY),
    "year_alone": lambda _groups, today: span_of(today.replace(month=1, day=1), 12),
}
