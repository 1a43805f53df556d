"""The errors that grading names, and what is likely behind a wrong amount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Fact = int | str
_FACTORS = (10, 100, 1000)


@dataclass(frozen=True, slots=True)
class Fault:
    """One error. `code` names it, `facts` what the sentence about it needs: codes, sides, centavos, ISO dates."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


def amount_fault(code: str, side: str, wanted: int, got: int) -> Fault:
    """Return the fault of a right account on the right side with a wrong amount, with its likely cause."""
    facts: dict[str, Fact] = {"account": code, "side": side, "wanted": wanted, "got": got, "off": got - wanted}
    for factor in _FACTORS:
        if got == wanted * factor:
            return Fault("amount_times", {**facts, "factor": factor})
        if wanted == got * factor:
            return Fault("amount_divided", {**facts, "factor": factor})
    if are_transposed(wanted, got):
        return Fault("amount_transposed", facts)
    return Fault("amount_wrong", facts)


def are_transposed(wanted: int, got: int) -> bool:
    """Return whether one amount is the other with two neighbouring digits changed over.

    Digits are those of the centavos: a change over the decimal comma counts too, and so does a zero
    that came first and is no longer seen.
    """
    one, other = str(wanted), str(got)
    longer = max(len(one), len(other))
    one, other = one.zfill(longer), other.zfill(longer)
    differing = [place for place, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    if len(differing) != 2 or differing[1] != differing[0] + 1:
        return False
    first, second = differing
    return one[first] == other[second] and one[second] == other[first]
