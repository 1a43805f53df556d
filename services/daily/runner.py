"""Running steps in order, each once a day however often they are called for.

One that fails does not keep the others from running, and is tried again by the next call; so is one
whose process was killed. That no two runs are at work at once is seen to by the caller.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

logger = logging.getLogger(__name__)

DETAIL_MAX = 2_000


class Outcome(StrEnum):
    """What became of a step."""

    DONE = "done"
    FAILED = "failed"
    BEFORE = "before"  # done by an earlier call of the same day


class StepFailed(Exception):
    """The step ran, and found something that people must look at; the text says what."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: `act` returns what it did, in a sentence. It must be safe to run again."""

    name: str
    act: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a step on a day; `seconds` is 0 where it was done before."""

    step: str
    outcome: Outcome
    seconds: float
    detail: str


class Record(Protocol):
    """What remembers, over calls and processes, which steps are done."""

    def done(self, day: dt.date, step: str) -> str | None:
        """Return the detail of a step that is done on the day, else None."""

    def begin(self, day: dt.date, step: str) -> None:
        """Remember that the step begins."""

    def end(self, day: dt.date, report: Report) -> None:
        """Remember what became of the step."""


def run(
    steps: Iterable[Step], record: Record, *, day: dt.date, again: bool = False,
    tell: Callable[[Report], None] = lambda _report: None,
) -> list[Report]:
    """Run what is not done on `day` yet, in order; return a report of each step, told as it ends.

    `again` runs also what is done. A step that raises anything but an order to stop is a failed one;
    an order to stop (KeyboardInterrupt, SystemExit) leaves it to the next call.
    """
    reports = []
    for step in steps:
        report = _report(step, record, day=day, again=again)
        tell(report)
        reports.append(report)
    return reports


def _report(step: Step, record: Record, *, day: dt.date, again: bool) -> Report:
    before = None if again else record.done(day, step.name)
    if before is not None:
        return Report(step.name, Outcome.BEFORE, 0.0, before)
    record.begin(day, step.name)
    started = time.monotonic()
    outcome, detail = _attempt(step)
    report = Report(step.name, outcome, time.monotonic() - started, detail[:DETAIL_MAX])
    record.end(day, report)
    return report


def _attempt(step: Step) -> tuple[Outcome, str]:
    try:
        return Outcome.DONE, step.act()
    except StepFailed as failure:
        return Outcome.FAILED, str(failure)
    except Exception as error:
        logger.error("daily.step_failed", exc_info=error, extra={"step": step.name})
        return Outcome.FAILED, f"{type(error).__name__}: {error}"
