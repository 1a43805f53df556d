"""When recurring things are due."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.schedules import Frequency, Recurrence

D = dt.date


def due(recurrence, first, count=4):
    return list(itertools.islice(recurrence.due_from(first), count))


@pytest.mark.parametrize("recurrence,expected", [
    (Recurrence(Frequency.MONTHLY, 1, 10, D(2026, 1, 5)), [D(2026, 1, 10), D(2026, 2, 10), D(2026, 3, 10)]),
    (Recurrence(Frequency.MONTHLY, 1, 10, D(2026, 1, 15)), [D(2026, 2, 10), D(2026, 3, 10), D(2026, 4, 10)]),
    (Recurrence(Frequency.MONTHLY, 1, 31, D(2026, 1, 1)), [D(2026, 1, 31), D(2026, 2, 28), D(2026, 3, 31)]),
    (Recurrence(Frequency.MONTHLY, 2, 30, D(2023, 12, 1)), [D(2023, 12, 30), D(2024, 2, 29), D(2024, 4, 30)]),
    (Recurrence(Frequency.WEEKLY, 1, 1, D(2026, 1, 7)), [D(2026, 1, 7), D(2026, 1, 14), D(2026, 1, 21)]),
    (Recurrence(Frequency.WEEKLY, 2, 1, D(2026, 1, 7)), [D(2026, 1, 7), D(2026, 1, 21), D(2026, 2, 4)]),
    (Recurrence(Frequency.YEARLY, 1, 29, D(2024, 2, 29)), [D(2024, 2, 29), D(2025, 2, 28), D(2026, 2, 28)]),
])
def test_due_dates(recurrence, expected):
    assert due(recurrence, recurrence.start, 3) == expected


def test_nothing_is_due_after_the_end():
    recurrence = Recurrence(Frequency.MONTHLY, 1, 10, D(2026, 1, 1), D(2026, 2, 10))
    assert due(recurrence, D(2026, 1, 1)) == [D(2026, 1, 10), D(2026, 2, 10)]
    assert recurrence.next_after(D(2026, 2, 10)) is None


def test_the_last_date_of_any_books_ends_it():
    assert due(Recurrence(Frequency.YEARLY, 12, 31, D(2190, 12, 1)), D(2190, 1, 1)) == [D(2190, 12, 31)]


recurrences = st.builds(
    Recurrence, st.sampled_from(Frequency), st.integers(1, 12), st.integers(1, 31),
    st.dates(D(2000, 1, 1), D(2030, 12, 31)),
)


@given(recurrences, st.dates(D(1999, 1, 1), D(2040, 12, 31)))
def test_starting_later_leaves_out_what_came_before_and_nothing_else(recurrence, first):
    every = [day for day in due(recurrence, recurrence.start, 60) if day >= first]
    assert due(recurrence, first, len(every)) == every


@given(recurrences)
def test_dates_rise_and_begin_at_the_start(recurrence):
    found = due(recurrence, D(1900, 1, 1), 20)
    assert found == sorted(set(found))
    assert found[0] >= recurrence.start
