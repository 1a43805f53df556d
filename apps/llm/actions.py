"""Reserving and settling what calls use."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import F, Sum
from django.utils import timezone

from apps.common.db import lock_row, unit_of_work
from apps.llm.errors import AllowanceUsedUp
from apps.llm.models import LlmReservation, LlmUsage

# Beyond any call's deadline; a reservation this old belongs to a process that died.
RESERVED_FOR = timedelta(minutes=15)


@unit_of_work
def reserve(*, user_id: int, tokens: int, cost_micros: int) -> LlmReservation:
    """Set aside the most a call may use of the user's day; AllowanceUsedUp.

    The user's row of the day is locked, so calls at once cannot set aside more than there is.
    """
    today = timezone.localdate()
    usage, _made = LlmUsage.objects.get_or_create(user_id=user_id, day=today)
    usage = lock_row(LlmUsage.objects.filter(pk=usage.pk)).get()
    now = timezone.now()
    usage.reservations.filter(expires_at__lte=now).delete()
    reserved = usage.reservations.aggregate(tokens=Sum("tokens", default=0), cost=Sum("cost_micros", default=0))
    _within(settings.LLM_TOKENS_PER_USER_DAY, usage.tokens + reserved["tokens"] + tokens)
    _within(settings.LLM_CENTS_PER_USER_DAY * 10_000, usage.cost_micros + reserved["cost"] + cost_micros)
    return usage.reservations.create(tokens=tokens, cost_micros=cost_micros, expires_at=now + RESERVED_FOR)


@unit_of_work
def settle(*, reservation: LlmReservation, tokens: int, cost_micros: int) -> None:
    """Put what was used in the place of what was set aside, on the day on which that was."""
    LlmReservation.objects.filter(pk=reservation.pk).delete()
    LlmUsage.objects.filter(pk=reservation.usage_id).update(
        tokens=F("tokens") + tokens, cost_micros=F("cost_micros") + cost_micros, calls=F("calls") + 1
    )


def _within(limit: int, wanted: int) -> None:
    """Raise AllowanceUsedUp above the limit; 0 is no limit."""
    if limit and wanted > limit:
        raise AllowanceUsedUp
