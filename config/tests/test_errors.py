"""Every error has one status and one form, and none shows internals."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection
from django.http import Http404, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from rest_framework import exceptions
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

import apps
from apps.common.errors import AppError, Busy, Conflict, Invalid
from config import errors, urls

for found in pkgutil.walk_packages(apps.__path__, "apps."):
    if found.name.endswith(("errors", "scope")):
        importlib.import_module(found.name)


def subclasses(base):
    for sub in base.__subclasses__():
        yield sub
        yield from subclasses(sub)


@pytest.mark.parametrize("error_class", sorted(set(subclasses(AppError)), key=str))
def test_every_error_of_the_rooms_has_a_status_a_code_and_a_text(error_class):
    assert errors.status_of(error_class) in {400, 401, 403, 404, 409, 412, 429, 503}
    assert re.fullmatch(r"[a-z][a-z0-9_]+", error_class.code)
    assert str(error_class.message).strip()


def test_an_error_that_is_in_no_family_is_noticed():
    with pytest.raises(KeyError):
        errors.status_of(AppError)


# --- through real requests -------------------------------------------------------------------------

RAISED = {
    "app": Conflict("de veras"),
    "invalid": Invalid({"name": ["mal"]}),
    "busy": Busy(),
    "away": OperationalError("password=hunter2"),
    "hung_up": InterfaceError("connection already closed"),
    "range": OverflowError("Python int too large"),
    "data": DataError("integer out of range"),
    "constraint": IntegrityError("UNIQUE constraint failed: users.email"),
    "http404": Http404("inside"),
    "denied": PermissionDenied("inside"),
    "suspicious": SuspiciousOperation("inside"),
    "too_big": RequestDataTooBig("inside"),
    "throttled": exceptions.Throttled(wait=7),
    "list": exceptions.ValidationError(["mal"]),
    "unforeseen": RuntimeError("inside: hunter2"),
}


class Raising(APIView):
    permission_classes = [AllowAny]
    authentication_classes = []

    def get(self, _request, name):
        if name == "statement":
            connection.cursor().execute("SELECT inside FROM nowhere")
        raise RAISED[name]

    def post(self, _request, name):
        return HttpResponse(name)


def outside(_request, name):
    raise RAISED[name]


urlpatterns = [
    path("api/raise/<name>/", Raising.as_view()),
    path("api/", include(urls.api)),
    path("outside/<name>/", outside),
]
handler400, handler403, handler404, handler500 = (
    urls.handler400, urls.handler403, urls.handler404, urls.handler500
)
here = pytest.mark.urls(__name__)


@pytest.fixture
def visitor(db):
    return Client(raise_request_exception=False)


@here
@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("app", 409, "conflict"), ("busy", 503, "unavailable"), ("away", 503, "unavailable"),
        ("hung_up", 503, "unavailable"), ("constraint", 409, "conflict"), ("http404", 404, "not_found"),
        ("denied", 403, "permission_denied"), ("suspicious", 400, "bad_request"),
        ("too_big", 413, "request_too_large"), ("throttled", 429, "throttled"),
        ("unforeseen", 500, "internal_error"), ("statement", 500, "internal_error"),
    ],
)
@pytest.mark.parametrize("debug", [False, True])
def test_what_a_view_raises_is_answered_in_json(visitor, name, status, code, debug):
    with override_settings(DEBUG=debug):
        response = visitor.get(f"/api/raise/{name}/")
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json()["detail"]
    assert "inside" not in response.text
    assert "hunter2" not in response.text


@here
@pytest.mark.parametrize(
    ("name", "body"),
    [("invalid", {"name": ["mal"]}), ("list", {"non_field_errors": ["mal"]})],
)
def test_what_is_wrong_in_the_fields_is_told_by_field(visitor, name, body):
    response = visitor.get(f"/api/raise/{name}/")
    assert (response.status_code, response.json()) == (400, body)


@here
@pytest.mark.parametrize("name", ["range", "data"])
def test_a_value_out_of_range_is_the_callers_fault(visitor, name):
    response = visitor.get(f"/api/raise/{name}/")
    assert (response.status_code, list(response.json())) == (400, ["non_field_errors"])


@here
@pytest.mark.parametrize(("name", "seconds"), [("busy", "2"), ("away", "2"), ("throttled", "7")])
def test_who_may_try_again_hears_when(visitor, name, seconds):
    assert visitor.get(f"/api/raise/{name}/").headers["Retry-After"] == seconds


@here
def test_a_refusal_says_it_in_the_words_of_the_first_clients_too(visitor):
    body = visitor.get("/api/raise/app/").json()
    assert body == {"error": "de veras", "message": "de veras", "detail": "de veras", "code": "conflict"}


@here
def test_an_unforeseen_error_names_the_request_and_the_log_names_the_error(visitor, caplog):
    response = visitor.get("/api/raise/unforeseen/", headers={"X-Request-Id": "looked-up-in-the-log"})
    assert response.json().keys() == {"detail", "code", "request_id"}
    assert response.json()["request_id"] == "looked-up-in-the-log"
    (record,) = [record for record in caplog.records if record.message == "request.failed"]
    assert record.exc_info[1] is RAISED["unforeseen"]


@here
def test_who_watches_hears_of_an_unforeseen_error(db):
    with pytest.raises(RuntimeError):
        Client().get("/api/raise/unforeseen/")


@here
@pytest.mark.parametrize(("where", "status"), [("/outside/unforeseen/", 500), ("/outside/away/", 503)])
def test_outside_the_api_it_is_no_different(visitor, where, status):
    response = visitor.get(where)
    assert response.status_code == status
    assert response.json()["request_id"] == response.headers["X-Request-Id"]
    assert ("Retry-After" in response.headers) == (status == 503)


# --- what the framework refuses --------------------------------------------------------------------


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    ("method", "where", "options", "status", "code"),
    [
        ("get", "/api/nowhere/", {}, 404, "not_found"),
        ("post", "/api/nowhere/", {}, 404, "not_found"),
        ("get", "/api/config/1/nowhere/", {}, 404, "not_found"),
        ("get", "/api/%00/", {}, 404, "not_found"),
        ("get", "/api/%ff%fe/", {}, 404, "not_found"),
        ("get", "/api/config/99999999999999999999999/", {}, 404, "not_found"),
        ("get", "/api/config/a%0Ab/", {}, 404, "not_found"),
        ("delete", "/api/config/a%0Ab/", {}, 404, "not_found"),
        ("delete", "/api/config/a,b/", {}, 404, "not_found"),
        ("post", "/api/config", {}, 404, "not_found"),
        ("delete", "/api/config/1/", {}, 405, "method_not_allowed"),
        ("trace", "/api/config/1/", {}, 405, "method_not_allowed"),
        ("options", "/api/config/1/", {}, 405, "method_not_allowed"),
        ("get", "/api/config/1/", {"headers": {"Accept": "image/png"}}, 406, "not_acceptable"),
        ("patch", "/api/config/1/", {"data": b"x", "content_type": "text/csv"}, 415, "unsupported_media_type"),
        ("patch", "/api/config/1/", {"data": b"{", "content_type": "application/json"}, 400, "parse_error"),
        ("patch", "/api/config/1/", {"data": b"[" * 100_000, "content_type": "application/json"}, 400, "parse_error"),
        ("patch", "/api/config/1/", {"data": b'{"currency": "\\ud800"}', "content_type": "application/json"}, 400,
         "parse_error"),
        ("patch", "/api/config/1/", {"data": b"\xff\xfe", "content_type": "application/json"}, 400, "parse_error"),
        ("patch", "/api/config/1/", {"data": b"{}", "content_type": "application/json; charset=nonsense"}, 200, None),
        ("patch", "/api/config/1/", {"data": b"--x", "content_type": "multipart/form-data; boundary=y"}, 200, None),
        ("patch", "/api/config/1/", {"data": b"--x", "content_type": "multipart/form-data"}, 400, "parse_error"),
    ],
)
def test_what_the_framework_refuses_is_json_too(teacher_api, method, where, options, status, code, debug):
    caller = Client(raise_request_exception=False, enforce_csrf_checks=True)
    headers = options.get("headers", {}) | {"Authorization": teacher_api._credentials["HTTP_AUTHORIZATION"]}
    with override_settings(DEBUG=debug):
        response = getattr(caller, method)(where, **(options | {"headers": headers}))
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/json")
    assert code in {None, response.json().get("code")}


def test_a_read_that_misses_the_last_slash_is_led_to_it(teacher_api):
    response = teacher_api.get("/api/config?x=1")
    assert (response.status_code, response.headers["Location"]) == (301, "/api/config/?x=1")


def test_a_write_that_misses_it_is_told_so(teacher_api):
    response = teacher_api.patch("/api/config/1", {"currency": "USD"})
    assert (response.status_code, "/" in response.json()["detail"]) == (404, True)


def test_answers_are_plain_json_of_plain_text(teacher_api):
    body = teacher_api.get("/api/nowhere/").content.decode()
    assert json.loads(body)["detail"] in body
