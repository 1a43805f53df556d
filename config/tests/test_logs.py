"""Logs are one JSON object a line, and hold no secret."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from config.logs import JsonFormatter, request_id

CANARY = "canary-Pa55word"


def line(event, *args, exc_info=None, **extra):
    record = logging.getLogger("mosaite.test").makeRecord(
        "mosaite.test", logging.INFO, __file__, 1, event, args, exc_info, extra=extra
    )
    return JsonFormatter().format(record)


def test_a_line_is_an_event_with_its_fields():
    entry = json.loads(line("entry.posted", trans_id=7, lines=[1, 2]))
    assert entry.pop("at").endswith("+00:00")
    assert entry == {"level": "info", "logger": "mosaite.test", "event": "entry.posted", "trans_id": 7, "lines": [1, 2]}


def test_it_names_the_request():
    token = request_id.set("request-1")
    try:
        assert json.loads(line("x"))["request_id"] == "request-1"
    finally:
        request_id.reset(token)


@pytest.mark.parametrize("text", ["two\nlines", '"quoted", {braces}', "ñandú 🧾", "\x00\x1b[31m", "\ud800"])
def test_whatever_is_logged_stays_on_one_line_of_json(text):
    written = line("x", field=text)
    assert "\n" not in written
    assert json.loads(written)["field"] == text


def test_what_is_no_json_is_written_as_text():
    assert json.loads(line("x", thing={1, 2}))["thing"] == "{1, 2}"


def test_an_exception_is_told_whole():
    try:
        raise ValueError("wrong")
    except ValueError:
        entry = json.loads(line("x", exc_info=sys.exc_info()))
    assert entry["exception"].endswith("ValueError: wrong")


@pytest.mark.parametrize("name", ["password", "new_password", "token", "refresh_token", "Authorization", "api_key",
                                  "OPENAI_API_KEY", "client_secret", "cookie", "prompt"])
def test_what_is_secret_by_its_name_is_hidden(name):
    assert CANARY not in line("x", **{name: CANARY})


def test_counts_of_tokens_are_not_secret():
    assert json.loads(line("x", tokens_out=5))["tokens_out"] == 5


@pytest.mark.django_db
def test_a_login_and_what_follows_log_no_secret(client, make_user, caplog):
    caplog.set_level(logging.DEBUG)
    make_user("canary@example.com")
    answer = client.post(
        "/api/auth/login/", {"email": "canary@example.com", "password": "pass1234"}, content_type="application/json"
    ).json()
    client.post("/api/auth/login/", {"email": "x@example.com", "password": CANARY}, content_type="application/json")
    client.post("/api/auth/refresh/", {"refresh": answer["refresh"]}, content_type="application/json")
    client.get(f"/api/nowhere/?token={CANARY}", headers={"Authorization": f"Bearer {answer['access']}"})
    written = "\n".join(JsonFormatter().format(record) for record in caplog.records)
    for secret in (CANARY, "pass1234", answer["access"], answer["refresh"]):
        assert secret not in written
