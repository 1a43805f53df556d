"""What is expected of an exercise and what is handed in, as plain data. Amounts are centavos."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Bounds by which grading ends within a second or so, whatever is handed in.
ENTRIES_MAX = 30  # expected asientos in a solution
ALTERNATIVES_MAX = 20  # accepted for each
SOLUTIONS_MAX = 10
SOLUTION_LINES_MAX = 500  # in all solutions and alternatives together
POINTS_MAX = 1000  # for an asiento
TOLERANCE_MAX = 10_000_00
HANDED_IN_ENTRIES_MAX = 200
HANDED_IN_LINES_MAX = 1000

DEBIT, CREDIT = "debit", "credit"
OTHER_SIDE = {DEBIT: CREDIT, CREDIT: DEBIT}

Place = tuple[str, str]  # code of an account and side
Movements = Mapping[Place, int]


@dataclass(frozen=True, slots=True)
class CodedLine:
    """A line whose account is named by its code: solutions serve every company of the same plan."""

    code: str
    debit: int = 0
    credit: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """What grading knows of an account: its name, element, heading, and whether it carries IVA."""

    name: str
    kind: str
    rubro: str = ""
    vat: bool = False


Chart = Mapping[str, Card]


@dataclass(frozen=True, slots=True)
class Dates:
    """The days, both included, within which an asiento may be dated; None is without end on that side."""

    first: dt.date | None = None
    last: dt.date | None = None

    def admit(self, day: dt.date) -> bool:
        """Return whether `day` is one of them."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One right way to record an asiento; `dates` of its own, else those of the asiento."""

    lines: tuple[CodedLine, ...]
    dates: Dates | None = None


@dataclass(frozen=True, slots=True)
class ExpectedEntry:
    """An asiento that is expected: what it is about, its points, its dates and the ways to record it."""

    label: str
    points: int
    alternatives: tuple[Alternative, ...]
    dates: Dates = Dates()


@dataclass(frozen=True, slots=True)
class Solution:
    """Asientos that together solve the exercise."""

    entries: tuple[ExpectedEntry, ...]

    @property
    def points(self) -> int:
        """What it is worth in all."""
        return sum(entry.points for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Key:
    """The solutions of an exercise, the usual one first, and by how much each amount may be off."""

    solutions: tuple[Solution, ...]
    tolerance: int = 0


@dataclass(frozen=True, slots=True)
class Asiento:
    """A transaction that was handed in; `ref` tells it from the others."""

    ref: int
    date: dt.date
    lines: tuple[CodedLine, ...]


def movements(lines: Iterable[CodedLine]) -> dict[Place, int]:
    """Return what the lines move by account and side: lines on one place count as one."""
    moved: dict[Place, int] = {}
    for line in lines:
        for side, amount in ((DEBIT, line.debit), (CREDIT, line.credit)):
            if amount:
                moved[line.code, side] = moved.get((line.code, side), 0) + amount
    return moved


def together(one: Movements, other: Movements) -> dict[Place, int]:
    """Return what two asientos move in all."""
    moved = dict(one)
    for place, amount in other.items():
        moved[place] = moved.get(place, 0) + amount
    return moved


def equivalent(one: Movements, other: Movements, tolerance: int) -> bool:
    """Return whether both move the same places by the same amounts, within the tolerance."""
    return one.keys() == other.keys() and all(abs(amount - other[place]) <= tolerance for place, amount in one.items())
