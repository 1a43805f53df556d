"""What the drivers carry out, and how far it has got."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Protocol

from services.llm_gateway.errors import GatewayError
from services.llm_gateway.steps import Step


class Job(Protocol):
    """What a driver carries out: a call, or a check of health."""

    completion: Any
    used_tokens: int
    used_micros: int

    def run(self) -> Generator[Step, Any, Any]:
        """Return the completion."""


class Progress:
    """A job under way: gives its next step, hears what came of the last one."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._steps = job.run()
        self._reply: Any = None
        self._error: GatewayError | None = None

    def next(self) -> Step | None:
        """Return the next step; None when the job is complete. Raise what the job ends with."""
        try:
            if self._error is not None:
                return self._steps.throw(self._error)
            return self._steps.send(self._reply)
        except StopIteration as stop:
            self._job.completion = stop.value
            return None

    def hear(self, reply: Any, error: GatewayError | None) -> None:
        """Take note of what came of the step."""
        self._reply, self._error = reply, error

    def close(self) -> None:
        """End the job wherever it is."""
        self._steps.close()
