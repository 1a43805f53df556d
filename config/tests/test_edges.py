"""What every request meets before a view: its id, its size, where it comes from."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("given", ["12345678", "a" * 64, "6f1c2c3e-4d5e_6f.7"])
def test_a_sound_request_id_is_kept(client, given):
    assert client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "with blank", "ñandúñandú", "x\ty12345678", '"injected"{}'])
def test_an_unsound_one_is_replaced(client, given):
    answered = client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert answered != given
    assert len(answered) == 32


def test_every_request_has_an_id_of_its_own(client):
    assert len({client.get("/healthz").headers["X-Request-Id"] for _ in range(3)}) == 3


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client):
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000):
        for length in ("1001", "9" * 30):
            response = client.post("/api/auth/login/", b"{}", content_type="application/json", CONTENT_LENGTH=length)
            assert (response.status_code, response.json()["code"]) == (413, "request_too_large")
        fits = client.post("/api/auth/login/", b"{}", content_type="application/json")
        assert fits.status_code == 400


def test_a_body_of_unknown_length_is_refused(client):
    response = client.post(
        "/api/auth/login/", b"{}", content_type="application/json", headers={"Transfer-Encoding": "chunked"},
        CONTENT_LENGTH="",
    )
    assert (response.status_code, response.json()["code"]) == (411, "length_required")


@pytest.mark.parametrize("length", ["", "abc", "-5", "²"])
def test_a_length_that_is_none_breaks_nothing(length):
    response = Client(raise_request_exception=False).get("/api/docs/", CONTENT_LENGTH=length)
    assert response.status_code == 200


# --- other origins ---------------------------------------------------------------------------------

ORIGIN = "https://aula.example.com"


def preflight(client, origin):
    return client.options(
        "/api/trans/",
        headers={"Origin": origin, "Access-Control-Request-Method": "POST",
                 "Access-Control-Request-Headers": "authorization,idempotency-key,x-company"},
    )


def test_an_origin_of_the_list_may_call(client):
    with override_settings(CORS_ALLOWED_ORIGINS=[ORIGIN]):
        answer = preflight(client, ORIGIN)
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        allowed = answer.headers["Access-Control-Allow-Headers"]
        assert {"authorization", "idempotency-key", "if-match", "x-company"} <= set(allowed.split(", "))
        read = client.get("/api/config/", headers={"Origin": ORIGIN})
        assert "X-Total-Count" in read.headers["Access-Control-Expose-Headers"]


def test_an_origin_of_the_list_reads_refusals_too(client):
    with override_settings(CORS_ALLOWED_ORIGINS=[ORIGIN], DATA_UPLOAD_MAX_MEMORY_SIZE=1):
        response = client.post("/api/auth/login/", b"{}", content_type="application/json", headers={"Origin": ORIGIN})
        assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (413, ORIGIN)


@pytest.mark.parametrize("origin", ["https://evil.example.com", "null", "https://aula.example.com.evil.com", "*"])
def test_no_other_origin_may(client, origin):
    with override_settings(CORS_ALLOWED_ORIGINS=[ORIGIN]):
        assert "Access-Control-Allow-Origin" not in preflight(client, origin).headers
        assert "Access-Control-Allow-Origin" not in client.get("/api/config/", headers={"Origin": origin}).headers


def test_without_a_list_no_origin_may(client):
    assert "Access-Control-Allow-Origin" not in preflight(client, ORIGIN).headers
