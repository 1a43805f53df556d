"""Bodies that are not what they say."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db

LOGIN = "/api/auth/login/"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"\xff\xfe{}", b'{"a": NaN}', b'{"email": "\\ud800"}', b'{"\\udfff": 1}', b"[" * 65 + b"]" * 65,
        b"[" * 100_000, b'{"a":' * 70 + b"1" + b"}" * 70, b"9" * 5000,
    ],
)
def test_what_is_no_sound_json_is_refused(api_client, body):
    answer = api_client.generic("POST", LOGIN, body, content_type="application/json")
    assert answer.status_code == 400
    if body:
        assert answer.json()["code"] == "parse_error"


def test_a_null_is_no_data(api_client):
    answer = api_client.generic("POST", LOGIN, b"null", content_type="application/json")
    assert (answer.status_code, set(answer.json())) == (400, {"email", "password"})


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\xf1"]
)
def test_multipart_without_parts_is_refused(api_client, kind):
    answer = api_client.generic("POST", LOGIN, b"--x--", content_type=kind)
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
