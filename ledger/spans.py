"""Spans of dates, cut into whole months and the days left over."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from ledger.rules import DATE_MAX, DATE_MIN

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Dates from `first` to `last`, both included; None is without end on that side."""

    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class Cut:
    """A span as whole months, given by the first days of the first and last, and spans within a month."""

    months: Span | None
    days: tuple[Span, ...]


def month_start(day: dt.date) -> dt.date:
    """Return the first day of the month."""
    return day.replace(day=1)


def month_end(day: dt.date) -> dt.date:
    """Return the last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def cut(first: dt.date | None, last: dt.date | None) -> Cut:
    """Cut the dates from `first` to `last` so that months kept as totals need no reading day by day.

    Dates beyond those that the books admit count as the next one outside.
    """
    first, last = _near_the_books(first), _near_the_books(last)
    if first is not None and last is not None:
        if last < first:
            return Cut(None, ())
        if month_start(first) == month_start(last) and (first.day, last) != (1, month_end(last)):
            return Cut(None, (Span(first, last),))
    days = []
    months_first, months_last = first, last
    if first is not None and first.day != 1:
        days.append(Span(first, month_end(first)))
        months_first = month_end(first) + _DAY
    if last is not None and last != month_end(last):
        days.append(Span(month_start(last), last))
        months_last = month_start(last) - _DAY
    if months_first is not None and months_last is not None and months_last < months_first:
        return Cut(None, tuple(days))
    return Cut(Span(months_first, None if months_last is None else month_start(months_last)), tuple(days))


def _near_the_books(day: dt.date | None) -> dt.date | None:
    return None if day is None else min(max(day, DATE_MIN - _DAY), DATE_MAX + _DAY)
