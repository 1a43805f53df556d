"""Which backups are kept."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from services.daily.rotation import expendable

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
moments = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2026, 12, 31), timezones=st.just(dt.UTC))  # noqa: DTZ001


def daily(count: int) -> list[dt.datetime]:
    return [NOON - dt.timedelta(days=day) for day in range(count)]


def test_a_year_of_days_leaves_the_latest_days_and_the_last_of_each_month():
    kept = set(daily(365)) - expendable(daily(365), days=14, months=12)
    assert set(daily(14)) <= kept
    assert {(at.year, at.month) for at in kept} == {(2025, 12), *((2026, month) for month in range(1, 12))}
    assert len(kept) == 14 + 11


def test_of_one_day_the_last_is_kept():
    early, late = NOON, NOON + dt.timedelta(hours=3)
    assert expendable([early, late], days=14, months=12) == {early}


def test_years_without_a_backup_make_none_expendable():
    old = [NOON - dt.timedelta(days=1500), NOON - dt.timedelta(days=1501)]
    assert expendable([*old, NOON], days=14, months=12) == set()


@given(st.lists(moments, max_size=60), st.integers(1, 20), st.integers(0, 14))
def test_the_newest_stays_and_no_more_is_kept_than_promised(taken, days, months):
    kept = set(taken) - expendable(taken, days=days, months=months)
    assert len(kept) <= days + months
    assert not taken or max(taken) in kept


@given(st.lists(moments, max_size=60), st.integers(1, 20), st.integers(0, 14))
def test_rotating_twice_takes_nothing_more(taken, days, months):
    kept = set(taken) - expendable(taken, days=days, months=months)
    assert expendable(kept, days=days, months=months) == set()
