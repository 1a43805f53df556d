"""The ledger against a plain model of it, over any sequence of actions and attacks."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.effort import MACHINE_EXAMPLES, MACHINE_STEPS, PROVING
from tests.faults.machine import BooksMachine

EFFORT = settings(
    max_examples=MACHINE_EXAMPLES,
    stateful_step_count=MACHINE_STEPS,
    deadline=None,
    # The suite is the same for everybody, and fails fast; the long proof looks elsewhere each time.
    derandomize=not PROVING,
    phases=list(Phase) if PROVING else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.django_db
def test_the_books_do_what_the_model_says_under_any_sequence():
    run_state_machine_as_test(BooksMachine, settings=EFFORT)
