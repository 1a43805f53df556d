"""What the drivers carry out."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Protocol

from services.llm_gateway.steps import Step


class Job(Protocol):
    """What a driver carries out: a call, or a check of health."""

    completion: Any
    used_tokens: int
    used_micros: int

    def run(self) -> Generator[Step, Any, Any]:
        """Return the completion."""
