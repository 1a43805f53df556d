"""The entries of a year's end balance and do what they are for, whatever the books hold."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.closing import (
    IndexMissing,
    Movement,
    adjust,
    close_books,
    close_results,
    cost_of_sales,
    open_books,
    restate,
)

RESULT, RECPAM = 900, 901
MONTHS = [dt.date(2026, month, 1) for month in range(1, 13)]
nets = st.dictionaries(st.integers(1, 40), st.integers(-(10**15), 10**15), max_size=40)
indices = st.lists(st.integers(1, 10**9), min_size=12, max_size=12).map(
    lambda values: dict(zip(MONTHS, (Fraction(value, 10_000) for value in values), strict=True))
)
movements = st.lists(
    st.builds(Movement, st.integers(1, 9), st.sampled_from(MONTHS), st.integers(-(10**13), 10**13)), max_size=30
)


def moved(lines):
    found = {}
    for line in lines:
        found[line.account_id] = found.get(line.account_id, 0) + line.debit - line.credit
    return found


def after(before, lines):
    change = moved(lines)
    return {key: before.get(key, 0) + change.get(key, 0) for key in before.keys() | change.keys()}


@given(nets)
def test_the_refundicion_takes_results_to_zero_and_their_sum_to_the_equity(results):
    lines = close_results(results, RESULT)
    assert sum(moved(lines).values()) == 0
    left = after(results, lines)
    assert left.pop(RESULT, 0) == sum(results.values())
    assert not any(left.values())
    assert all((line.debit > 0) != (line.credit > 0) for line in lines)


@given(nets)
def test_the_cierre_takes_all_to_zero_and_the_apertura_brings_it_back(balances):
    balances = {**balances, 99: -sum(balances.values())}
    closing = close_books(balances)
    assert sum(moved(closing).values()) == 0
    assert not any(after(balances, closing).values())
    opened = after(after(balances, closing), open_books(closing))
    assert {key: net for key, net in opened.items() if net} == {key: net for key, net in balances.items() if net}


@given(nets, st.integers(-(10**15), 10**15), st.integers(0, 10**15))
def test_the_cost_of_sales_leaves_the_counted_stock_and_no_purchases(purchases, stock, counted):
    """Cost = stock at the beginning + purchases - stock at the end."""
    lines = cost_of_sales(purchases, stock, counted, stock_account=800, cost_account=801)
    left = after({**purchases, 800: stock}, lines)
    assert left.pop(801, 0) == stock + sum(purchases.values()) - counted
    assert left.pop(800) == counted
    assert not any(left.values())


@given(movements, indices)
def test_the_adjustment_balances_and_leaves_each_account_in_closing_money(moves, table):
    restated = restate(moves, table, MONTHS[-1])
    lines = adjust(restated, RECPAM, {})
    assert sum(moved(lines).values()) == 0
    historic = {}
    for movement in moves:
        historic[movement.account] = historic.get(movement.account, 0) + movement.net
    left = after(historic, lines)
    for account in historic:
        wanted = sum(row.net for row in restated if row.movement.account == account)
        assert left.get(account, 0) == wanted


@given(movements, indices)
def test_each_movement_is_off_by_half_a_centavo_at_most(moves, table):
    for row in restate(moves, table, MONTHS[-1]):
        assert abs(row.movement.net * row.coefficient - row.net) <= Fraction(1, 2)


@given(movements)
def test_without_inflation_there_is_nothing_to_adjust(moves):
    assert adjust(restate(moves, dict.fromkeys(MONTHS, Fraction(7)), MONTHS[-1]), RECPAM, {}) == []


def test_a_textbook_case():
    """Goods of January at 100, capital of January at 60, sales of July at 30; prices 100, 120, 150."""
    table = {MONTHS[0]: Fraction(100), MONTHS[6]: Fraction(120), MONTHS[11]: Fraction(150)}
    moves = [
        Movement(1, MONTHS[0], 100_00), Movement(2, MONTHS[0], -60_00), Movement(3, MONTHS[6], -30_00),
    ]
    lines = adjust(restate(moves, table, MONTHS[11]), RECPAM, {2: 22})
    assert moved(lines) == {1: 50_00, 22: -30_00, 3: -7_50, RECPAM: -12_50}


def test_months_without_an_index_are_named():
    with pytest.raises(IndexMissing) as caught:
        restate([Movement(1, MONTHS[3], 5), Movement(1, MONTHS[4], 0)], {MONTHS[0]: Fraction(1)}, MONTHS[11])
    assert caught.value.months == (MONTHS[3], MONTHS[11])
