"""From the groups of a rule of the grammar to the period that they name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from services.consultorIA.periods import DAY, MONTHS, SIZES, Period, end_of_month, shift, span_of
from services.consultorIA.unreadable import Unreadable

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
ORDINALS = {
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
_Groups = dict[str, str]


def date_of(year: int, month: int, day: int) -> dt.date:
    """Return the date; raises Unreadable where there is none such."""
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
        day = date_of(int(written) if len(written) == 4 else 2000 + int(written), month, int(groups["d"]))
    else:
        day = date_of(today.year, month, int(groups["d"]))
        day = shift(day, _begun(day, today))
    return Period(day, day)


def _month_number(groups: _Groups) -> int:
    return MONTH_NUMBERS[groups["month"].rstrip(".")]


def _read_day_month(groups: _Groups, today: dt.date) -> Period:
    day = int(groups["d"]) if groups["d"].isdigit() else 1
    year = _year_of(groups, today)
    made = date_of(year or today.year, _month_number(groups), day)
    made = made if year else shift(made, _begun(made, today))
    return Period(made, made)


def _read_month(groups: _Groups, today: dt.date) -> Period:
    year = _year_of(groups, today)
    first = dt.date(year or today.year, _month_number(groups), 1)
    return span_of(first if year else shift(first, _begun(first, today)), 1)


def _read_year_month(groups: _Groups, _today: dt.date) -> Period:
    return span_of(date_of(int(groups["y"]), int(groups["m"]), 1), 1)


def _read_fortnight(groups: _Groups, today: dt.date) -> Period:
    month = _read_month(groups, today) if "month" in groups else span_of(today, 1)
    assert month.first is not None and month.last is not None  # noqa: S101, PT018 - made whole above
    order = ORDINALS[groups["ord"]]
    if order == 1:
        return Period(month.first, month.first.replace(day=15))
    if order in {2, -1}:
        return Period(month.first.replace(day=16), month.last)
    raise Unreadable("periodo_ilegible")


def _read_week_of_month(groups: _Groups, today: dt.date) -> Period:
    month = _read_month(groups, today)
    assert month.first is not None and month.last is not None  # noqa: S101, PT018 - made whole above
    order = ORDINALS[groups["ord"]]
    if order == -1:
        return Period(month.last - 6 * DAY, month.last)
    first = month.first + 7 * (order - 1) * DAY
    if first > month.last:
        raise Unreadable("periodo_ilegible")
    return Period(first, min(first + 6 * DAY, month.last))


def _read_quarter_code(groups: _Groups, today: dt.date) -> Period:
    number, year = int(groups.get("n") or groups["n2"]), groups.get("y") or groups.get("y2")
    first = dt.date(int(year) if year else today.year, 3 * number - 2, 1)
    return span_of(first if year else shift(first, _begun(first, today)), 3)


def _read_ordinal(groups: _Groups, today: dt.date) -> Period:
    size, order = SIZES[groups["size"]], ORDINALS[groups["ord"]]
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
        monday = day - day.weekday() * DAY
        return Period(monday, monday + 6 * DAY)
    if size == "quincena":
        first = day.replace(day=1 if day.day <= 15 else 16)
        return Period(first, day.replace(day=15) if day.day <= 15 else end_of_month(day))
    return _calendar(SIZES[size], day)


def _read_relative(groups: _Groups, today: dt.date) -> Period:
    current = _containing(groups["size"], today)
    assert current.first is not None  # noqa: S101 - calendar periods begin
    return current.before() if current.months else _containing(groups["size"], current.first - DAY)


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
        return Period(today - (count * days - 1) * DAY, today)
    months = count * _UNIT_MONTHS[unit.removesuffix("es") if unit == "meses" else unit.removesuffix("s")]
    if months > 600:
        raise Unreadable("periodo_ilegible")
    return Period(shift(today, -months) + DAY, today)


def _read_days_ago(groups: _Groups, today: dt.date) -> Period:
    count = int(groups["count"]) if groups["count"].isdigit() else NUMBERS[groups["count"]]
    unit = groups["unit"]
    if count > 600:
        raise Unreadable("periodo_ilegible")
    if unit.startswith("dia"):
        day = today - count * DAY
        return Period(day, day)
    if unit.startswith("semana"):
        return _containing("semana", today - 7 * count * DAY)
    return _containing("mes" if unit.startswith("mes") else "ano", shift(today, -count * (1 if unit[0] == "m" else 12)))


def _read_week_of_day(groups: _Groups, today: dt.date) -> Period:
    month = _month_number(groups) if "month" in groups else int(groups["m"])
    year = int(groups.get("y", today.year))
    day = date_of(year, month, int(groups["d"]))
    day = day if "y" in groups else shift(day, _begun(day, today))
    return _containing("semana", day)


def _read_year(groups: _Groups, _today: dt.date) -> Period:
    return span_of(dt.date(int(groups["y"]), 1, 1), 12)


READERS: dict[str, Callable[[_Groups, dt.date], Period]] = {
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
    "yesterday": lambda _groups, today: Period(today - DAY, today - DAY),
    "before_yesterday": lambda _groups, today: Period(today - 2 * DAY, today - 2 * DAY),
    "year_alone": lambda _groups, today: span_of(today.replace(month=1, day=1), 12),
}
