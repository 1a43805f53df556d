"""When something recurs."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ledger.rules import DATE_MAX

EVERY_MAX = 12


class Frequency(StrEnum):
    """How often."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every so many weeks from `start`, or every so many months or years from its month on, on `day`.

    A month that has no such day has it on its last one: 31 is always the last. Weeks take the weekday
    of `start`. Nothing is due before `start` nor after `end`.
    """

    frequency: Frequency
    every: int
    day: int
    start: dt.date
    end: dt.date | None = None

    def due_from(self, first: dt.date) -> Iterator[dt.date]:
        """Yield the due dates from `first` on, in order, to the end or to the last date of any books."""
        last = min(self.end or DATE_MAX, DATE_MAX)
        number = self._number_before(first)
        while (due := self._due(number)) is not None and due <= last:
            if due >= max(first, self.start):
                yield due
            number += 1

    def next_after(self, day: dt.date) -> dt.date | None:
        """Return the first due date after `day`; None where there is none."""
        return next(self.due_from(day + dt.timedelta(days=1)), None)

    def _number_before(self, first: dt.date) -> int:
        """Return the number of a due date not after the first one wanted."""
        if self.frequency == Frequency.WEEKLY:
            passed = (first - self.start).days // (7 * self.every)
        else:
            passed = (_months(first) - _months(self.start)) // self._months_each() - 1
        return max(passed, 0)

    def _due(self, number: int) -> dt.date | None:
        """Return the due date with this number from 0, which may come before `start`; None beyond the calendar."""
        if self.frequency == Frequency.WEEKLY:
            return self.start + dt.timedelta(weeks=self.every * number)
        year, month = divmod(_months(self.start) + self._months_each() * number, 12)
        if year > DATE_MAX.year:
            return None
        return dt.date(year, month + 1, min(self.day, calendar.monthrange(year, month + 1)[1]))

    def _months_each(self) -> int:
        return self.every * (12 if self.frequency == Frequency.YEARLY else 1)


def _months(day: dt.date) -> int:
    return day.year * 12 + day.month - 1
