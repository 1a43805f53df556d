"""A template of a sale with IVA, and what recurs by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.accounts.models import Account


@pytest.fixture
def body(chart: dict[str, Account]) -> dict[str, Any]:
    """The body of a template whose lines are formulas of the total."""
    return {
        "name": "Abono mensual", "legend": "Abono de {mes} de {año}",
        "lines": [
            {"acc_id": chart["caja"].pk, "side": "debit", "formula": "base"},
            {"acc_id": chart["ventas"].pk, "side": "credit", "formula": "base / 1,21", "rounding": True},
            {"acc_id": chart["iva"].pk, "side": "credit", "formula": "base / 1,21 * 21%"},
        ],
    }


@pytest.fixture
def template(teacher_api: APIClient, body: dict[str, Any]) -> dict[str, Any]:
    """The template, as answered."""
    answer = teacher_api.post("/api/templates/", body)
    assert answer.status_code == 201, answer.json()
    return answer.json()


@pytest.fixture
def recur(teacher_api: APIClient, template: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Let the template recur: `recur(day=31, start="2026-01-01")`."""

    def run(**fields: Any) -> dict[str, Any]:
        sent = {"template": template["template_id"], "frequency": "monthly", "start": "2026-01-01", "base": 12100}
        answer = teacher_api.post("/api/recurring/", {**sent, **fields})
        assert answer.status_code == 201, answer.json()
        return answer.json()

    return run
