"""A user's means: reserved before a call, settled after it, also when only part of it came."""

from __future__ import annotations

import logging
from typing import Any, Protocol

logger = logging.getLogger("llm_gateway")


class Budget(Protocol):
    """What a host keeps per user and day; a library alone has none.

    A reservation is whatever `reserve` returns; the gateway hands it back to `settle` exactly once,
    whatever happens to the call.
    """

    def reserve(self, user: str, *, tokens: int, cost_micros: int) -> Any:
        """Set aside the most a call may use, at once and against all others.

        Raises BudgetExceeded when that is not there. `cost_micros` are millionths of a USD.
        """

    def settle(self, reservation: Any, *, tokens: int, cost_micros: int) -> None:
        """Replace what was set aside by what was used."""


class Purse:
    """The budget of one call; without a budget or a user it pays for everything."""

    def __init__(self, budget: Budget | None = None, user: str = "", *, tokens: int = 0, cost_micros: int = 0) -> None:
        self._budget = budget if user else None
        self._user = user
        self._tokens = tokens
        self._cost_micros = cost_micros
        self._reservation: Any = None

    def open(self) -> None:
        """Reserve."""
        if self._budget is not None:
            self._reservation = self._budget.reserve(self._user, tokens=self._tokens, cost_micros=self._cost_micros)

    def close(self, *, tokens: int, cost_micros: int) -> None:
        """Settle; a fault of the books is logged, for the answer is there and paid."""
        budget, self._budget = self._budget, None
        if budget is None:
            return
        try:
            budget.settle(self._reservation, tokens=tokens, cost_micros=cost_micros)
        except Exception:
            logger.exception("llm.settle_failed")
