"""What is answered where no view of the API stands."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config import errors


def _raise(error: Exception) -> HttpResponse:
    raise error


def _suspicious(_request: HttpRequest) -> HttpResponse:
    return _raise(SuspiciousOperation("inside"))


def _denied(_request: HttpRequest) -> HttpResponse:
    return _raise(PermissionDenied("inside"))


def _broken(_request: HttpRequest) -> HttpResponse:
    return _raise(RuntimeError("inside"))


urlpatterns = [path("suspicious", _suspicious), path("denied", _denied), path("broken", _broken)]
handler400, handler403 = errors.bad_request, errors.permission_denied
handler404, handler500 = errors.not_found, errors.server_error


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("where", "status", "code"),
    [
        ("/suspicious", 400, "bad_request"), ("/denied", 403, "permission_denied"),
        ("/nowhere/", 404, "not_found"), ("/broken", 500, "internal_error"),
    ],
)
def test_an_error_outside_the_api_is_json_with_a_code_and_no_internals(where: str, status: int, code: str) -> None:
    answer = Client(raise_request_exception=False).get(where)
    assert answer.status_code == status
    body = answer.json()
    assert body["code"] == code
    assert body["request_id"] == answer.headers["X-Request-Id"]
    assert "inside" not in answer.content.decode()


@pytest.mark.django_db
def test_the_real_paths_use_these_handlers() -> None:
    assert Client().get("/nowhere/").json()["code"] == "not_found"
