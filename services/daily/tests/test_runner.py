"""Steps run once a day, each by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.daily import Outcome, Report, Step, StepFailed, run

TODAY = dt.date(2026, 11, 24)


class Memory:
    """A record that forgets when the process does."""

    def __init__(self) -> None:
        self.ended: dict[tuple[dt.date, str], Report] = {}
        self.begun: list[tuple[dt.date, str]] = []

    def done(self, day: dt.date, step: str) -> str | None:
        report = self.ended.get((day, step))
        return report.detail if report and report.outcome is Outcome.DONE else None

    def begin(self, day: dt.date, step: str) -> None:
        self.begun.append((day, step))

    def end(self, day: dt.date, report: Report) -> None:
        self.ended[day, report.step] = report


def failing(*errors: BaseException | None):
    """Return an act that raises each of the errors in turn; None succeeds."""
    left = list(errors)

    def act() -> str:
        error = left.pop(0)
        if error is not None:
            raise error
        return "well"

    return act


def outcomes(reports: list[Report]) -> list[str]:
    return [report.outcome.value for report in reports]


def test_a_step_runs_once_a_day_and_again_on_the_next():
    record, step = Memory(), Step("once", failing(None, None))
    assert outcomes(run([step], record, day=TODAY)) == ["done"]
    assert run([step], record, day=TODAY) == [Report("once", Outcome.BEFORE, 0.0, "well")]
    assert outcomes(run([step], record, day=TODAY + dt.timedelta(days=1))) == ["done"]


def test_what_is_done_runs_again_when_told_so():
    record, step = Memory(), Step("once", failing(None, None))
    run([step], record, day=TODAY)
    assert outcomes(run([step], record, day=TODAY, again=True)) == ["done"]


def test_a_failed_step_keeps_no_other_from_running_and_is_tried_again():
    record = Memory()
    steps = [Step("first", failing(StepFailed("three faults"), None)), Step("second", failing(None))]
    reports = run(steps, record, day=TODAY)
    assert outcomes(reports) == ["failed", "done"]
    assert reports[0].detail == "three faults"
    assert outcomes(run(steps, record, day=TODAY)) == ["done", "before"]


def test_an_error_that_nobody_foresaw_is_a_failure_with_its_name():
    (report,) = run([Step("broken", failing(ZeroDivisionError("by nothing")))], Memory(), day=TODAY)
    assert (report.outcome, report.detail) == (Outcome.FAILED, "ZeroDivisionError: by nothing")


def test_a_step_that_is_killed_leaves_the_rest_to_the_next_call():
    record = Memory()
    steps = [
        Step("first", failing(None)), Step("killed", failing(KeyboardInterrupt(), None)), Step("last", failing(None)),
    ]
    with pytest.raises(KeyboardInterrupt):
        run(steps, record, day=TODAY)
    assert outcomes(run(steps, record, day=TODAY)) == ["before", "done", "done"]


def test_each_report_is_told_as_its_step_ends():
    told: list[str] = []
    steps = [Step("first", failing(None)), Step("second", lambda: f"after {told}")]
    reports = run(steps, Memory(), day=TODAY, tell=lambda report: told.append(report.step))
    assert reports[1].detail == "after ['first']"


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=4), min_size=1, max_size=4))
def test_however_often_it_is_called_each_step_succeeds_once(fates: list[list[bool]]):
    """Each fate: whether the step fails at its first, second, ... attempt; then it succeeds."""
    successes = [0] * len(fates)

    def acting(index: int):
        def act() -> str:
            if fates[index] and fates[index].pop(0):
                raise StepFailed
            successes[index] += 1
            return ""

        return act

    record, steps = Memory(), [Step(str(index), acting(index)) for index in range(len(fates))]
    for _call in range(6):
        last = run(steps, record, day=TODAY)
    assert successes == [1] * len(fates)
    assert {report.outcome for report in last} == {Outcome.BEFORE}
