"""Making what was handed in right, for all who do the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ledger.grading.grade import Grade
from ledger.grading.solutions import (
    ALTERNATIVES_MAX,
    ENTRIES_MAX,
    SOLUTIONS_MAX,
    Alternative,
    Asiento,
    Dates,
    ExpectedEntry,
    Key,
    Solution,
)


class NoRoom(ValueError):
    """The key accepts as much as it can hold."""


def accept(key: Key, found: Grade, handed_in: Sequence[Asiento]) -> Key:
    """Return the key by which what was handed in, graded `found`, earns everything.

    Where each asiento serves for one expected, those with errors become alternatives of it; else the
    whole becomes another solution, worth as much. Raises NoRoom.
    """
    solutions = list(key.solutions)
    if all(entry.outcome in {"right", "wrong"} for entry in found.entries) and not found.surplus:
        by_ref = {asiento.ref: asiento for asiento in handed_in}
        solutions[found.solution] = _with_alternatives(solutions[found.solution], found, by_ref)
    else:
        solutions.append(_solution_of(handed_in, solutions[0]))
    if len(solutions) > SOLUTIONS_MAX or any(_is_overfull(solution) for solution in solutions):
        raise NoRoom
    return replace(key, solutions=tuple(solutions))


def _is_overfull(solution: Solution) -> bool:
    return len(solution.entries) > ENTRIES_MAX or any(
        len(entry.alternatives) > ALTERNATIVES_MAX for entry in solution.entries
    )


def _with_alternatives(solution: Solution, found: Grade, handed_in: Mapping[int, Asiento]) -> Solution:
    """Return the solution with what was handed in beside each asiento that it did not meet."""
    entries = list(solution.entries)
    for graded in found.entries:
        if graded.outcome == "wrong":
            entry, asiento = entries[graded.index], handed_in[graded.refs[0]]
            dates = None if entry.dates.admit(asiento.date) else Dates(asiento.date, asiento.date)
            way = Alternative(asiento.lines, dates)
            entries[graded.index] = replace(entry, alternatives=(*entry.alternatives, way))
    return Solution(tuple(entries))


def _solution_of(handed_in: Sequence[Asiento], like: Solution) -> Solution:
    """Return what was handed in as a solution of its own, worth as much, within the same span of dates."""
    span = _span(like)
    return Solution(tuple(
        ExpectedEntry(f"Asiento {number}", share, (Alternative(asiento.lines),), _stretched(span, asiento.date))
        for number, (asiento, share) in enumerate(
            zip(handed_in, _shares(like.points, len(handed_in)), strict=True), start=1
        )
    ))


def _shares(points: int, parts: int) -> list[int]:
    """Return the points in parts as equal as can be, each at least 1; NoRoom for more parts than points."""
    if parts > points:
        raise NoRoom
    return [points * (part + 1) // parts - points * part // parts for part in range(parts)]


def _span(solution: Solution) -> Dates:
    """Return the days from the first to the last that any of the asientos admits."""
    firsts = [entry.dates.first for entry in solution.entries]
    lasts = [entry.dates.last for entry in solution.entries]
    known_firsts, known_lasts = [day for day in firsts if day], [day for day in lasts if day]
    return Dates(
        min(known_firsts) if len(known_firsts) == len(firsts) else None,
        max(known_lasts) if len(known_lasts) == len(lasts) else None,
    )


def _stretched(span: Dates, day: dt.date) -> Dates:
    """Return the span, as much longer as admits `day`."""
    return Dates(
        min(span.first, day) if span.first else None,
        max(span.last, day) if span.last else None,
    )
