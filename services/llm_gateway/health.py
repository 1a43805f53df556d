"""Asking a provider for its list of models: free, and proof of address and key."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from services.llm_gateway.calls import Prompt, ProviderType
from services.llm_gateway.config import Limits
from services.llm_gateway.errors import Failure
from services.llm_gateway.listening import Hearing
from services.llm_gateway.steps import Step
from services.llm_gateway.targets import Target

HEALTH_S = 5.0


@dataclass(frozen=True, slots=True)
class Health:
    """How a provider answered; `detail` says what is wrong."""

    provider: ProviderType
    ok: bool
    detail: str = ""
    elapsed_ms: int = 0


@dataclass
class HealthCheck:
    """A check as the drivers carry it out; it never raises a Failure."""

    target: Target
    limits: Limits
    completion: Health | None = None
    used_tokens: int = 0
    used_micros: int = 0

    def run(self) -> Generator[Step, Any, Health]:
        """Return the health."""
        began = time.monotonic()
        detail = ""
        try:
            if self.target.engine is not None:
                self.target.engine.check()
            elif self.target.dialect is not None:
                until = began + min(HEALTH_S, self.limits.deadline_s)
                yield from Hearing(Prompt(""), self.limits, until, until).models(self.target.dialect)
        except Failure as failure:
            detail = failure.message
        elapsed_ms = round((time.monotonic() - began) * 1000)
        return Health(self.target.provider, not detail, detail, elapsed_ms)
