"""The entries of the end of a fiscal year. Amounts are centavos; a net is debe - haber."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ledger.entries import Line

Nets = Mapping[int, int]  # by account


class IndexMissing(ValueError):
    """The table of indices has no value for these months, given by their first days."""

    def __init__(self, months: Sequence[dt.date]) -> None:
        self.months = tuple(months)
        super().__init__(", ".join(f"{month:%Y-%m}" for month in months))


def close_results(results: Nets, result_account: int) -> list[Line]:
    """Return the refundición: each income and expense to 0, their result to the equity.

    Empty where all are 0.
    """
    return _against(results, result_account)


def close_books(balances: Nets) -> list[Line]:
    """Return the cierre: each account to 0. The results must be closed before, else it does not balance."""
    return [_line(account, -net) for account, net in balances.items() if net]


def open_books(closing: Iterable[Line]) -> list[Line]:
    """Return the apertura, which undoes a cierre."""
    return [line.mirrored() for line in closing]


def cost_of_sales(
    purchases: Nets, stock: int, final_stock: int, *, stock_account: int, cost_account: int
) -> list[Line]:
    """Return the cost by difference of inventory: purchases to 0, the stock to what was counted, the rest to cost.

    Empty where it has been done.
    """
    return _against({**purchases, stock_account: stock - final_stock}, cost_account)


# --- Adjustment for inflation ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Movement:
    """What a non-monetary account moved in the month (by its first day) in whose money it stands."""

    account: int
    origin: dt.date
    net: int


@dataclass(frozen=True, slots=True)
class Restated:
    """A movement in the money of the closing month."""

    movement: Movement
    coefficient: Fraction
    net: int

    @property
    def difference(self) -> int:
        """What the adjustment adds to it."""
        return self.net - self.movement.net


def restate(
    movements: Iterable[Movement], indices: Mapping[dt.date, Fraction], closing: dt.date
) -> list[Restated]:
    """Return the movements by the index of the closing month over that of their own.

    Each is rounded to the centavo, half away from zero. Raises IndexMissing.
    """
    moved = [movement for movement in movements if movement.net]
    missing = {movement.origin for movement in moved} | ({closing} if moved else set())
    if lacking := sorted(missing - indices.keys()):
        raise IndexMissing(lacking)
    found = []
    for movement in moved:
        coefficient = indices[closing] / indices[movement.origin]
        found.append(Restated(movement, coefficient, _rounded(movement.net * coefficient)))
    return found


def adjust(restated: Iterable[Restated], recpam_account: int, instead: Mapping[int, int]) -> list[Line]:
    """Return the adjustment for inflation: each account by its difference, their sum to RECPAM.

    `instead` names the account that takes the difference of another: Ajuste de capital that of Capital.
    """
    differences: dict[int, int] = {}
    for row in restated:
        account = instead.get(row.movement.account, row.movement.account)
        differences[account] = differences.get(account, 0) + row.difference
    return _against({account: -difference for account, difference in differences.items()}, recpam_account)


def _against(nets: Nets, balancing: int) -> list[Line]:
    """Return lines that take the nets to 0, the sum of them on the balancing account."""
    lines = [_line(account, -net) for account, net in nets.items() if net]
    total = sum(nets.values())
    return [*lines, _line(balancing, total)] if total else lines


def _line(account: int, net: int) -> Line:
    return Line(account, debit=max(net, 0), credit=max(-net, 0))


def _rounded(amount: Fraction) -> int:
    sign = -1 if amount < 0 else 1
    return sign * ((2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator))
