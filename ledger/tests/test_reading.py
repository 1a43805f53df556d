"""Amounts and dates from files are read as they were meant, or refused."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.money import MINOR_MAX, pesos
from ledger.reading import Unreadable, decimal_mark, read_amount, read_date, read_number

amounts = st.integers(-MINOR_MAX, MINOR_MAX)
marks = st.sampled_from([None, ",", "."])


def machine(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"


def outcome_of(read, *, refused):
    """Return what is read, or `refused`; any other error is a failure."""
    try:
        return read()
    except Unreadable:
        return refused


def english(minor: int) -> str:
    return pesos(minor).translate(str.maketrans(".,", ",."))


@given(amounts, marks)
def test_what_shows_its_decimal_mark_is_read_the_same_whatever_the_column(minor, mark):
    for written in (pesos(minor), f"$ {pesos(minor)}", machine(minor), english(minor), f"  {machine(minor)} "):
        assert read_amount(written, mark) == minor


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_a_spreadsheets_number_is_read_to_the_centavo(minor):
    assert read_number(minor / 100) == minor


@given(st.text(max_size=80) | st.text("0123456789.,-$ ()", max_size=20), marks)
def test_any_text_is_read_or_refused(text, mark):
    assert abs(outcome_of(lambda: read_amount(text, mark), refused=0)) <= MINOR_MAX


@pytest.mark.parametrize(("text", "minor"), [
    ("1234,5", 123450), ("0", 0), ("007", 700), (",5", 50), (".05", 5),
    ("1.234.567", 123456700), ("1,234,567", 123456700),
    ("1 234 567,89", 123456789), ("1 234,5", 123450), ("(1.234,56)", -123456), ("1.234,56-", -123456),
    ("-$ 1.234,56", -123456), ("$-5", -500), ("+5", 500), ("ARS 10", 1000), ("0.500", 50), ("1234.500", 123450),
    ("0,120", 12), ("92.233.720.368.547.758,07", MINOR_MAX),
])
def test_amounts_are_read_as_written(text, minor):
    assert read_amount(text) == minor


@pytest.mark.parametrize(("text", "mark", "outcome"), [
    ("1.234", ",", 123400), ("1.234", ".", "amount_fraction"), ("1.230", ".", 123), ("1.234", None, "amount_ambiguous"),
    ("1,234", ".", 123400), ("1,234", ",", "amount_fraction"), ("1,234", None, "amount_ambiguous"),
    ("12.345.678", None, 1234567800),
])
def test_the_column_decides_what_one_mark_before_three_digits_is(text, mark, outcome):
    if isinstance(outcome, int):
        assert read_amount(text, mark) == outcome
    else:
        with pytest.raises(Unreadable) as refusal:
            read_amount(text, mark)
        assert refusal.value.code == outcome


@pytest.mark.parametrize(("text", "code"), [
    *[(text, "amount_unreadable") for text in (
        "", "abc", "1e999", "=1+1", "--5", "(-5)", "(5", "5)", "1.23.456", "1,2,3", "1.234,5,6", "1,234.567,8", "12 34",
        "5.", "1.234 567,8", "٣", "nan", "U$S 5", "9" * 5000,
    )],
    ("9" * 50, "amount_too_large"), ("92233720368547758.08", "amount_too_large"),
    ("1,2345", "amount_fraction"), ("0.001", "amount_fraction"),
])
def test_what_is_no_amount_is_refused(text, code):
    with pytest.raises(Unreadable) as refusal:
        read_amount(text)
    assert refusal.value.code == code


@pytest.mark.parametrize(("texts", "mark"), [
    (["1.234", "5,5"], ","), (["1.234", "5.5"], "."), (["1.234,00"], ","), (["1.234.567"], ","), (["1,234,567"], "."),
    (["1.234", "20"], None), (["1,5", "1.5"], None), (["x", "", "7,25"], ","), ([], None),
])
def test_a_columns_decimal_mark_is_what_its_clear_amounts_agree_on(texts, mark):
    assert decimal_mark(texts) == mark


@pytest.mark.parametrize(("value", "outcome"), [
    (0.1 + 0.2, 30), (1234, 123400), (-5.5, -550), (float("nan"), "amount_unreadable"), (1.005, "amount_fraction"),
    (1e13, "amount_too_large"), (float("inf"), "amount_too_large"),
    pytest.param(10**400, "amount_too_large", id="long"),
])
def test_numbers_of_a_spreadsheet(value, outcome):
    if isinstance(outcome, int):
        assert read_number(value) == outcome
    else:
        with pytest.raises(Unreadable) as refusal:
            read_number(value)
        assert refusal.value.code == outcome


@given(st.dates(dt.date(1000, 1, 1)))
def test_a_date_is_read_in_each_of_its_spellings(day):
    for written in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%d-%m-%Y}",
                    f"{day:%d.%m.%Y}", f"{day} 00:00:00", f"{day}T00:00"):
        assert read_date(written) == day


@given(st.text(max_size=80) | st.text("0123456789/-. ", max_size=12))
def test_any_text_is_a_date_or_refused(text):
    assert isinstance(outcome_of(lambda: read_date(text), refused=dt.date.min), dt.date)


@pytest.mark.parametrize(("text", "code"), [
    *[(text, "date_unreal") for text in ("31/02/2026", "2026-13-01", "03/25/2026", "0000-01-01")],
    *[(text, "date_unreadable") for text in (
        "", "ayer", "46082", "05/03-2026", "2026-03-05 10:30", "٠١/٠١/٢٠٢٦", "0" * 5000,
    )],
    ("05/03/26", "date_short_year"),
])
def test_what_is_no_date_is_refused(text, code):
    with pytest.raises(Unreadable) as refusal:
        read_date(text)
    assert refusal.value.code == code
