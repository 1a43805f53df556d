"""A trail to look at and to tamper with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from apps.audit.actions import record
from apps.audit.models import AuditEvent
from apps.common import guards


@pytest.fixture
def tell(company: Any, teacher: Any) -> Callable[..., AuditEvent]:
    """Record an event of the default company: `tell("thing.done")`."""

    def tell(action: str = "thing.done", **fields: Any) -> AuditEvent:
        values = {"acting_user": teacher, "company_id": company.pk, "subject": "thing", "subject_id": 7}
        return record(action, **values | fields)

    return tell


@pytest.fixture
def trail(tell: Callable[..., AuditEvent]) -> list[AuditEvent]:
    """Five events."""
    return [tell(f"thing.done_{number}", detail={"n": number}) for number in range(5)]


@pytest.fixture
def sql() -> Callable[..., None]:
    """Run one raw statement."""

    def sql(statement: str, *params: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, params)

    return sql


@pytest.fixture
def unguarded(trail: list[AuditEvent]) -> None:
    """Five events, and the guards gone: a stranger who owns the database."""
    guards.uninstall(connection)
