"""Patterns of asientos: lines with fixed amounts or formulas of one base amount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.entries import Line
from ledger.formulas import FormulaFault, reckon, round_half_up
from ledger.money import MINOR_MAX

PATTERN_LINES_MAX = 100


@dataclass(frozen=True, slots=True)
class PatternLine:
    """A line to be: `amount` centavos, or else `formula`; `rounding` takes what rounding leaves over."""

    account_id: int
    is_debit: bool
    amount: int | None = None
    formula: str = ""
    rounding: bool = False


class PatternFault(ValueError):
    """A pattern cannot be filled; `code` says why, `line` is the index of the line, `off` centavos of difference."""

    def __init__(self, code: str, line: int | None = None, *, off: int = 0) -> None:
        self.code, self.line, self.off = code, line, off
        super().__init__(code)


def fill(lines: Sequence[PatternLine], base_minor: int | None) -> tuple[Line, ...]:
    """Return the lines in centavos, each formula rounded half up.

    The rounding line takes the difference between the sides as long as rounding can explain it: half
    a centavo for each formula. Raises PatternFault: the codes of FormulaFault, amount_not_positive
    (a line of nothing or less), amount_too_large, unbalanced (with `off`, debits less credits).
    """
    amounts = [_amount(number, line, base_minor) for number, line in enumerate(lines)]
    off = sum(amount if line.is_debit else -amount for line, amount in zip(lines, amounts, strict=True))
    taker = next((number for number, line in enumerate(lines) if line.rounding), None)
    if off and taker is not None and 2 * abs(off) <= sum(bool(line.formula) for line in lines):
        amounts[taker] -= off if lines[taker].is_debit else -off
        off = 0
    if off:
        raise PatternFault("unbalanced", off=off)
    for number, amount in enumerate(amounts):
        if amount <= 0:
            raise PatternFault("amount_not_positive", number)
    return tuple(
        Line(line.account_id, amount if line.is_debit else 0, 0 if line.is_debit else amount)
        for line, amount in zip(lines, amounts, strict=True)
    )


def _amount(number: int, line: PatternLine, base_minor: int | None) -> int:
    if line.amount is not None:
        return line.amount
    try:
        amount = round_half_up(reckon(line.formula, base_minor))
    except FormulaFault as fault:
        raise PatternFault(fault.code, number) from fault
    if abs(amount) > MINOR_MAX:
        raise PatternFault("amount_too_large", number)
    return amount
