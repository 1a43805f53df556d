from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.consultorIA.period_grammar import find
from services.consultorIA.periods import MONTHS, Period, shift, span_of
from services.consultorIA.text import fold
from services.consultorIA.unreadable import Unreadable

TODAY = dt.date(2025, 9, 17)  # a Wednesday


def dates(text: str) -> tuple[str, str]:
    (period,) = find(fold(text), TODAY).periods
    return str(period.first or ""), str(period.last or "")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("en marzo", "2025-03-01", "2025-03-31"),
        ("en noviembre", "2024-11-01", "2024-11-30"),
        ("marzo de 2024", "2024-03-01", "2024-03-31"),
        ("agosto del año pasado", "2024-08-01", "2024-08-31"),
        ("segundo trimestre", "2025-04-01", "2025-06-30"),
        ("2° trimestre de 2024", "2024-04-01", "2024-06-30"),
        ("T2 2025", "2025-04-01", "2025-06-30"),
        ("1er semestre", "2025-01-01", "2025-06-30"),
        ("segundo cuatrimestre", "2025-05-01", "2025-08-31"),
        ("primer bimestre", "2025-01-01", "2025-02-28"),
        ("primera quincena de julio", "2025-07-01", "2025-07-15"),
        ("segunda quincena de febrero de 2024", "2024-02-16", "2024-02-29"),
        ("la última semana de agosto", "2025-08-25", "2025-08-31"),
        ("la semana pasada", "2025-09-08", "2025-09-14"),
        ("el año pasado", "2024-01-01", "2024-12-31"),
        ("en lo que va del año", "2025-01-01", "2025-09-17"),
        ("ejercicio 2024", "2024-01-01", "2024-12-31"),
        ("últimos 90 días", "2025-06-20", "2025-09-17"),
        ("últimos tres meses", "2025-06-18", "2025-09-17"),
        ("hoy", "2025-09-17", "2025-09-17"),
        ("ayer", "2025-09-16", "2025-09-16"),
        ("entre el 3/5 y el 10 de junio", "2025-05-03", "2025-06-10"),
        ("del 1 al 15 de marzo", "2025-03-01", "2025-03-15"),
        ("desde abril hasta julio", "2025-04-01", "2025-07-31"),
        ("de noviembre a febrero de 2025", "2024-11-01", "2025-02-28"),
        ("enero, febrero y marzo", "2025-01-01", "2025-03-31"),
        ("desde el 1/1", "2025-01-01", ""),
        ("al cierre de junio", "", "2025-06-30"),
        ("hasta ayer", "", "2025-09-16"),
        ("al 31/03/2025", "", "2025-03-31"),
        ("a fin de 2024", "", "2024-12-31"),
        ("al terminar el primer trimestre", "", "2025-03-31"),
        ("5 de mayo de 2025", "2025-05-05", "2025-05-05"),
        ("2025-03", "2025-03-01", "2025-03-31"),
    ],
)
def test_periods_read_as_argentines_say_them(text: str, first: str, last: str) -> None:
    assert dates(text) == (first, last)


@pytest.mark.parametrize("text", ["al 31/02/2025", "el 30 de febrero", "13/13/2025"])
def test_a_day_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="fecha_inexistente"):
        find(fold(text), TODAY)


@pytest.mark.parametrize("text", ["2000 pesos", "últimos 5 asientos", "$ 2024", "el marzo treceavo lote"])
def test_what_is_no_period_leaves_its_words(text: str) -> None:
    assert len(find(fold(text), TODAY).periods) == (1 if "marzo" in text else 0)


@given(st.sampled_from(range(12)), st.integers(2000, 2050))
def test_a_month_named_with_its_year_is_that_month(index: int, year: int) -> None:
    (period,) = find(f"{MONTHS[index]} de {year}", TODAY).periods
    assert period == span_of(dt.date(year, index + 1, 1), 1)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2080, 1, 1)), st.sampled_from([1, 2, 3, 4, 6, 12]))
def test_the_period_before_touches_its_successor(first: dt.date, months: int) -> None:
    period = span_of(first, months)
    before = period.before()
    assert before.last is not None
    assert before.last + dt.timedelta(days=1) == period.first
    assert before.months == months


@given(st.dates(dt.date(1990, 1, 1), dt.date(2080, 1, 1)), st.integers(-200, 200))
def test_shifting_there_and_back_never_moves_more_than_a_short_month(day: dt.date, months: int) -> None:
    assert abs((shift(shift(day, months), -months) - day).days) <= 3


@given(st.text(max_size=80))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    try:
        found = find(fold(text), TODAY)
    except Unreadable:
        return
    assert all(isinstance(period, Period) for period in found.periods)
