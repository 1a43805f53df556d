"""Periods as Argentines say them: months, quarters, fortnights, closings, spans, the last 90 days.

The grammar is ours and small: a question is folded text; each expression found becomes a Period and a
mark §pN in its place. Without a year, the latest time it had begun is meant: "noviembre", asked in
September, is last year's.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, replace

from services.consultorIA.unreadable import Unreadable

DAY = dt.timedelta(days=1)
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
SIZES = {"mes": 1, "bimestre": 2, "trimestre": 3, "cuatrimestre": 4, "semestre": 6, "ano": 12, "ejercicio": 12}


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
        return Period(self.first - length * DAY, self.first - DAY)

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
        if size == SIZES[name] and (first.month - 1) % size == 0:
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
