"""What planning has at hand: the company, how the old system wrote times, and where findings go."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from apps.transfer.first import cells
from apps.transfer.first.here import Here
from apps.transfer.first.report import Findings
from apps.transfer.first.source import Row


@dataclass(frozen=True)
class Desk:
    """`now` stands in for times that cannot be read; `month_first` is how the old system wrote dates."""

    here: Here
    findings: Findings
    now: dt.datetime
    month_first: bool

    def time(self, row: Row, column: str) -> dt.datetime:
        """Return a time of a row; a blank one is not worth a note."""
        cell = row.cells.get(column)
        found = cells.moment(cell, self.now.tzinfo or dt.UTC, month_first=self.month_first)
        if found is not None:
            return found
        if cell not in {None, ""}:
            self.findings.note(row, "time_unreadable", value=cell)
        return self.now
