"""Formulas and the patterns that they fill."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.entries import Line
from ledger.formulas import FormulaFault, check_formula, names_base, reckon, round_half_up
from ledger.patterns import PatternFault, PatternLine, fill


@pytest.mark.parametrize("formula,base,centavos", [
    ("base", 12345, 12345), ("base * 0.21", 10000, 2100), ("base * 0,21", 10000, 2100), ("base*21%", 10000, 2100),
    ("21% * base", 10000, 2100), ("base / 1,21", 12100, 10000), ("100", None, 10000), ("(base - 10) * 2", 5000, 8000),
    ("-(-base)", 500, 500), ("BASE + 1", 100, 200), ("base - base / 3", 300, 200), ("1+2*3", None, 700),
])
def test_formulas_are_reckoned_exactly(formula, base, centavos):
    assert reckon(formula, base) == centavos


def test_a_third_stays_a_third():
    assert reckon("base / 3", 10000) == Fraction(10000, 3)


@pytest.mark.parametrize("formula,code,at", [
    ("", "formula_unreadable", 0), ("base *", "formula_unreadable", 6), ("(base", "formula_unreadable", 2),
    ("base)", "formula_unreadable", 4), ("precio * 2", "formula_unreadable", 0), ("base ** 2", "formula_unreadable", 6),
    ("__import__", "formula_unreadable", 0), ("1 2", "formula_unreadable", 2),
    ("base / 0", "formula_divides_by_zero", 5),
    ("1.234,5", "formula_unreadable", 5), ("(" * 300, "formula_too_long", 0), ("base;", "formula_unreadable", 4),
])
def test_what_cannot_be_read_says_where(formula, code, at):
    with pytest.raises(FormulaFault) as raised:
        reckon(formula, 100)
    assert (raised.value.code, raised.value.at) == (code, at)


def test_a_formula_says_whether_it_needs_a_base():
    assert names_base("Base * 2")
    assert not names_base("2 + 2")
    with pytest.raises(FormulaFault, match="formula_needs_base"):
        reckon("base", None)


@pytest.mark.parametrize("formula", ["(" * 99 + "1" + ")" * 99, "-" * 199 + "1", "(" * 200])
def test_nesting_is_bounded(formula):
    assert reckon("(" * 30 + "1" + ")" * 30, None) == 100
    with pytest.raises(FormulaFault, match="formula_too_deep"):
        reckon(formula, None)


def test_a_division_by_what_may_be_zero_is_left_for_its_time():
    check_formula("1 / (base - 1)")
    with pytest.raises(FormulaFault):
        check_formula("1 / x")


@given(st.text(alphabet="base0123456789+-*/()%., x", max_size=40), st.integers(0, 10**9))
def test_any_text_is_reckoned_or_refused(text, base):
    with contextlib.suppress(FormulaFault):
        reckon(text, base)


@given(st.fractions(min_value=-1000, max_value=1000))
def test_rounding_is_to_the_nearest_and_halves_go_away_from_zero(value):
    rounded = round_half_up(value)
    assert abs(rounded - value) <= Fraction(1, 2)
    assert round_half_up(-value) == -rounded


@pytest.mark.parametrize("value,whole", [("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.5", -1), ("2.4999", 2)])
def test_halves(value, whole):
    assert round_half_up(Fraction(Decimal(value))) == whole


CASH, SALES, VAT = 1, 2, 3
SALE = (
    PatternLine(CASH, is_debit=True, formula="base"),
    PatternLine(SALES, is_debit=False, formula="base / 1,21", rounding=True),
    PatternLine(VAT, is_debit=False, formula="base / 1,21 * 21%"),
)


def test_a_pattern_is_filled_from_its_base():
    assert fill(SALE, 12100) == (Line(CASH, debit=12100), Line(SALES, credit=10000), Line(VAT, credit=2100))


@given(st.integers(3, 10**15))
def test_what_rounding_leaves_over_goes_to_the_line_that_takes_it(base):
    lines = fill(SALE, base)
    assert sum(line.debit for line in lines) == sum(line.credit for line in lines) == base
    assert abs(lines[1].credit - Fraction(base * 100, 121)) <= 1


def test_a_real_difference_is_no_rounding():
    wrong = (*SALE[:2], PatternLine(VAT, is_debit=False, formula="base * 21%"))
    with pytest.raises(PatternFault) as raised:
        fill(wrong, 12100)
    assert (raised.value.code, raised.value.off) == ("unbalanced", 12100 - 10000 - 2541)


@pytest.mark.parametrize("formula,code", [
    ("base - base", "amount_not_positive"), ("0 - 1", "amount_not_positive"),
    ("base * 99999999999999999", "amount_too_large"),
    ("base / 0", "formula_divides_by_zero"), ("nada", "formula_unreadable"),
])
def test_a_line_that_cannot_be_names_itself(formula, code):
    lines = (PatternLine(CASH, is_debit=True, formula=formula), PatternLine(SALES, is_debit=False, formula=formula))
    with pytest.raises(PatternFault) as raised:
        fill(lines, 10000)
    assert (raised.value.code, raised.value.line) == (code, 0)
