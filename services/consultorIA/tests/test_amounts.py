from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.consultorIA.amounts import Bounds, find, read
from services.consultorIA.text import fold


@pytest.mark.parametrize(
    ("text", "pesos"),
    [
        ("1,5 millones", "1500000"),
        ("1.234,56", "1234.56"),
        ("2 lucas", "2000"),
        ("300 mil", "300000"),
        ("medio palo", "500000"),
        ("un millon y medio", "1500000"),
        ("$ 5000", "5000"),
        ("10.000 pesos", "10000"),
        ("dos millones", "2000000"),
        ("25k", "25000"),
    ],
)
def test_amounts_read_as_argentines_write_them(text: str, pesos: str) -> None:
    assert read(fold(text)) == Decimal(pesos)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("de más de 1,5 millones", Bounds(low=Decimal(1500000), strict=True)),
        ("entre 100 y 150 mil", Bounds(Decimal(100000), Decimal(150000))),
        ("menos de 10.000 pesos", Bounds(high=Decimal(10000), strict=True)),
        ("al menos $ 1000", Bounds(low=Decimal(1000))),
        ("de 500 pesos o más", Bounds(low=Decimal(500))),
        ("de 300 mil", Bounds(Decimal(300000), Decimal(300000))),
    ],
)
def test_what_is_asked_of_an_amount(text: str, bounds: Bounds) -> None:
    assert find(fold(text)).bounds == (bounds,)


@pytest.mark.parametrize("text", ["más de 3 renglones", "top 5", "los 3 asientos", "el 5 de mayo", "quincena"])
def test_counts_and_days_are_no_amounts(text: str) -> None:
    assert find(fold(text)).bounds == ()


@given(st.decimals(0, 10**9, places=2, allow_nan=False, allow_infinity=False))
def test_what_we_write_we_read(amount: Decimal) -> None:
    from services.consultorIA.wording import money

    assert read(fold(money(amount))) == amount
