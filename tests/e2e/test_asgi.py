"""The server's way of running a request, without a socket."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from config.asgi import IDLE_THREADS_MAX, ThreadKeepingHandler

AT_ONCE = IDLE_THREADS_MAX + 4
everyone_is_here = threading.Barrier(AT_ONCE)


def _thread(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(threading.get_ident()))


def _meet(_request: HttpRequest) -> HttpResponse:
    everyone_is_here.wait(timeout=10)
    return HttpResponse("met")


async def _stream(_request: HttpRequest) -> StreamingHttpResponse:
    async def tokens() -> AsyncIterator[str]:
        for token in ("uno", "dos"):
            yield token
            await asyncio.sleep(0)

    return StreamingHttpResponse(tokens(), content_type="text/event-stream")


urlpatterns = [path("thread", _thread), path("meet", _meet), path("stream", _stream)]


@pytest.fixture
def handler(settings: Any) -> ThreadKeepingHandler:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["config.middleware.RequestIdMiddleware"]
    return ThreadKeepingHandler()


async def _get(handler: ThreadKeepingHandler, where: str) -> str:
    messages: list[dict[str, Any]] = []
    asked = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if asked.is_set():
            await asyncio.Event().wait()  # the caller stays on the line
        asked.set()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    scope = {
        "type": "http", "method": "GET", "path": where, "query_string": b"", "headers": [(b"host", b"testserver")],
    }
    await handler(scope, receive, send)
    assert messages[0]["status"] == 200
    return b"".join(message.get("body", b"") for message in messages).decode()


def test_one_request_after_the_other_runs_on_the_same_thread(handler: ThreadKeepingHandler) -> None:
    async def sequence() -> set[str]:
        found = set()
        for _turn in range(5):
            found.add(await _get(handler, "/thread"))
            await asyncio.sleep(0.02)  # for the thread to come home
        return found

    assert len(asyncio.run(sequence())) == 1


def test_requests_at_once_run_at_once_and_few_threads_are_kept(handler: ThreadKeepingHandler) -> None:
    async def together() -> list[str]:
        return await asyncio.gather(*(_get(handler, "/meet") for _caller in range(AT_ONCE)))

    assert asyncio.run(together()) == ["met"] * AT_ONCE
    assert len(handler._idle) <= IDLE_THREADS_MAX


def test_an_async_view_streams(handler: ThreadKeepingHandler) -> None:
    assert asyncio.run(_get(handler, "/stream")) == "unodos"
