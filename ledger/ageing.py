"""How old what is owed is, where only accounts tell it: payments settle the oldest charges first."""

from __future__ import annotations

from collections.abc import Sequence


def by_age(balance: int, charges: Sequence[int]) -> list[int]:
    """Return the parts of a balance by age, one more than `charges`: the last is what is older than all.

    `charges` are what was charged in successive spans back from the day of the balance, in centavos.
    A balance of 0 or less has no age: all parts are 0.
    """
    left, parts = max(balance, 0), []
    for charged in charges:
        part = min(left, max(charged, 0))
        parts.append(part)
        left -= part
    return [*parts, left]
