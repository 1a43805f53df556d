"""Who may ask, read what others asked, and approve."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from apps.companies.models import Company
from apps.consultor.models import ConsultorQuery
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def of_student(company: Company, student: User) -> ConsultorQuery:
    return ConsultorQuery.objects.create(
        company=company, user=student, question="x", valida=True, codigo=-1, consulta="SELECT 1", helpful=True
    )


@pytest.mark.parametrize("who", ["admin_user", "manager", "accountant", "operator", "viewer"])
def test_every_role_of_a_business_asks_and_only_rol_0_reads_and_approves_others(
    request: pytest.FixtureRequest, as_user: Callable[[User], APIClient], business_mode: None,
    of_student: ConsultorQuery, who: str,
) -> None:
    api = as_user(request.getfixturevalue(who))
    leads = who == "admin_user"
    assert api.post("/api/consultor/query/", {"question": "SELECT 1"}).status_code == 200
    assert len(api.get("/api/consultor/history/").json()) == (2 if leads else 1)
    path = f"/api/consultor/history/{of_student.pk}/"
    assert api.get(path).status_code == (200 if leads else 404)
    assert api.post(f"{path}approve/", {"approved": True}).status_code == (200 if leads else 403)


def test_a_student_sees_neither_a_classmates_question_nor_another_companys(
    as_user: Callable[[User], APIClient], student: User, classmate: User, outsider: User, of_student: ConsultorQuery
) -> None:
    path = f"/api/consultor/query/{of_student.pk}/"
    assert [as_user(who).get(path).status_code for who in (student, classmate, outsider)] == [200, 404, 404]
