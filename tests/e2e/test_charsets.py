"""What a request says of its charset, through both handlers."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.asgi import ThreadKeepingHandler
from config.wsgi import Utf8Handler

pytestmark = pytest.mark.django_db  # the handlers close old connections

CHARSETS = ["utf-16", "latin-1", "basura", "base64", "rot13", "zlib"]


def _echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.GET["q"] + request.POST["f"])


urlpatterns = [path("echo", _echo)]


@pytest.fixture(autouse=True)
def _bare(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_wsgi_request_is_utf_8_whatever_it_says(charset: str) -> None:
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/echo", "QUERY_STRING": "q=%C3%B1", "SERVER_NAME": "testserver",
        "SERVER_PORT": "80", "CONTENT_TYPE": f"application/x-www-form-urlencoded; charset={charset}",
        "CONTENT_LENGTH": "8", "wsgi.input": io.BytesIO(b"f=%C3%BA"), "wsgi.url_scheme": "http",
    }
    assert b"".join(Utf8Handler()(environ, lambda *_answer: None)).decode() == "ñú"


@pytest.mark.parametrize("charset", CHARSETS)
def test_an_asgi_request_is_utf_8_whatever_it_says(charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}".encode()
    scope = {
        "type": "http", "method": "POST", "path": "/echo", "query_string": b"q=%C3%B1",
        "headers": [(b"host", b"testserver"), (b"content-type", kind), (b"content-length", b"8")],
    }

    async def answer() -> bytes:
        server = ApplicationCommunicator(ThreadKeepingHandler(), scope)
        await server.send_input({"type": "http.request", "body": b"f=%C3%BA"})
        assert (await server.receive_output())["status"] == 200
        return (await server.receive_output())["body"]

    assert asyncio.run(answer()).decode() == "ñú"
