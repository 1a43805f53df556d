"""Two asientos recorded as one, and one recorded in two: the books are right, the asientos are not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger.grading.comparing import OTHER_PERIOD, dates_of, period_fault, worth
from ledger.grading.faults import Fault
from ledger.grading.solutions import DEBIT, Asiento, ExpectedEntry, Movements, Solution, equivalent, movements, together

# What remains of the points.
MERGED = 80


@dataclass(frozen=True, slots=True)
class Merger:
    """Expected asientos (by index, with the alternative of each) served by asientos together.

    `joined`: two expected by one; `cut`: one expected by two.
    """

    outcome: str
    entries: tuple[int, ...]
    alternatives: tuple[int, ...]
    asientos: tuple[int, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What may be half of a sum: its own number, the alternative (0 for what was handed in), and what it moves."""

    number: int
    alternative: int
    moved: Movements
    total: int


def merge_worth(entry: ExpectedEntry, merger: Merger) -> int:
    """Return what an expected asiento earns by a merger, in hundredths of points."""
    in_time = all(fault.code != "wrong_period" for fault in merger.faults)
    return worth(entry.points, MERGED, 100, percent=100 if in_time else OTHER_PERIOD)


def find_mergers(
    solution: Solution, entries: Sequence[int], asientos: Sequence[Asiento], loose: Sequence[int], tolerance: int
) -> Iterator[Merger]:
    """Yield the mergers among some expected asientos and some handed in, always in the same order.

    Halves are looked up by their totals, so the time grows with the asientos times a logarithm.
    """
    expected = [
        _part(index, number, movements(alternative.lines))
        for index in entries for number, alternative in enumerate(solution.entries[index].alternatives)
    ]
    handed_in = [_part(column, 0, movements(asientos[column].lines)) for column in loose]
    by_total = sorted(expected, key=_order)
    for whole in handed_in:
        for one, other in _halves(whole, by_total, tolerance):
            yield _joined(solution, one, other, asientos[whole.number], whole.number)
    by_total = sorted(handed_in, key=_order)
    for whole in expected:
        for one, other in _halves(whole, by_total, tolerance):
            yield _cut(solution, whole, asientos, one.number, other.number)


def _part(number: int, alternative: int, moved: Movements) -> _Part:
    return _Part(number, alternative, moved, sum(amount for (_code, side), amount in moved.items() if side == DEBIT))


def _order(part: _Part) -> tuple[int, int, int]:
    return part.total, part.number, part.alternative


def _halves(whole: _Part, by_total: Sequence[_Part], tolerance: int) -> Iterator[tuple[_Part, _Part]]:
    """Yield the pairs of different numbers that together move what `whole` does."""
    inside = [part for part in by_total if part.moved.keys() <= whole.moved.keys()]
    slack = tolerance * len(whole.moved)
    totals = [part.total for part in inside]
    for one in inside:
        low = bisect_left(totals, whole.total - one.total - slack)
        high = bisect_right(totals, whole.total - one.total + slack)
        for other in inside[low:high]:
            if one.number < other.number and equivalent(together(one.moved, other.moved), whole.moved, tolerance):
                yield one, other
                break


def _joined(solution: Solution, one: _Part, other: _Part, asiento: Asiento, column: int) -> Merger:
    labels = {"first": solution.entries[one.number].label, "second": solution.entries[other.number].label}
    faults = [Fault("entries_joined", labels)]
    for part in (one, other):
        dates = dates_of(solution.entries[part.number], part.alternative)
        if not dates.admit(asiento.date):
            faults.append(period_fault(dates, asiento.date))
            break
    return Merger(
        "joined", (one.number, other.number), (one.alternative, other.alternative), (column,), tuple(faults)
    )


def _cut(solution: Solution, whole: _Part, asientos: Sequence[Asiento], one: int, other: int) -> Merger:
    faults = [Fault("entry_cut")]
    dates = dates_of(solution.entries[whole.number], whole.alternative)
    late = next((column for column in (one, other) if not dates.admit(asientos[column].date)), None)
    if late is not None:
        faults.append(period_fault(dates, asientos[late].date))
    return Merger("cut", (whole.number,), (whole.alternative,), (one, other), tuple(faults))
