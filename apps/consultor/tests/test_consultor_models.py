"""What the database itself keeps of questions."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.companies.models import Company
from apps.consultor.models import ConsultorQuery
from apps.users.models import User

pytestmark = pytest.mark.django_db


def stored(company: Company, user: User, **fields: Any) -> ConsultorQuery:
    with transaction.atomic():
        return ConsultorQuery.objects.create(
            company=company, user=user, **{"question": "¿Saldo?", "valida": True, "codigo": -1, **fields}
        )


@pytest.mark.parametrize("fields", [
    {"valida": True, "codigo": 3}, {"valida": False, "codigo": -1}, {"valida": False, "codigo": 9},
    {"valida": False, "codigo": -2}, {"approved_at": timezone.now()},
    {"approved_at": timezone.now(), "helpful": False},
    {"approved_at": timezone.now(), "helpful": True, "valida": False, "codigo": 5},
])
def test_a_row_that_contradicts_itself_is_refused(company: Company, teacher: User, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        stored(company, teacher, **fields)


@pytest.mark.parametrize("fields", [
    {}, {"valida": False, "codigo": 0}, {"valida": False, "codigo": 8},
    {"helpful": True, "approved_at": timezone.now()},
])
def test_a_sound_row_is_stored(company: Company, teacher: User, fields: dict[str, Any]) -> None:
    query = stored(company, teacher, **fields)
    assert str(query) == "¿Saldo?"
    assert query.approved is ("approved_at" in fields)
