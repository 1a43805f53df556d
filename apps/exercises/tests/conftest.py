"""A class with an exercise, and what the tests of the room write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.accounts.models import Account
from apps.users.models import User

# Of the small chart in the suite's conftest.
CASH, VAT, SALES, COST = "11101", "21301", "41101", "51101"


def lines(**amounts: int) -> list[dict[str, Any]]:
    """`lines(d11101=12100, c41101=12100)`."""
    return [
        {"account": name[1:], "debit" if name[0] == "d" else "credit": amount} for name, amount in amounts.items()
    ]


SALE = lines(d11101=12100, c41101=10000, c21301=2100)


def exercise_body(**fields: Any) -> dict[str, Any]:
    """Return the body of an exercise that asks for one sale."""
    return {
        "title": "Venta al contado", "statement": "Registrá **la venta**.",
        "expected": [{
            "label": "Venta", "points": 10, "date_from": "2026-03-01", "date_to": "2026-03-31",
            "alternatives": [{"lines": SALE}],
        }],
        **fields,
    }


@pytest.fixture
def exercise(teacher_api: APIClient, chart: dict[str, Account]) -> dict[str, Any]:
    """An exercise, as answered."""
    answer = teacher_api.post("/api/exercises/", exercise_body())
    assert answer.status_code == 201, answer.json()
    return answer.json()


@pytest.fixture
def give(teacher_api: APIClient, exercise: dict[str, Any], student: User) -> Callable[..., dict[str, Any]]:
    """Give the exercise to 3A: `give(tries_max=1)`."""

    def run(**fields: Any) -> dict[str, Any]:
        people = {} if "user_ids" in fields else {"group": "3A"}
        answer = teacher_api.post("/api/assignments/", {"exercise": exercise["exercise_id"], **people, **fields})
        assert answer.status_code == 201, answer.json()
        return answer.json()

    return run


class Solver:
    """A student at work."""

    def __init__(self, api: APIClient, assignment_id: int) -> None:
        self.api, self.assignment_id = api, assignment_id

    def start(self) -> Any:
        return self.api.post(f"/api/assignments/{self.assignment_id}/start/")

    def record(self, wanted: list[dict[str, Any]], date: str = "2026-03-12") -> int:
        """Record a transaction of lines by account code in the practice company."""
        accounts = {row["code"]: row["acc_id"] for row in self.api.get("/api/accounts/").json()}
        entries = [
            {"acc_id": accounts[line["account"]], "debit": line.get("debit", 0), "credit": line.get("credit", 0)}
            for line in wanted
        ]
        answer = self.api.post("/api/trans/", {"date": date, "legend": "Práctica", "entries": entries})
        assert answer.status_code == 201, answer.json()
        return answer.json()["trans_id"]

    def hand_in(self, **fields: Any) -> Any:
        return self.api.post("/api/submissions/", {"assignment": self.assignment_id, **fields})

    def grade(self, submission_id: int) -> Any:
        return self.api.get(f"/api/submissions/{submission_id}/grade/")


@pytest.fixture
def solver(
    give: Callable[..., dict[str, Any]], as_user: Callable[[User], APIClient], student: User
) -> Callable[..., Solver]:
    """A student who has started: `solver(who=classmate, tries_max=1)`; gives the exercise once."""
    given: list[int] = []

    def run(who: User | None = None, **fields: Any) -> Solver:
        if not given:
            given.append(give(**fields)["assignment_id"])
        made = Solver(as_user(User.objects.get(pk=(who or student).pk)), given[0])
        assert made.start().status_code == 200
        made.api = as_user(User.objects.get(pk=(who or student).pk))
        return made

    return run
