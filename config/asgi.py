"""ASGI entry point."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_resolver

from config import bodies
from config.requests import HUNG_UP, Utf8ASGIRequest

IDLE_THREADS_MAX = 8
# Allocations before the collector looks at the youngest, and how many such looks before one at the older, and at all.
COLLECTED_AFTER = (700, 5, 2)


class ThreadKeepingHandler(ASGIHandler):
    """Django's handler on threads that outlive a request, with their connections open.

    Django makes a thread per request, in which database and cache are opened anew, and changes
    threads at each middleware that is not async: 7 ms for an empty request here, against 2 in this
    way. Threads are made as requests run at once; IDLE_THREADS_MAX are kept.
    """

    request_class = Utf8ASGIRequest

    def __init__(self) -> None:
        super().__init__()
        self._idle: list[ThreadPoolExecutor] = []

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise ValueError(f"Only HTTP is spoken here, not {scope['type']}.")
        thread = self._idle.pop() if self._idle else ThreadPoolExecutor(1, thread_name_prefix="request")
        hung_up = scope[HUNG_UP] = threading.Event()
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.handle(scope, _listening(receive if _may_read(scope) else _no_body(), hung_up), send)
        finally:
            # By the thread itself: when the caller hangs up, it may still be at work.
            thread.submit(self._keep, thread)

    def _keep(self, thread: ThreadPoolExecutor) -> None:
        if len(self._idle) < IDLE_THREADS_MAX:
            self._idle.append(thread)
        else:
            thread.shutdown(wait=False)

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002
        """Build one chain of calls for the thread; async views are awaited from within it."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Run middleware and view in one visit to the thread."""
        return await sync_to_async(self.get_response)(request)


def _listening(receive: Callable[[], Awaitable[Any]], hung_up: threading.Event) -> Callable[[], Awaitable[Any]]:
    """Return a `receive` that lets the thread at work know when the caller hangs up: Django tells only itself."""

    async def listen() -> Any:
        message = await receive()
        if message["type"] == "http.disconnect":
            hung_up.set()
        return message

    return listen


def _may_read(scope: dict[str, Any]) -> bool:
    """Whether BodyLimitMiddleware will take the body. Django puts all of it on disk before it asks."""
    headers = dict(scope["headers"])
    length, encoding = (headers.get(name, b"").decode("latin-1") for name in (b"content-length", b"transfer-encoding"))
    return bodies.refused(length, encoding) is None


def _no_body() -> Callable[[], Awaitable[Any]]:
    """Return a `receive` that gives an empty body, and then waits for what never comes."""
    messages = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Any:
        message = next(messages, None)
        return message or await asyncio.Event().wait()

    return receive


def _settle() -> None:
    """Load the views now, and let the collector look no more at what stays as long as the process.

    A look at all of that took 70 ms, and came only when a quarter as much had been left by requests: by eight at
    once 18 MB more than now, when a look takes 2 ms and comes often.
    """
    _views = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)
application = ThreadKeepingHandler()
_settle()
