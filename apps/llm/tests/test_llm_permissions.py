"""Who sees how the language models stand: rol 0, in both modes."""

from __future__ import annotations

import pytest

PATH = "/api/llm/status/"


@pytest.fixture(autouse=True)
def _nobody_configured(monkeypatch):
    from services.llm_gateway import get_gateway

    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "LOCAL_BASE_URL"):
        monkeypatch.setenv(name, "")
    get_gateway().shutdown()
    yield
    get_gateway().shutdown()


@pytest.mark.parametrize(("who", "status"), [("teacher", 200), ("student", 403), ("outsider", 403)])
def test_in_educational_mode(request, as_user, who, status):
    assert as_user(request.getfixturevalue(who)).get(PATH).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("admin_user", 200), ("manager", 403), ("accountant", 403), ("operator", 403), ("viewer", 403)],
)
def test_in_business_mode(request, business_mode, as_user, who, status):
    assert as_user(request.getfixturevalue(who)).get(PATH).status_code == status


def test_nobody_without_a_token(api_client, db):
    assert api_client.get(PATH).status_code == 401


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_status_cannot_be_written(teacher_api, method):
    assert getattr(teacher_api, method)(PATH).status_code == 405
