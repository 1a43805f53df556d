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
    """A span as whole months, given by the first days of the first and last, and spans within a month.

    The span is `months` and `days` together, without `less`, which lies within the months.
    """

    months: Span | None
    days: tuple[Span, ...]
    less: tuple[Span, ...] = ()


def month_start(day: dt.date) -> dt.date:
    """Return the first day of the month."""
    return day.replace(day=1)


def month_end(day: dt.date) -> dt.date:
    """Return the last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def cut(first: dt.date | None, last: dt.date | None) -> Cut:
    """Cut the dates from `first` to `last` so that months kept as totals need no reading day by day.

    Of a month that a date cuts, the shorter part is read: books to date cost no more at the end of
    a month than at its beginning. Dates beyond those that the books admit count as the next one outside.
    """
    first, last = _near_the_books(first), _near_the_books(last)
    if first is not None and last is not None:
        if last < first:
            return Cut(None, ())
        if month_start(first) == month_start(last):
            return _within_a_month(first, last)
    days: list[Span] = []
    less: list[Span] = []
    months_first, months_last = first, last
    if first is not None and first.day != 1:
        before, after = Span(month_start(first), first - _DAY), Span(first, month_end(first))
        whole = _length(before) < _length(after)
        (less if whole else days).append(before if whole else after)
        months_first = month_start(first) if whole else month_end(first) + _DAY
    if last is not None and last != month_end(last):
        before, after = Span(month_start(last), last), Span(last + _DAY, month_end(last))
        whole = _length(after) < _length(before)
        (less if whole else days).append(after if whole else before)
        months_last = month_end(last) if whole else month_start(last) - _DAY
    if months_first is not None and months_last is not None and months_last < months_first:
        return Cut(None, tuple(days))
    months = Span(months_first, None if months_last is None else month_start(months_last))
    return Cut(months, tuple(days), tuple(less))


def _within_a_month(first: dt.date, last: dt.date) -> Cut:
    start, end = month_start(first), month_end(last)
    ends = [Span(start, first - _DAY)] if first > start else []
    ends += [Span(last + _DAY, end)] if last < end else []
    span = Span(first, last)
    if sum(map(_length, ends)) < _length(span):
        return Cut(Span(start, start), (), tuple(ends))
    return Cut(None, (span,))


def _length(span: Span) -> int:
    if span.first is None or span.last is None:
        raise ValueError("A span without end has no length.")
    return (span.last - span.first).days + 1


def _near_the_books(day: dt.date | None) -> dt.date | None:
    return None if day is None else min(max(day, DATE_MIN - _DAY), DATE_MAX + _DAY)


def the_year_before(span: Span) -> Span:
    """Return the same dates of the year before; the last day of a month stays the last."""
    return Span(*(None if day is None else _months_earlier(day, 12) for day in (span.first, span.last)))


def the_span_before(span: Span) -> Span:
    """Return the span of the same length that ends where this one begins: in months where it is whole months.

    Raises ValueError for a span without end.
    """
    if span.first is None or span.last is None:
        raise ValueError("A span without end has none before it.")
    if span.first.day == 1 and span.last == month_end(span.last):
        months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1
        return Span(_months_earlier(span.first, months), span.first - _DAY)
    return Span(span.first - dt.timedelta(days=_length(span)), span.first - _DAY)


def _months_earlier(day: dt.date, months: int) -> dt.date:
    year, month0 = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = month_end(dt.date(year, month0 + 1, 1))
    return last if day == month_end(day) else last.replace(day=min(day.day, last.day))
