"""Requests as the servers' handlers make them."""

from __future__ import annotations

import threading
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest


class Utf8Only:
    """Mixin of a request: UTF-8, whatever charset its Content-Type names.

    Django believes any charset that Python knows. Some are none of text, such as base64: reading
    the query with one fails before there is a request to answer.
    """

    # None stands for the default charset; naming another leaves it.
    encoding: Any = property(lambda _request: None, lambda _request, _named: None)


HUNG_UP = "mosaite.hung_up"


class Utf8ASGIRequest(Utf8Only, ASGIRequest):
    """What config.asgi answers. `hung_up` is set when nobody waits for the answer any more."""

    @property
    def hung_up(self) -> threading.Event:
        """Return the event that config.asgi sets."""
        event: threading.Event = self.scope[HUNG_UP]
        return event


class Utf8WSGIRequest(Utf8Only, WSGIRequest):
    """What config.wsgi answers."""
