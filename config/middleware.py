"""Middleware of the whole project."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config import errors
from config.logs import request_id

_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")
_NOT_DIGITS = re.compile(r"[^0-9]")
_DIGITS_MAX = 18


class RequestIdMiddleware:
    """Gives each request an id: the caller's where it is sound, else a new one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with `X-Request-Id`, the id that logs and error answers name."""
        given = request.headers.get("X-Request-Id", "")
        name = given if _ACCEPTABLE.match(given) else uuid.uuid4().hex
        token = request_id.set(name)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response.headers["X-Request-Id"] = name
        return response


class BodyLimitMiddleware:
    """Refuses a body that is too large before anyone reads it: JSON has no limit of its own in Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 413 above DATA_UPLOAD_MAX_MEMORY_SIZE, 411 to a body that does not tell its length."""
        length = _NOT_DIGITS.sub("", request.META.get("CONTENT_LENGTH") or "")
        if not length and "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            return errors.length_required()
        if len(length) > _DIGITS_MAX or (length and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE):
            return errors.too_large()
        return self.get_response(request)
