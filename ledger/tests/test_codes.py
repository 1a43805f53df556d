"""Which heading an account's code falls under."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.codes import extends, heading_of

parts = st.lists(st.text("0123456789", min_size=1, max_size=3), min_size=1, max_size=5)
codes = parts.map(".".join)


@pytest.mark.parametrize("code, heading, falls_under", [
    ("11101", "111", True), ("11101", "1.1.1", True), ("1.1.1.01", "111", True), ("1.1.1.01", "1.1", True),
    ("1.10", "1.1", False), ("11.05", "1", True), ("111", "111", False), ("1.1", "11", False), ("21101", "1", False),
])
def test_a_code_falls_under_a_heading_that_ends_where_one_of_its_parts_does(code, heading, falls_under):
    assert extends(code, heading) is falls_under


@given(parts, st.integers(1, 4))
def test_a_dotted_code_falls_under_each_of_its_own_beginnings(pieces, cut):
    beginning = ".".join(pieces[:cut])
    assert extends(".".join(pieces), beginning) is (cut < len(pieces))


@given(codes, st.lists(codes, max_size=20))
def test_the_heading_is_the_longest_that_the_code_extends(code, headings):
    found = heading_of(code, headings)
    above = [heading for heading in headings if extends(code, heading)]
    if found is None:
        assert above == []
    else:
        assert found in above
        assert len(found.replace(".", "")) == max(len(heading.replace(".", "")) for heading in above)


@given(codes, codes)
def test_no_two_codes_fall_under_each_other(one, other):
    assert not (extends(one, other) and extends(other, one))
