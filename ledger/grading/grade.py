"""The grade of what was handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger.grading.comparing import Comparison, compare
from ledger.grading.effects import NO_EFFECT, Effect, effect_of
from ledger.grading.faults import Fault
from ledger.grading.matching import assign
from ledger.grading.merging import Merger, find_mergers, merge_worth
from ledger.grading.solutions import Asiento, Chart, Key, Movements, Solution, equivalent, movements

# Hundredths of a mean asiento's points that each asiento too many costs.
SURPLUS_PERCENT = 25


@dataclass(frozen=True, slots=True)
class EntryGrade:
    """What became of one expected asiento.

    `outcome`: right, wrong, missing, joined (recorded together with another) or cut (recorded in
    two). `refs` are the asientos that served for it; `earned` and `points` hundredths of points.
    `effect` is that on the books as a whole, `period_effect` that on the period where it belongs, of an
    asiento that stands in another.
    """

    index: int
    label: str
    outcome: str
    refs: tuple[int, ...]
    alternative: int
    earned: int
    points: int
    faults: tuple[Fault, ...]
    effect: Effect
    period_effect: Effect = NO_EFFECT


@dataclass(frozen=True, slots=True)
class Surplus:
    """An asiento that nobody asked for: `duplicated` when it says again what was expected once."""

    ref: int
    outcome: str
    cost: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade in hundredths of points, 0 to `points`, against solution number `solution`."""

    earned: int
    points: int
    solution: int
    entries: tuple[EntryGrade, ...]
    surplus: tuple[Surplus, ...]
    effect: Effect

    @property
    def is_full(self) -> bool:
        """Whether nothing is wrong."""
        return self.earned == self.points


def grade(handed_in: Sequence[Asiento], key: Key, chart: Chart) -> Grade:
    """Return the grade against the solution that it comes nearest to; the first of equals.

    It depends neither on the order of the asientos nor on that of their lines, is never below zero
    and is full if and only if each expected asiento, and nothing else, was handed in.
    """
    asientos = sorted(handed_in, key=_canonical)
    grades = [_Grading(solution, number, asientos, key.tolerance, chart).run()
              for number, solution in enumerate(key.solutions)]
    return max(grades, key=lambda found: found.earned * 10**6 // max(found.points, 1))


def _canonical(asiento: Asiento) -> tuple[object, ...]:
    return sorted(movements(asiento.lines).items()), asiento.date, asiento.ref


class _Grading:
    """Grades against one solution."""

    def __init__(
        self, solution: Solution, number: int, asientos: Sequence[Asiento], tolerance: int, chart: Chart
    ) -> None:
        self.solution, self.number, self.asientos = solution, number, asientos
        self.tolerance, self.chart = tolerance, chart
        self.moved = [movements(asiento.lines) for asiento in asientos]
        self.cost = max(solution.points * SURPLUS_PERCENT // len(solution.entries), 1)

    def run(self) -> Grade:
        """Return the grade."""
        table = self._comparisons()
        places = self._assigned(table, [])
        mergers = self._mergers(table, places)
        if mergers:
            places = self._assigned(table, mergers)
        entries = [self._entry(index, table, places) for index in range(len(self.solution.entries))]
        for merger in mergers:
            for index in merger.entries:
                entries[index] = self._merged(index, merger)
        surplus = self._surplus(places, mergers)
        whole = self.solution.points * 100
        lost = sum(found.cost for found in surplus)
        effect = sum([*(entry.effect for entry in entries), *(found.effect for found in surplus)], NO_EFFECT)
        earned = max(sum(entry.earned for entry in entries) - lost, 0)
        return Grade(earned, whole, self.number, tuple(entries), surplus, effect)

    def _comparisons(self) -> list[list[Comparison]]:
        """Return every expected asiento against every one handed in; equal ones are compared once."""
        table = []
        for entry in self.solution.entries:
            known: dict[object, Comparison] = {}
            row = []
            for asiento, moved in zip(self.asientos, self.moved, strict=True):
                content = asiento.date, frozenset(moved.items())
                if content not in known:
                    known[content] = compare(entry, asiento, self.chart, self.tolerance)
                row.append(known[content])
            table.append(row)
        return table

    def _assigned(self, table: Sequence[Sequence[Comparison]], mergers: Sequence[Merger]) -> list[int | None]:
        """Return which asiento serves each expected one, those in mergers left out.

        A pair is worth what it earns, and what an asiento too many would cost.
        """
        if not self.asientos:
            return [None] * len(table)
        entries = {index for merger in mergers for index in merger.entries}
        taken = {column for merger in mergers for column in merger.asientos}
        worth = [
            [
                0 if row in entries or column in taken or not found.earned else found.earned + self.cost
                for column, found in enumerate(comparisons)
            ]
            for row, comparisons in enumerate(table)
        ]
        return assign(worth)

    def _mergers(self, table: Sequence[Sequence[Comparison]], places: Sequence[int | None]) -> list[Merger]:
        """Return the asientos that were joined or cut, among those not right, where that earns more."""
        wrong = [
            index for index, column in enumerate(places)
            if column is None or table[index][column].faults
        ]
        right = {column for index, column in enumerate(places) if index not in wrong}
        loose = [column for column in range(len(self.asientos)) if column not in right]
        found: list[Merger] = []
        for merger in find_mergers(self.solution, wrong, self.asientos, loose, self.tolerance):
            used = {place for known in found for place in known.entries}
            spent = {place for known in found for place in known.asientos}
            if used & set(merger.entries) or spent & set(merger.asientos):
                continue
            if self._gain(merger, table, places) > 0:
                found.append(merger)
        return found

    def _gain(
        self, merger: Merger, table: Sequence[Sequence[Comparison]], places: Sequence[int | None]
    ) -> int:
        """Return what a merger earns more than the assignment without it."""
        now = sum(merge_worth(self.solution.entries[index], merger) for index in merger.entries)
        now += self.cost * len(merger.asientos)
        touched = set(merger.entries) | {
            index for index, column in enumerate(places) if column in merger.asientos
        }
        before = sum(
            table[index][column].earned + self.cost for index in touched if (column := places[index]) is not None
        )
        return now - before

    def _entry(
        self, index: int, table: Sequence[Sequence[Comparison]], places: Sequence[int | None]
    ) -> EntryGrade:
        expected, column = self.solution.entries[index], places[index]
        wanted = movements(expected.alternatives[0].lines)
        blank = EntryGrade(
            index, expected.label, "missing", (), 0, 0, expected.points * 100, (Fault("entry_missing"),),
            effect_of({}, wanted, self.chart),
        )
        if column is None:
            return blank
        found = table[index][column]
        wanted = movements(expected.alternatives[found.alternative].lines)
        return replace(
            blank, outcome="wrong" if found.faults else "right", refs=(self.asientos[column].ref,),
            alternative=found.alternative, earned=found.earned, faults=found.faults,
            # What is within the tolerance is no error.
            effect=effect_of(self.moved[column], wanted, self.chart) if found.faults else NO_EFFECT,
            period_effect=self._period_effect(found.faults, wanted),
        )

    def _merged(self, index: int, merger: Merger) -> EntryGrade:
        expected, number = self.solution.entries[index], merger.alternatives[merger.entries.index(index)]
        return EntryGrade(
            index, expected.label, merger.outcome, tuple(self.asientos[column].ref for column in merger.asientos),
            number, merge_worth(expected, merger), expected.points * 100, merger.faults, NO_EFFECT,
            self._period_effect(merger.faults, movements(expected.alternatives[number].lines)),
        )

    def _period_effect(self, faults: Sequence[Fault], wanted: Movements) -> Effect:
        """Return what the period lacks in which the asiento was to be."""
        is_elsewhere = any(fault.code == "wrong_period" for fault in faults)
        return effect_of({}, wanted, self.chart) if is_elsewhere else NO_EFFECT

    def _surplus(self, places: Sequence[int | None], mergers: Sequence[Merger]) -> tuple[Surplus, ...]:
        used = set(places) | {column for merger in mergers for column in merger.asientos}
        known = [
            movements(alternative.lines)
            for index, entry in enumerate(self.solution.entries) if self._is_served(index, places, mergers)
            for alternative in entry.alternatives
        ]
        return tuple(
            Surplus(
                asiento.ref, "duplicated" if self._is_known(column, known) else "extra", self.cost,
                effect_of(self.moved[column], {}, self.chart),
            )
            for column, asiento in enumerate(self.asientos) if column not in used
        )

    def _is_served(self, index: int, places: Sequence[int | None], mergers: Sequence[Merger]) -> bool:
        return places[index] is not None or any(index in merger.entries for merger in mergers)

    def _is_known(self, column: int, known: Sequence[dict[tuple[str, str], int]]) -> bool:
        again = any(
            equivalent(self.moved[column], self.moved[other], 0)
            for other in range(len(self.asientos)) if other != column
        )
        return again or any(equivalent(self.moved[column], wanted, self.tolerance) for wanted in known)
