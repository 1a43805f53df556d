"""What the tests of this room start from."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from apps.accounts.actions import load_default_chart
from apps.accounts.models import Account
from apps.companies.models import Company


@pytest.fixture
def plan(company: Company) -> dict[str, Account]:
    """The default chart in the default company, by code."""
    load_default_chart(company, acting_user=None)
    return {account.code: account for account in Account.objects.filter(company=company)}


@pytest.fixture
def move(teacher_api: APIClient, plan: dict[str, Account]) -> Callable[..., int]:
    """Record a transaction: `move("11101", "41101", 100)` debits the first and credits the second."""

    def post(debited: str, credited: str, amount: int, date: str = "2026-03-02") -> int:
        entries = [
            {"acc_id": plan[debited].pk, "debit": amount},
            {"acc_id": plan[credited].pk, "credit": amount},
        ]
        answer = teacher_api.post("/api/trans/", {"date": date, "entries": entries})
        assert answer.status_code == 201, answer.json()
        return answer.json()["trans_id"]

    return post
