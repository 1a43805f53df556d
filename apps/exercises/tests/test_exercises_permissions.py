"""Who may do what with exercises, in both modes."""

from __future__ import annotations

import pytest

from apps.config.models import Config
from apps.exercises.tests.conftest import exercise_body

pytestmark = pytest.mark.django_db
TEACHING = ["/api/exercises/", "/api/assignments/"]


@pytest.fixture(params=[False, True], ids=["educational", "business"])
def mode(request, db):
    Config.objects.update_or_create(config_id=1, defaults={"system_mode": request.param})
    return request.param


@pytest.mark.parametrize("rol", [1, 2, 3, 4])
@pytest.mark.parametrize("path", TEACHING)
def test_only_who_leads_teaches(mode, make_user, as_user, rol, path, chart):
    api = as_user(make_user(f"rol{rol}@example.com", rol=rol))
    assert api.post(path, exercise_body()).status_code == 403


def test_who_leads_teaches_in_both_modes(mode, teacher_api, chart):
    assert teacher_api.post("/api/exercises/", exercise_body()).status_code == 201


def test_a_business_moves_nobody_into_practice(business_mode, give, student_api, student):
    answer = student_api.post(f"/api/assignments/{give()['assignment_id']}/start/")
    assert answer.status_code == 403
    student.refresh_from_db()
    assert student.company.kind == "shared"


def test_another_companys_teacher_does_not_see_it(exercise, give, make_user, as_user, other_company):
    other = as_user(make_user("otra@example.com", rol=0, company=other_company))
    given = give()
    assert other.get(f"/api/exercises/{exercise['exercise_id']}/").status_code == 404
    assert other.get(f"/api/assignments/{given['assignment_id']}/marks/").status_code == 404
    assert other.post("/api/assignments/", {"exercise": exercise["exercise_id"], "group": "3A"}).status_code == 404
