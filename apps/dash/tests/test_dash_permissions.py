"""Who may read the dashboard: everyone who may enter, in both modes."""

from __future__ import annotations

import pytest

EDUCATIONAL = ["teacher", "student", "outsider"]
BUSINESS = ["admin_user", "manager", "accountant", "operator", "viewer"]


@pytest.mark.parametrize("who", EDUCATIONAL)
def test_everyone_reads_in_educational_mode(request, as_user, who):
    assert as_user(request.getfixturevalue(who)).get("/api/dash/stats/").status_code == 200


@pytest.mark.parametrize("who", BUSINESS)
def test_everyone_reads_in_business_mode(request, business_mode, as_user, who):
    assert as_user(request.getfixturevalue(who)).get("/api/dash/stats/").status_code == 200


@pytest.mark.parametrize("path", ["/api/dash/stats/", "/api/dashboard/stats/"])
def test_nobody_reads_without_a_token(api_client, db, path):
    assert api_client.get(path).status_code == 401


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_dashboard_cannot_be_written(teacher_api, method):
    answer = getattr(teacher_api, method)("/api/dash/stats/")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
