"""Middleware of the whole project."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config import bodies, errors
from config.logs import request_id

_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")
# No 'unsafe-inline' and no 'unsafe-eval' anywhere; `data:` is how Swagger's style sheet carries its icons.
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-%s'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


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


class ContentSecurityPolicyMiddleware:
    """Lets pages load what we serve and nothing else; a script written into a page needs `request.csp_nonce`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the policy: for a page what it may do, for data nothing."""
        nonce = request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
        response = self.get_response(request)
        page = response.headers.get("Content-Type", "").startswith("text/html")
        response.headers.setdefault("Content-Security-Policy", _PAGE_POLICY % nonce if page else _DATA_POLICY)
        return response


class BodyLimitMiddleware:
    """Refuses a body that is too large before anyone reads it: JSON has no limit of its own in Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 413 above DATA_UPLOAD_MAX_MEMORY_SIZE, 411 to a body that does not tell its length."""
        declared = request.META.get("CONTENT_LENGTH") or ""
        match bodies.refused(declared, request.headers.get("Transfer-Encoding", "")):
            case bodies.LENGTH_REQUIRED:
                return errors.length_required()
            case bodies.TOO_LARGE:
                return errors.too_large()
        return self.get_response(request)
