"""The figures, with the day as an argument."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import Account
from apps.books.actions import Range, create_book, dissolve_book
from apps.dash.queries import GroupActivity, Overdue, months_shown, shift_month, statistics
from apps.dash.recount import differences
from apps.dash.tests.books import record, tamper
from apps.trans.models import Transaction

MARCH_15 = dt.date(2026, 3, 15)


def six_months_by_walking(today):
    """The six months up to `today`, found by stepping over each first day: another way than the code's."""
    months = []
    for _step in range(6):
        first = today.replace(day=1)
        months.insert(0, first)
        today = first - dt.timedelta(days=1)
    return months


def test_the_six_months_are_right_on_every_day_of_eight_years():
    for step in range(8 * 365 + 2):
        today = dt.date(2023, 1, 1) + dt.timedelta(days=step)
        assert months_shown(today) == six_months_by_walking(today)


def test_the_evolution_is_right_around_every_end_of_month_of_two_years(company, chart, student, teacher):
    ends = [dt.date(2023, 12, 31), dt.date(2024, 1, 1), dt.date(2024, 2, 29), dt.date(2024, 3, 1), dt.date(2025, 2, 28)]
    days = [dt.date(2022, 7, 1) + dt.timedelta(days=step) for step in range(0, 3 * 365, 20)] + ends
    record(student, chart, *days)
    record(teacher, chart, *days[::3], status=2)
    record(teacher, chart, *days[::5], status=0)
    counted, people = Counter(), defaultdict(set)
    for day, user_id in Transaction.objects.filter(status__gt=0).values_list("date", "user_id"):
        counted[day.year, day.month] += 1
        people[day.year, day.month].add(user_id)

    around = [dt.date(year, month, 1) + dt.timedelta(days=off)
              for year in (2024, 2025) for month in range(1, 13) for off in (-1, 0)]
    for today in [*around, dt.date(2024, 2, 28), dt.date(2024, 2, 29)]:
        for row, month in zip(statistics(company, today=today).evolution, six_months_by_walking(today), strict=True):
            key = month.year, month.month
            assert (row.month, row.transactions, row.people) == (month, counted[key], len(people[key]))


@given(st.dates(dt.date(1900, 12, 1), dt.date(2199, 11, 30)), st.integers(-11, 11))
def test_shifting_a_month_back_undoes_shifting_it_forth(day, months):
    assert shift_month(shift_month(day, months), -months) == day.replace(day=1)


def test_a_book_counts_as_one_and_what_is_closed_outside_of_books_one_each(company, chart, teacher):
    record(teacher, chart, "2026-03-02", "2026-03-03", "2026-03-04")
    record(teacher, chart, "2026-05-02", "2026-05-03", status=2)
    march = create_book(Range(dt.date(2026, 3, 1), dt.date(2026, 3, 31)), acting_user=teacher, company=company)
    assert statistics(company, today=MARCH_15).books == 3
    assert differences(company, today=MARCH_15) == []
    dissolve_book(march.pk, acting_user=teacher, company=company)
    assert statistics(company, today=MARCH_15).books == 2
    assert differences(company, today=MARCH_15) == []


def test_figures_count_verified_and_closed_and_books_count_closed(company, chart, student):
    record(student, chart, "2026-03-01", "2026-03-02", status=0)
    record(student, chart, "2026-02-28")
    record(student, chart, "2025-01-01", "2026-03-15", status=2)

    found = statistics(company, today=MARCH_15)

    assert (found.loaded, found.books) == (3, 2)
    assert [row.transactions for row in found.evolution] == [0, 0, 0, 0, 1, 1]


def test_students_are_the_active_ones_and_groups_are_theirs(company, make_user, teacher, outsider):
    make_user("a@example.com", rol=2, group="3A")
    make_user("b@example.com", rol=2, group="3A")
    make_user("c@example.com", rol=2, group="3B")
    make_user("d@example.com", rol=2, group="3C", status=1)
    make_user("e@example.com", rol=2)

    found = statistics(company, today=MARCH_15)

    assert (found.students, found.groups) == (4, 2)
    assert statistics(None, today=MARCH_15).students == 5


def test_groups_come_most_active_first_with_their_people(company, chart, make_user, teacher):
    ana, beto = make_user("ana@example.com", rol=2, group="3A"), make_user("beto@example.com", rol=2, group="3A")
    carla = make_user("carla@example.com", rol=2, group="3B")
    make_user("dora@example.com", rol=2, group="3C")
    record(ana, chart, "2026-03-01")
    record(beto, chart, "2026-02-01", "2026-02-01", status=2)
    record(carla, chart, *["2025-01-10"] * 4)
    record(carla, chart, *["2025-01-10"] * 9, status=0)

    found = statistics(company, today=MARCH_15)

    assert found.by_group == (GroupActivity("3B", 4, 1), GroupActivity("3A", 3, 2), GroupActivity("3C", 0, 0))
    assert found.idle_groups == ("3B", "3C")


@pytest.mark.parametrize("today, found", [("2026-03-15", None), ("2026-03-16", Overdue(2, dt.date(2026, 1, 1)))])
def test_a_month_is_overdue_fifteen_days_after_its_end(company, chart, student, today, found):
    record(student, chart, "2026-02-28", status=0)
    record(student, chart, "2026-01-05", status=0)
    record(student, chart, "2026-03-01", status=0)
    if found is None:
        found = Overdue(1, dt.date(2026, 1, 1))

    assert statistics(company, today=dt.date.fromisoformat(today)).overdue == found


def test_nothing_of_another_company_is_counted(company, chart, other_company, other_chart, student, outsider):
    record(student, chart, "2026-03-01")
    record(outsider, other_chart, "2026-03-01", "2026-03-02", status=2)

    mine, all_together = statistics(company, today=MARCH_15), statistics(None, today=MARCH_15)

    assert (mine.loaded, mine.books, [row.group for row in mine.by_group]) == (1, 0, ["3A"])
    assert (all_together.loaded, all_together.books) == (3, 2)
    assert all_together.evolution[-1].people == 2


def test_tampered_totals_show_as_a_difference_and_huge_ones_do_not_overflow(company, chart, student):
    record(student, chart, "2026-03-01", amount=9 * 10**18)
    assert statistics(company, today=MARCH_15).debit_excess == 0
    tamper("UPDATE accounts SET debits = %s WHERE acc_id IN (%s, %s)", 9 * 10**18, chart["iva"].pk, chart["cmv"].pk)

    assert statistics(company, today=MARCH_15).debit_excess == 18 * 10**18


def test_the_figures_cost_five_statements_however_much_there_is(
    company, chart, student, django_assert_num_queries
):
    record(student, chart, *[dt.date(2020, 1, 1) + dt.timedelta(days=7 * step) for step in range(300)])
    assert Account.objects.count() == 6
    with django_assert_num_queries(5):
        statistics(company, today=MARCH_15)
