"""The one place where errors become HTTP."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler
from rest_framework.views import set_rollback

from apps.common import errors
from config.logs import request_id

logger = logging.getLogger(__name__)

# From class to status; a subclass takes that of its nearest base here. A test walks them all.
STATUS_BY_ERROR: dict[type[errors.AppError], int] = {
    errors.Invalid: 400,
    errors.Refused: 400,
    errors.Forbidden: 403,
    errors.Missing: 404,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.Busy: 503,
}


def status_of(error_class: type[errors.AppError]) -> int:
    """Return the HTTP status of an error class; KeyError when none of its bases is in the table."""
    for base in error_class.__mro__:
        if base in STATUS_BY_ERROR:
            return STATUS_BY_ERROR[base]
    raise KeyError(error_class)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception raised in a DRF view; None lets it go on to be a 500."""
    if isinstance(error, errors.AppError):
        set_rollback()
        return _app_error(error)
    if isinstance(error, (OperationalError, InterfaceError)):
        logger.error("database.unavailable", exc_info=error)
        set_rollback()
        return _app_error(errors.Busy())
    if isinstance(error, (DataError, OverflowError)):
        # A number that fits the wire and not the column: the caller's, not ours.
        logger.info("request.out_of_range")
        set_rollback()
        return Response({"non_field_errors": [_("A number is out of range.")]}, status=400)
    if isinstance(error, RequestDataTooBig):
        return Response({"detail": _("The request is too large."), "code": "request_too_large"}, status=413)
    if isinstance(error, SuspiciousOperation):
        return Response({"detail": _("The request is not valid."), "code": "bad_request"}, status=400)
    return _drf_error(error, context)


def _app_error(error: errors.AppError) -> Response:
    headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, errors.Busy) else None
    return Response(body_of(error), status=status_of(type(error)), headers=headers)


def body_of(error: errors.AppError) -> dict[str, Any]:
    """Return the JSON body that answers an error."""
    if isinstance(error, errors.Invalid):
        return error.fields
    text = str(error.message)
    body = {"detail": text, "code": error.code}
    if isinstance(error, (errors.Refused, errors.Conflict)):
        # What refuses an action says so in the words the first clients read, too.
        body |= {"error": text, "message": text}
    return body


def _drf_error(error: Exception, context: dict[str, Any]) -> Response | None:
    response = drf_exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = _as_fields(response.data)
        return response
    if isinstance(error, Http404):
        response.data = {"detail": _("Not found."), "code": "not_found"}
    elif isinstance(error, PermissionDenied):
        response.data = {"detail": str(errors.Forbidden.message), "code": errors.Forbidden.code}
    elif isinstance(error, exceptions.APIException):
        response.data = {"detail": _plain(error), "code": _code(error)}
    return response


def _as_fields(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {"non_field_errors": data}


def _plain(error: exceptions.APIException) -> str:
    detail: Any = error.detail
    if isinstance(detail, dict):
        detail = detail.get("detail", "")
    return str(detail)


def _code(error: exceptions.APIException) -> str:
    detail: Any = error.detail
    if isinstance(detail, dict):
        return str(detail.get("code", error.default_code))
    code = getattr(detail, "code", None)
    return str(code or error.default_code)


def _page_error(status: int, text: str, code: str) -> JsonResponse:
    return JsonResponse(
        {"detail": text, "code": code, "request_id": request_id.get()}, status=status,
        json_dumps_params={"ensure_ascii": False},
    )


def bad_request(_request: HttpRequest, exception: Exception | None = None) -> JsonResponse:  # noqa: ARG001
    """Handler of 400 outside DRF."""
    return _page_error(400, _("The request is not valid."), "bad_request")


def permission_denied(_request: HttpRequest, exception: Exception | None = None) -> JsonResponse:  # noqa: ARG001
    """Handler of 403 outside DRF."""
    return _page_error(403, str(errors.Forbidden.message), errors.Forbidden.code)


def not_found(_request: HttpRequest, exception: Exception | None = None) -> JsonResponse:  # noqa: ARG001
    """Handler of 404 outside DRF."""
    return _page_error(404, _("Not found."), "not_found")


def server_error(_request: HttpRequest) -> JsonResponse:
    """Handler of 500: a request id to look up in the logs, never internals."""
    return _page_error(500, _("Something went wrong on our side; nothing was saved."), "internal_error")
