"""Cutting a span of dates loses no day and counts none twice."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.spans import Cut, Span, cut, month_end, the_span_before, the_year_before

dates = st.dates(dt.date(2019, 11, 1), dt.date(2021, 3, 31))


def days_of(spans: list[Span], lower: dt.date, upper: dt.date) -> list[dt.date]:
    every = [lower + dt.timedelta(days=step) for step in range((upper - lower).days + 1)]
    return sorted(day for span in spans for day in every if (span.first or lower) <= day <= (span.last or upper))


def covered(parts: Cut, lower: dt.date, upper: dt.date) -> list[dt.date]:
    spans = list(parts.days)
    if parts.months is not None:
        last = parts.months.last
        spans.append(Span(parts.months.first, None if last is None else month_end(last)))
    added, taken = days_of(spans, lower, upper), days_of(list(parts.less), lower, upper)
    assert set(taken) <= set(added)
    for day in taken:
        added.remove(day)
    return added


@given(st.none() | dates, st.none() | dates)
def test_every_day_of_the_span_is_covered_exactly_once(first, last):
    lower, upper = dt.date(2019, 10, 1), dt.date(2021, 4, 30)
    wanted = [
        day
        for day in (lower + dt.timedelta(days=step) for step in range((upper - lower).days + 1))
        if (first or lower) <= day <= (last or upper)
    ]
    assert covered(cut(first, last), lower, upper) == wanted


@pytest.mark.parametrize(("first", "last", "spans"), [
    ("2026-01-01", "2026-03-31", 0), ("2026-01-02", "2026-03-31", 1), ("2026-01-02", "2026-03-30", 2),
    ("2026-02-01", "2026-02-28", 0), ("2026-02-03", "2026-02-28", 1), ("2026-02-03", "2026-02-04", 1),
    ("2026-02-03", "2026-02-25", 2),
])
def test_only_months_that_are_not_whole_are_read_by_day(first, last, spans):
    parts = cut(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert len(parts.days) + len(parts.less) == spans


@given(dates, dates)
def test_at_most_half_of_a_month_is_read_by_day(first, last):
    parts = cut(first, last)
    read = [days_of([span], dt.date(2019, 10, 1), dt.date(2021, 4, 30)) for span in (*parts.days, *parts.less)]
    assert all(len(days) <= 16 for days in read)


@pytest.mark.parametrize(("first", "last"), [
    (dt.date.min, dt.date.max), (None, dt.date.min), (dt.date.max, None), (dt.date.max, dt.date.min),
])
def test_the_ends_of_the_calendar_are_no_trouble(first, last):
    parts = cut(first, last)
    touched = [*parts.days, *parts.less, *([parts.months] if parts.months else [])]
    assert all(span.first != dt.date.min and span.last != dt.date.max for span in touched)


@pytest.mark.parametrize(("first", "last", "before", "year_before"), [
    ("2026-01-01", "2026-12-31", ("2025-01-01", "2025-12-31"), ("2025-01-01", "2025-12-31")),
    ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28"), ("2025-03-01", "2025-03-31")),
    ("2026-01-01", "2026-03-31", ("2025-10-01", "2025-12-31"), ("2025-01-01", "2025-03-31")),
    ("2026-01-11", "2026-01-20", ("2026-01-01", "2026-01-10"), ("2025-01-11", "2025-01-20")),
    ("2024-02-01", "2024-02-29", ("2024-01-01", "2024-01-31"), ("2023-02-01", "2023-02-28")),
    ("2025-02-01", "2025-02-28", ("2025-01-01", "2025-01-31"), ("2024-02-01", "2024-02-29")),
])
def test_a_span_is_compared_with_the_one_before_or_a_year_before(first, last, before, year_before):
    span = Span(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert the_span_before(span) == Span(*map(dt.date.fromisoformat, before))
    assert the_year_before(span) == Span(*map(dt.date.fromisoformat, year_before))


@given(dates, dates)
def test_the_span_before_ends_where_the_span_begins(first, last):
    if first <= last:
        before = the_span_before(Span(first, last))
        assert before.first <= before.last == first - dt.timedelta(days=1)
