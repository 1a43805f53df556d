"""The ages of a balance are those of the charges that payments, oldest first, have left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledger.ageing import by_age

amounts = st.lists(st.integers(0, 10**12), min_size=4, max_size=4)


@given(amounts, st.integers(0, 4 * 10**12))
def test_payments_settle_the_oldest_charges_first(charged, paid):
    """`charged` from the newest span to the oldest, the last beyond all spans."""
    left, payment = list(charged), paid
    for index in reversed(range(4)):
        settled = min(left[index], payment)
        left[index] -= settled
        payment -= settled
    assert by_age(sum(charged) - paid, charged[:3]) == left


def test_what_is_in_favour_has_no_age():
    assert by_age(-5, [1, 2]) == [0, 0, 0]
