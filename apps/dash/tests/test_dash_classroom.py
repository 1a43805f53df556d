"""The journal divided among people."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.dash.demo.classroom import TEACHER, TEACHERS_DESKS, group_name, group_of, share_out
from apps.dash.queries import shift_month

MARCH = dt.date(2026, 3, 1)


def shared(today=dt.date(2026, 3, 10), students=6, groups=3, recorded=60):
    return share_out(
        shift_month(today, -5), today, students=students, groups=groups, recorded=recorded,
        idle_since=shift_month(today, -1),
    )


@settings(max_examples=12, deadline=None)
@given(st.dates(dt.date(2023, 1, 1), dt.date(2027, 12, 31)), st.integers(1, 40), st.integers(1, 24), st.integers(1, 15))
def test_students_record_exactly_what_was_asked_on_any_day(today, students, groups, each):
    share = shared(today, students, min(groups, students), students * each)

    by_author = Counter(share.authors)
    assert sum(by_author.values()) - by_author[TEACHER] == students * each
    assert set(by_author) <= set(range(students + 1))
    assert {entry.date.month for entry in share.entries} <= {shift_month(today, -back).month for back in range(6)}


def test_groups_differ_and_the_last_is_idle_lately():
    share = shared()
    by_group = Counter(group_of(author, 3) for author in share.authors if author != TEACHER)
    lately = {
        group_of(author, 3) for author, entry in zip(share.authors, share.entries, strict=True)
        if author != TEACHER and entry.date >= dt.date(2026, 2, 1)
    }

    assert by_group[0] > by_group[1] > by_group[2] > 0
    assert lately == {0, 1}


def test_taxes_wages_and_the_closing_of_the_year_are_the_teachers():
    share = shared()

    desks = {entry.area for author, entry in zip(share.authors, share.entries, strict=True) if author != TEACHER}
    assert not desks & TEACHERS_DESKS
    assert any(entry.legend.startswith("Refundición") for entry in share.entries)


def test_the_same_class_has_the_same_share():
    assert shared() == shared()


def test_more_than_the_busiest_journal_holds_is_refused():
    with pytest.raises(ValueError, match="are more than the journal"):
        share_out(MARCH, MARCH + dt.timedelta(days=2), students=1, groups=1, recorded=10**6, idle_since=MARCH)


def test_groups_are_called_as_in_a_school():
    assert [group_name(number) for number in (0, 3, 8, 23)] == ["3° A", "3° D", "4° A", "5° H"]
