"""Loose cells of the first Mosaite."""

from __future__ import annotations

import contextlib
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.transfer.first import cells
from apps.transfer.first.cells import Odd

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
MAY = dt.date(2024, 5, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-03", "2024-5-3", "2024/05/03", "2024.05.03", "20240503", "2024-05-03T10:30:00", "2024-05-03 10:30",
        "2024-05-03T10:30:00.123456-03:00", "2024-05-03T00:00:00Z", "03/05/2024", "3/5/2024", "3-5-2024", "03.05.2024",
        " 03/05/2024 ", "03/05/2024 18:45 hs", "03/05/2024 06:45 p. m.", "3 de mayo de 2024", "3 de Mayo del 2024",
        "3 mayo 2024", "3-may-2024", "3/MAY/2024", "3 5 2024", "viernes 3 de mayo de 2024",
        "Vie, 3 may 2024", "May 3, 2024", "Friday May 3rd, 2024", "mayo 3, 2024",
    ],
)
def test_a_day_is_read_however_it_is_written(text):
    assert cells.day(text, month_first=False) == (MAY, None)


@pytest.mark.parametrize(
    "text, month_first, expected",
    [
        ("05/03/2024", True, (MAY, None)),
        ("05/13/2024", False, (dt.date(2024, 5, 13), "month_first")),
        ("13/05/2024", True, (dt.date(2024, 5, 13), "day_first")),
        ("3/5/24", False, (MAY, "short_year")),
        ("3/5/99", False, (dt.date(1999, 5, 3), "short_year")),
        (20240503, False, (MAY, None)),
    ],
)
def test_what_had_to_be_assumed_is_said(text, month_first, expected):
    assert cells.day(text, month_first=month_first) == expected


@pytest.mark.parametrize(
    "text, code",
    [
        (None, "date_missing"), ("", "date_missing"), ("  ", "date_missing"), ("ayer", "date_unreadable"),
        ("31/02/2024", "date_unreal"), ("2024-13-01", "date_unreal"), ("13/13/2024", "date_unreal"),
        ("3 de brumario de 2024", "date_unreadable"), ("2024", "date_unreadable"), ("202453", "date_unreadable"),
        (45415, "date_unreadable"), ("0000-00-00", "date_unreal"), ("1/2", "date_unreadable"), (1.5, "date_unreadable"),
    ],
)
def test_what_is_no_day_is_not_guessed(text, code):
    with pytest.raises(Odd) as odd:
        cells.day(text, month_first=False)
    assert odd.value.code == code


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)), st.booleans())
def test_a_day_of_any_format_of_the_configuration_comes_back(date, month_first):
    pattern = "%m/%d/%Y" if month_first else "%d/%m/%Y"
    assert cells.day(date.strftime(pattern), month_first=month_first)[0] == date
    assert cells.day(date.isoformat(), month_first=month_first) == (date, None)


@pytest.mark.parametrize(
    "cell, amount", [(None, 0), ("", 0), (12_50, 12_50), ("1250", 12_50), (1250.0, 12_50), ("1250.00", 12_50), (-5, -5)]
)
def test_centavos_are_read_from_any_type(cell, amount):
    assert cells.centavos(cell) == amount


@pytest.mark.parametrize(
    "cell, code",
    [
        (12.5, "amount_fraction"), ("12,50", "amount_unreadable"), ("12.5", "amount_unreadable"),
        ("mil", "amount_unreadable"), (2**63, "amount_too_large"), (1e300, "amount_unreadable"),
        (float("inf"), "amount_fraction"), (float("nan"), "amount_fraction"),
    ],
)
def test_what_is_no_whole_number_of_centavos_is_refused(cell, code):
    with pytest.raises(Odd) as odd:
        cells.centavos(cell)
    assert odd.value.code == code


@pytest.mark.parametrize(
    "cell, said",
    [(1, True), ("1", True), ("True", True), ("Deudora", True), ("D", True), (0, False), ("acreedora", False),
     ("false", False), (None, None), ("", None), ("?", None)],
)
def test_a_flag_is_read_from_numbers_and_words(cell, said):
    assert cells.flag(cell, "d", "a") is said


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("2024-05-03T10:30:00Z", dt.datetime(2024, 5, 3, 10, 30, tzinfo=dt.UTC)),
        ("2024-05-03 10:30:00", dt.datetime(2024, 5, 3, 10, 30, tzinfo=ZONE)),
        ("03/05/2024 06:45 p. m.", dt.datetime(2024, 5, 3, 18, 45, tzinfo=ZONE)),
        ("03/05/2024", dt.datetime(2024, 5, 3, tzinfo=ZONE)),
        (1714743000, dt.datetime(2024, 5, 3, 13, 30, tzinfo=dt.UTC)),
        (1714743000000, dt.datetime(2024, 5, 3, 13, 30, tzinfo=dt.UTC)),
        ("mañana", None), (None, None), (5, None), ("03/05/2024 28:99", None),
    ],
)
def test_a_moment_is_read_with_its_zone(cell, expected):
    assert cells.moment(cell, ZONE, month_first=False) == expected


@given(st.none() | st.text(max_size=30) | st.floats() | st.integers() | st.booleans())
def test_no_cell_breaks_the_reading(cell):
    for read in (cells.whole, cells.centavos, lambda it: cells.day(it, month_first=False)):
        with contextlib.suppress(Odd):
            read(cell)
    cells.moment(cell, ZONE, month_first=True)
    cells.flag(cell, "d", "a")
    assert cells.line(cell).isprintable()
    cells.key(cell)
