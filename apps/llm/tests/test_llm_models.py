"""Reserving and settling: exact, for the day, and against calls at once, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.llm import actions
from apps.llm.budget import DatabaseBudget
from apps.llm.errors import AllowanceUsedUp
from apps.llm.models import LlmReservation, LlmUsage
from services.llm_gateway import BudgetExceeded
from services.llm_gateway.gateway import get_gateway


@pytest.fixture
def budget(settings):
    """A thousand tokens and ten cents a day."""
    settings.LLM_TOKENS_PER_USER_DAY = 1000
    settings.LLM_CENTS_PER_USER_DAY = 10
    return DatabaseBudget()


def reserve(budget, user, tokens=400, cost_micros=0):
    return budget.reserve(str(user.pk), tokens=tokens, cost_micros=cost_micros)


def used(user):
    return LlmUsage.objects.get(user=user)


def test_what_was_used_takes_the_place_of_what_was_reserved(budget, student):
    reservation = reserve(budget, student, tokens=400, cost_micros=500)
    budget.settle(reservation, tokens=120, cost_micros=80)

    assert (used(student).tokens, used(student).cost_micros, used(student).calls) == (120, 80, 1)
    assert not LlmReservation.objects.exists()


@pytest.mark.parametrize(("tokens", "cost_micros"), [(201, 0), (1, 20_001)])
def test_more_than_is_left_is_refused_and_changes_nothing(budget, student, tokens, cost_micros):
    budget.settle(reserve(budget, student), tokens=400, cost_micros=80_000)
    reserve(budget, student, tokens=400)

    with pytest.raises(BudgetExceeded):
        reserve(budget, student, tokens=tokens, cost_micros=cost_micros)

    assert LlmReservation.objects.count() == 1
    reserve(budget, student, tokens=200, cost_micros=20_000)


def test_every_user_has_a_day_of_their_own(budget, student, classmate, monkeypatch):
    reserve(budget, student, tokens=1000)
    reserve(budget, classmate, tokens=1000)
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_args: tomorrow)

    reserve(budget, student, tokens=1000)

    assert LlmUsage.objects.filter(user=student).count() == 2


def test_a_call_that_ends_after_midnight_counts_for_the_day_it_began(budget, student, monkeypatch):
    reservation = reserve(budget, student)
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_args: tomorrow)

    budget.settle(reservation, tokens=7, cost_micros=0)

    assert used(student).tokens == 7


def test_a_reservation_of_a_process_that_died_is_forgotten(budget, student):
    lost = reserve(budget, student, tokens=1000)
    LlmReservation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    found = reserve(budget, student, tokens=1000)
    budget.settle(found, tokens=1, cost_micros=0)
    budget.settle(lost, tokens=5, cost_micros=0)  # it had not died after all

    assert used(student).tokens == 6


def test_zero_is_no_limit(budget, student, settings):
    settings.LLM_TOKENS_PER_USER_DAY = settings.LLM_CENTS_PER_USER_DAY = 0

    reserve(budget, student, tokens=10**9, cost_micros=10**12)

    assert LlmReservation.objects.count() == 1


def test_the_refusal_has_words_for_the_user(budget, student):
    with pytest.raises(AllowanceUsedUp) as raised:
        actions.reserve(user_id=student.pk, tokens=1001, cost_micros=0)

    assert (raised.value.code, bool(str(raised.value.message))) == ("llm_allowance_used_up", True)


def test_django_gives_the_processs_gateway_this_budget(db):
    get_gateway().shutdown()

    assert isinstance(get_gateway()._budget, DatabaseBudget)


def test_calls_at_once_cannot_reserve_more_than_there_is(budget, at_once, make_user):
    user = make_user("a@example.com", rol=2)

    def call() -> LlmReservation | None:
        try:
            return reserve(budget, user, tokens=300)
        except BudgetExceeded:
            return None

    reservations = [made for made in at_once([call] * 10) if made]
    assert len(reservations) == 3

    at_once([lambda made=made: budget.settle(made, tokens=250, cost_micros=1) for made in reservations])

    assert (used(user).tokens, used(user).calls, used(user).cost_micros) == (750, 3, 3)
    assert not LlmReservation.objects.exists()
