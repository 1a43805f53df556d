"""Who may do what with templates and what recurs, in business mode."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rol,written,run", [(0, 201, 200), (1, 201, 403), (2, 201, 200), (3, 201, 403), (4, 403, 403)])
def test_writing_and_running_by_role(business_mode, make_user, as_user, body, rol, written, run):
    api = as_user(make_user(f"rol{rol}@example.com", rol=rol))
    assert api.post("/api/templates/", body).status_code == written
    assert api.post("/api/recurring/run/").status_code == run
    assert api.get("/api/templates/").status_code == 200


@pytest.mark.parametrize("rol,changed", [(0, 200), (1, 403), (2, 200), (3, 403), (4, 403)])
def test_changing_anothers_by_role(business_mode, template, recur, make_user, as_user, rol, changed):
    schedule = recur()
    api = as_user(make_user(f"otro{rol}@example.com", rol=rol))
    assert api.patch(f"/api/templates/{template['template_id']}/", {"legend": "x"}).status_code == changed
    assert api.patch(f"/api/recurring/{schedule['schedule_id']}/", {"active": False}).status_code == changed
