"""Figures for Prometheus, for who carries the token."""

from __future__ import annotations

import pytest
from django.test import override_settings

pytestmark = pytest.mark.django_db

with_token = override_settings(METRICS_TOKEN="a-long-token")


def test_without_a_token_set_there_is_no_such_page(client):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", "a-long-token", "bearer a-long-token",
                                    "Bearer a-long-tokeñ"])
@with_token
def test_another_token_does_not_open_it(client, header):
    response = client.get("/metrics", headers={"Authorization": header})
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "mosaite_" not in response.text


@with_token
def test_requests_are_counted_by_route_and_never_by_path(client, teacher_api):
    teacher_api.get("/api/companies/123456789/")
    client.get("/api/no/such/canary-path/")
    client.generic("CANARY", "/api/docs/")
    text = client.get("/metrics", headers={"Authorization": "Bearer a-long-token"}).text
    assert 'mosaite_http_requests_total{method="GET",route="api/companies/<int:pk>/",status="404"}' in text
    assert 'method="other",route="api/docs/"' in text
    assert "123456789" not in text
    assert "canary" not in text.lower()
