"""Money in Argentine writing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.money import pesos


@pytest.mark.parametrize(
    ("minor", "text"),
    [(0, "0,00"), (5, "0,05"), (-5, "-0,05"), (100, "1,00"), (123456789, "1.234.567,89"), (-99999, "-999,99"),
     (-(2**63), "-92.233.720.368.547.758,08")],
)
def test_pesos(minor, text):
    assert pesos(minor) == text


@given(st.integers(-(2**63), 2**63 - 1))
def test_no_centavo_is_lost(minor):
    assert int(pesos(minor).replace(".", "").replace(",", "")) == minor
