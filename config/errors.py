"""The one place where errors become HTTP."""

from __future__ import annotations

import logging
import sys
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.urls import resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler
from rest_framework.views import set_rollback

from apps.common import caches, errors
from config.logs import request_id

logger = logging.getLogger(__name__)

# From class to status; a subclass takes that of its nearest base here. A test walks them all.
STATUS_BY_ERROR: dict[type[errors.AppError], int] = {
    errors.Invalid: 400,
    errors.Refused: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.Missing: 404,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.TooMany: 429,
    errors.Busy: 503,
}


_INTERNAL: dict[str, Any] = {
    "detail": gettext_lazy("Something went wrong on our side; nothing was saved."), "code": "internal_error",
}
_BAD_REQUEST = {"detail": gettext_lazy("The request is not valid."), "code": "bad_request"}
_TOO_LARGE = {"detail": gettext_lazy("The request is too large."), "code": "request_too_large"}
_NO_LENGTH = {"detail": gettext_lazy("Send the length of the body (Content-Length)."), "code": "length_required"}


def status_of(error_class: type[errors.AppError]) -> int:
    """Return the HTTP status of an error class; KeyError when none of its bases is in the table."""
    for base in error_class.__mro__:
        if base in STATUS_BY_ERROR:
            return STATUS_BY_ERROR[base]
    raise KeyError(error_class)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """Answer an exception raised in a DRF view; one that nobody foresaw is a 500 without internals."""
    known = _as_app_error(error)
    if known is not None:
        set_rollback()
        return _app_error(known)
    if isinstance(error, RequestDataTooBig):
        return Response(_TOO_LARGE, status=413)
    if isinstance(error, SuspiciousOperation):
        return Response(_BAD_REQUEST, status=400)
    return _drf_error(error, context) or _unforeseen(error, context)


def _as_app_error(error: BaseException | None) -> errors.AppError | None:
    """Return what an error means in the rooms' terms, or None when it means nothing there."""
    if isinstance(error, errors.AppError):
        return error
    if isinstance(error, (OperationalError, InterfaceError, *caches.away_errors())) and not _is_our_mistake(error):
        logger.error("store.unavailable", exc_info=error)
        return errors.Busy()
    if isinstance(error, (DataError, OverflowError)):
        # A value that fits the wire and not the column: the caller's, not ours.
        logger.info("request.out_of_range")
        return errors.Invalid({"non_field_errors": [_("A value is out of range.")]})
    if isinstance(error, IntegrityError):
        # Two callers at once, of whom the checks above the database saw only one.
        logger.warning("request.constraint", exc_info=error)
        return errors.Conflict()
    return None


def _is_our_mistake(error: BaseException | None) -> bool:
    """Whether SQLite, for which a wrong statement is an OperationalError too, means the statement."""
    return getattr(getattr(error, "__cause__", None), "sqlite_errorname", "") == "SQLITE_ERROR"


def _unforeseen(error: Exception, context: dict[str, Any]) -> Response:
    """Answer as Django would, in DEBUG too: log it, tell those who watch, show nothing."""
    request = context["request"]
    logger.error("request.failed", exc_info=error, extra={"method": request.method, "path": request.path})
    got_request_exception.send(sender=type(context.get("view")), request=request)
    set_rollback()
    return Response(_INTERNAL | {"request_id": request_id.get()}, status=500)


def _app_error(error: errors.AppError) -> Response:
    headers: dict[str, str] = {}
    if isinstance(error, (errors.Busy, errors.TooMany)):
        headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, errors.Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="api"'
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
    return body | dict(error.facts)


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


def _page_error(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> JsonResponse:
    """Answer where no view of the API stands; with the request's id, since no client of ours is there to log it."""
    named = body | {"request_id": request_id.get()}
    return JsonResponse(named, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """Handler of 400 outside DRF."""
    return _page_error(400, _BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """Handler of 403 outside DRF."""
    return _page_error(403, body_of(errors.Forbidden()))


def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:  # noqa: ARG001 - Django's
    """Handler of 404 outside DRF."""
    return _page_error(404, body_of(errors.Missing()))


def unauthorized() -> JsonResponse:
    """Answer a caller without the token that a page outside DRF wants."""
    body = {"detail": _("Send the token: Authorization: Bearer <token>."), "code": "not_authenticated"}
    return _page_error(401, body, {"WWW-Authenticate": "Bearer"})


def too_large() -> JsonResponse:
    """Answer a body beyond what is taken."""
    return _page_error(413, _TOO_LARGE)


def length_required() -> JsonResponse:
    """Answer a body of unknown length."""
    return _page_error(411, _NO_LENGTH)


@csrf_exempt
def unknown_api_path(request: HttpRequest, path: str) -> HttpResponse:
    """Answer what no path under /api/ matched, in DEBUG too; reads that miss the last slash are led to it."""
    if path.endswith("/") or resolve(f"{request.path_info}/").func is unknown_api_path:
        return not_found(request)
    if request.method in {"GET", "HEAD"}:
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    return _page_error(404, {"detail": _("Not found: paths end in a slash (/)."), "code": errors.Missing.code})


def server_error(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """Handler of 500 outside DRF: a request id to look up in the logs, never internals."""
    if isinstance(_as_app_error(sys.exc_info()[1]), errors.Busy):
        return _page_error(503, body_of(errors.Busy()), {"Retry-After": str(errors.Busy.retry_after_s)})
    return _page_error(500, _INTERNAL)
