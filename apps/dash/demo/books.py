"""What the demo company records, and the running balances that its next steps depend on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from apps.dash.demo.accounts import Acc

Amounts = Iterable[tuple[Acc, int]]


class Area(StrEnum):
    """Which desk records a transaction."""

    SALES = "ventas"
    PURCHASES = "compras"
    TREASURY = "tesorería"
    EXPENSES = "gastos"
    PAYROLL = "sueldos"
    TAXES = "impuestos"
    ASSETS = "bienes de uso y préstamos"
    CLOSING = "apertura y cierre"


@dataclass(frozen=True, slots=True)
class JournalLine:
    """An amount in centavos on one side of an account, by its code."""

    code: str
    debit: int = 0
    credit: int = 0


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One transaction of the journal."""

    date: dt.date
    legend: str
    area: Area
    lines: tuple[JournalLine, ...]


class Books:
    """The journal so far and each account's balance (debits less credits, in centavos)."""

    def __init__(self) -> None:
        self.entries: list[JournalEntry] = []
        self._balances: defaultdict[str, int] = defaultdict(int)

    def record(self, area: Area, day: dt.date, legend: str, *, debits: Amounts, credits: Amounts) -> None:  # noqa: A002
        """Append a transaction; amounts of zero are left out.

        Raises ValueError when it does not balance, has a negative amount or comes before the last.
        """
        lines = (
            *(JournalLine(code, debit=amount) for code, amount in debits if amount),
            *(JournalLine(code, credit=amount) for code, amount in credits if amount),
        )
        moved = [line.debit - line.credit for line in lines]
        if sum(moved) or len(lines) < 2 or any(min(line.debit, line.credit) < 0 for line in lines):
            raise ValueError(f"{day} {legend}: {lines}")
        if self.entries and day < self.entries[-1].date:
            raise ValueError(f"{day} {legend} comes before {self.entries[-1].date}")
        self.entries.append(JournalEntry(day, legend, area, lines))
        for line, amount in zip(lines, moved, strict=True):
            self._balances[line.code] += amount

    def balance(self, code: Acc) -> int:
        """Return debits less credits."""
        return self._balances[code]

    def owed(self, code: Acc) -> int:
        """Return credits less debits."""
        return -self._balances[code]

    def balances(self) -> dict[str, int]:
        """Return every balance that is not zero, in the order of the codes."""
        return {code: amount for code, amount in sorted(self._balances.items()) if amount}

    def moved(self, code: Acc, *, month: dt.date) -> tuple[int, int]:
        """Return the debits and the credits of an account in the month of a day, the last one recorded."""
        debited = credited = 0
        for entry in reversed(self.entries):
            if (entry.date.year, entry.date.month) != (month.year, month.month):
                break
            for line in entry.lines:
                if line.code == code:
                    debited, credited = debited + line.debit, credited + line.credit
        return debited, credited
