"""The system's mode on every request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from apps.config.queries import system_mode


class SystemModeMiddleware:
    """Sets `request.system_mode`: False educational, True business; no query per request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the mode known."""
        try:
            request.system_mode = system_mode()  # type: ignore[attr-defined]
        except Exception:  # noqa: BLE001 - whatever store is away, /healthz still answers
            # Who needs the mode asks again, and meets the error where errors are answered.
            request.system_mode = SimpleLazyObject(system_mode)  # type: ignore[attr-defined]
        return self.get_response(request)
