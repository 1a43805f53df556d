"""What an error does to the balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.grading.solutions import DEBIT, Chart, Movements

_DEBIT_KINDS = {"activo", "egreso"}


@dataclass(frozen=True, slots=True)
class Effect:
    """By how many centavos each element is overstated (positive) or understated.

    `equity` is patrimonio neto with the result in it, so that assets = liabilities + equity.
    """

    assets: int = 0
    liabilities: int = 0
    equity: int = 0
    result: int = 0

    def __add__(self, other: Effect) -> Effect:
        return Effect(
            self.assets + other.assets, self.liabilities + other.liabilities,
            self.equity + other.equity, self.result + other.result,
        )

    def __bool__(self) -> bool:
        return any((self.assets, self.liabilities, self.equity, self.result))


NO_EFFECT = Effect()


def effect_of(got: Movements, wanted: Movements, chart: Chart) -> Effect:
    """Return by how much the elements are off when `got` stands in the books in place of `wanted`.

    Memorandum accounts, and codes that the chart does not know, are in no element.
    """
    off: dict[str, int] = {}
    for sign, moved in ((1, got), (-1, wanted)):
        for (code, side), amount in moved.items():
            card = chart.get(code)
            if card is not None:
                increases = (side == DEBIT) == (card.kind in _DEBIT_KINDS)
                off[card.kind] = off.get(card.kind, 0) + sign * (amount if increases else -amount)
    return _effect(off)


def _effect(off: Mapping[str, int]) -> Effect:
    result = off.get("ingreso", 0) - off.get("egreso", 0)
    return Effect(off.get("activo", 0), off.get("pasivo", 0), off.get("patrimonio", 0) + result, result)
