"""The days on which the demo company works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5
# National holidays that do not move, as (month, day).
HOLIDAYS = frozenset({(1, 1), (3, 24), (4, 2), (5, 1), (5, 25), (6, 20), (7, 9), (12, 8), (12, 25)})


def days_from(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    """Yield every day from `start` to `end`, both included."""
    for ordinal in range(start.toordinal(), end.toordinal() + 1):
        yield dt.date.fromordinal(ordinal)


def is_working_day(day: dt.date) -> bool:
    """Return whether the shop is open: Monday to Saturday, save holidays."""
    return day.weekday() <= SATURDAY and (day.month, day.day) not in HOLIDAYS


def is_banking_day(day: dt.date) -> bool:
    """Return whether banks work: a working day that is no Saturday."""
    return day.weekday() < SATURDAY and is_working_day(day)


def ends_month(day: dt.date) -> bool:
    """Return whether it is the last day of its month."""
    return (day + ONE_DAY).month != day.month


def next_month(day: dt.date, number: int) -> dt.date:
    """Return day `number` (1-28) of the month after that of `day`."""
    first = day.replace(day=28) + dt.timedelta(days=4)
    return first.replace(day=number)


MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)


def month_name(day: dt.date) -> str:
    """Return the month as a legend names it: `marzo 2026`."""
    return f"{MONTHS[day.month - 1]} {day.year}"
