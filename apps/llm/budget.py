"""The gateway's budget, kept in the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async

from apps.common.db import give_back_connection
from apps.llm import actions
from apps.llm.errors import AllowanceUsedUp
from apps.llm.models import LlmReservation
from services.llm_gateway import BudgetExceeded


class DatabaseBudget:
    """What the gateway asks of a host (services.llm_gateway.budget.Budget); `user` is a user's number."""

    def reserve(self, user: str, *, tokens: int, cost_micros: int) -> LlmReservation:
        """Set aside the most a call may use; raise the gateway's own BudgetExceeded.

        The connection goes back to the pool: what comes next is waiting for a model, perhaps for a minute,
        and sixteen who wait would keep everybody else from the books.
        """
        try:
            return actions.reserve(user_id=int(user), tokens=tokens, cost_micros=cost_micros)
        except AllowanceUsedUp as error:
            raise BudgetExceeded(str(error.message)) from None
        finally:
            give_back_connection()

    def settle(self, reservation: LlmReservation, *, tokens: int, cost_micros: int) -> None:
        """Replace what was set aside by what was used."""
        actions.settle(reservation=reservation, tokens=tokens, cost_micros=cost_micros)


async def in_the_requests_thread(work: Callable[[], Any]) -> Any:
    """Run what touches the database where Django keeps the request's connection."""
    return await sync_to_async(work, thread_sensitive=True)()
