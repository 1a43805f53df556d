"""The system's mode on every request."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

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
        except Exception as error:  # noqa: BLE001 - whatever store is away, what needs none still works
            # Who needs the mode meets the error where errors are answered, without waiting for the store again.
            request.system_mode = SimpleLazyObject(partial(_raise, error))  # type: ignore[attr-defined]
        return self.get_response(request)


def _raise(error: Exception) -> None:
    raise error
