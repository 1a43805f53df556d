"""One asiento against one way to record it: line by line, with the error of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ledger.grading.faults import Fact, Fault, amount_fault
from ledger.grading.solutions import OTHER_SIDE, Asiento, Chart, Dates, ExpectedEntry, Movements, Place, movements
from ledger.grading.vat import name_vat

# What a line earns of 100, by how far it is from right.
RIGHT = 100
SAME_RUBRO = 60
VAT_SWAPPED = 50
AMOUNT_WRONG = 40
ACCOUNT_WRONG = 40
SIDE_INVERTED = 25
RUBRO_ALONE = 15
SIDE_AND_AMOUNT = 10
# What a line that nobody asked for costs, and what remains of an asiento of another period.
EXTRA_LINE = 25
OTHER_PERIOD = 80


@dataclass(frozen=True, slots=True)
class Comparison:
    """How near an asiento comes to an alternative: `earned` hundredths of a point, and what is wrong."""

    earned: int
    alternative: int
    faults: tuple[Fault, ...]


def compare(entry: ExpectedEntry, asiento: Asiento, chart: Chart, tolerance: int) -> Comparison:
    """Return the comparison with the alternative that the asiento comes nearest to; the first of equals."""
    moved = movements(asiento.lines)
    found = [
        _against(entry, number, moved, asiento.date, chart=chart, tolerance=tolerance)
        for number in range(len(entry.alternatives))
    ]
    return max(found, key=lambda comparison: comparison.earned)


def dates_of(entry: ExpectedEntry, alternative: int) -> Dates:
    """Return the days that count for an alternative."""
    return entry.alternatives[alternative].dates or entry.dates


def period_fault(dates: Dates, day: dt.date) -> Fault:
    """Return the fault of a date outside the days that count."""
    return Fault("wrong_period", {
        "date": day.isoformat(),
        "first": dates.first.isoformat() if dates.first else "", "last": dates.last.isoformat() if dates.last else "",
    })


def worth(points: int, earned: int, whole: int, *, percent: int = 100) -> int:
    """Return hundredths of points, rounded down: less than all unless all was earned."""
    return points * earned * percent // whole


def _against(
    entry: ExpectedEntry, number: int, moved: Movements, day: dt.date, *, chart: Chart, tolerance: int
) -> Comparison:
    pairing = _Pairing(movements(entry.alternatives[number].lines), moved, chart, tolerance)
    earned = pairing.run()
    faults = name_vat(pairing.faults, pairing.wanted, chart, tolerance)
    if pairing.is_mirror:
        faults = [Fault("entry_inverted")]
    elif (factor := _common_factor(faults, len(pairing.wanted))) is not None:
        faults = [factor]
    dates = dates_of(entry, number)
    in_time = dates.admit(day)
    if not in_time:
        faults.append(period_fault(dates, day))
    whole = RIGHT * len(pairing.wanted)
    points = worth(entry.points, earned, whole, percent=100 if in_time else OTHER_PERIOD)
    return Comparison(points, number, tuple(faults))


def _common_factor(faults: Sequence[Fault], lines: int) -> Fault | None:
    """Return one fault for an asiento whose amounts are all too large, or too small, by the same factor."""
    errors = {(fault.code, fault.facts.get("factor")) for fault in faults}
    if len(faults) != lines or len(errors) != 1:
        return None
    ((code, factor),) = errors
    names = {"amount_times": "entry_times", "amount_divided": "entry_divided"}
    return Fault(names[code], {"factor": factor}) if code in names and factor is not None else None


@dataclass
class _Pairing:
    """Pairs the lines in passes, from the least error to the greatest; each line at most once."""

    wanted: Movements
    got: Movements
    chart: Chart
    tolerance: int
    faults: list[Fault] = field(default_factory=list)
    is_mirror: bool = False

    def run(self) -> int:
        """Return what the lines earn, at least 0; the most is 100 for each wanted one."""
        if EXTRA_LINE * (len(self.got) - len(self.wanted)) >= RIGHT * len(self.wanted):
            return 0  # the lines too many cost all that the others could earn
        # Sorted: what is said must not hang on the order of the lines.
        self.missing, self.extra = dict(sorted(self.wanted.items())), dict(sorted(self.got.items()))
        earned = sum([
            self._same_place(), self._inverted(),
            self._elsewhere("account_in_rubro", SAME_RUBRO, self._are_siblings),
            self._elsewhere("vat_swapped", VAT_SWAPPED, self._both_vat),
            self._elsewhere("account_wrong", ACCOUNT_WRONG, lambda _wanted, _got: True),
            self._in_rubro_alone(),
        ])
        self.is_mirror = not self.missing and not self.extra and all(
            fault.code == "side_inverted" for fault in self.faults
        ) and len(self.faults) == len(self.wanted)
        for (code, side), amount in self.missing.items():
            self.faults.append(Fault("line_missing", {"account": code, "side": side, "wanted": amount}))
        for (code, side), amount in self.extra.items():
            self.faults.append(Fault("line_extra", {"account": code, "side": side, "got": amount}))
        return max(earned - EXTRA_LINE * len(self.extra), 0)

    def _same_place(self) -> int:
        earned = 0
        for place in sorted(self.missing.keys() & self.extra.keys()):
            wanted, got = self._take(place, place)
            if self._agree(wanted, got):
                earned += RIGHT
            else:
                earned += AMOUNT_WRONG
                self.faults.append(amount_fault(*place, wanted, got))
        return earned

    def _inverted(self) -> int:
        earned = 0
        for code, side in sorted(self.missing):
            place, other = (code, side), (code, OTHER_SIDE[side])
            if other not in self.extra:
                continue
            wanted, got = self._take(place, other)
            right = self._agree(wanted, got)
            earned += SIDE_INVERTED if right else SIDE_AND_AMOUNT
            facts: dict[str, Fact] = {"account": code, "side": side, "wanted": wanted, "got": got}
            self.faults.append(Fault("side_inverted" if right else "side_and_amount", facts))
        return earned

    def _elsewhere(self, fault: str, mark: int, fits: Callable[[str, str], bool]) -> int:
        """Pair lines of the same side and amount on accounts that fit."""
        earned = 0
        for place in sorted(self.missing):
            found = self._nearest(place, fits, self.tolerance)
            if found is not None:
                earned += mark
                self._note_account(fault, place, found)
        return earned

    def _in_rubro_alone(self) -> int:
        """Pair what is left of one side and rubro, whatever the amount."""
        earned = 0
        for place in sorted(self.missing):
            found = self._nearest(place, self._are_siblings, None)
            if found is not None:
                earned += RUBRO_ALONE
                self._note_account("account_and_amount", place, found)
        return earned

    def _nearest(self, place: Place, fits: Callable[[str, str], bool], within: int | None) -> Place | None:
        """Return the place of the line left over that comes nearest in amount, on the same side."""
        code, side = place
        wanted = self.missing[place]
        near: Iterable[tuple[int, Place]] = (
            (abs(amount - wanted), other) for other, amount in self.extra.items()
            if other[1] == side and (within is None or abs(amount - wanted) <= within) and fits(code, other[0])
        )
        return min(near, default=(0, None))[1]

    def _note_account(self, fault: str, place: Place, other: Place) -> None:
        wanted, got = self._take(place, other)
        self.faults.append(Fault(fault, {
            "account": place[0], "instead": other[0], "side": place[1], "wanted": wanted, "got": got,
        }))

    def _take(self, place: Place, other: Place) -> tuple[int, int]:
        return self.missing.pop(place), self.extra.pop(other)

    def _agree(self, wanted: int, got: int) -> bool:
        return abs(wanted - got) <= self.tolerance

    def _are_siblings(self, code: str, other: str) -> bool:
        card, found = self.chart.get(code), self.chart.get(other)
        return card is not None and found is not None and bool(card.rubro) and card.rubro == found.rubro

    def _both_vat(self, code: str, other: str) -> bool:
        card, found = self.chart.get(code), self.chart.get(other)
        return card is not None and found is not None and card.vat and found.vat
