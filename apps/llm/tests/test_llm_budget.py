"""What a call to a model does to the database while it waits."""

from __future__ import annotations

import pytest
from django.db import connection

from apps.llm.budget import DatabaseBudget
from apps.llm.models import LlmReservation, LlmUsage


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_a_model_holds_no_connection_of_the_pool(teacher):
    budget = DatabaseBudget()
    reservation = budget.reserve(str(teacher.pk), tokens=100, cost_micros=5)
    if connection.vendor == "postgresql":
        assert connection.connection is None
    else:
        assert connection.connection is not None  # a file of one's own: nobody waits for it
    budget.settle(reservation, tokens=40, cost_micros=2)
    assert (LlmUsage.objects.get().tokens, LlmReservation.objects.count()) == (40, 0)
