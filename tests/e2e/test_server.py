"""What callers who mean no good can do to a server that listens on a real socket."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from config.demo import HOST

pytestmark = pytest.mark.sqlite  # the servers have books of their own (ENVIRONMENT), whatever the suite runs on
LOGIN = "/api/auth/login/"


@contextlib.contextmanager
def answer(port: int, method: str, path: str, body: bytes | None = None, **headers: str) -> Iterator[HTTPResponse]:
    connection = HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json", **headers})
        yield connection.getresponse()
    finally:
        connection.close()


def log_in(port: int, number: int, **headers: str) -> int:
    body = json.dumps({"email": f"nadie{number}@example.com", "password": "x"}).encode()
    with answer(port, "POST", LOGIN, body, **headers) as found:
        return found.status


def refused(port: int, head: list[str], body: bytes = b"") -> Any:
    """Send a request line by line, and return what is answered before anything more is sent."""
    with socket.create_connection((HOST, port), timeout=10) as raw:
        raw.sendall("\r\n".join([f"POST {LOGIN} HTTP/1.1", f"Host: {HOST}", *head, "", ""]).encode() + body)
        found = HTTPResponse(raw)
        found.begin()
        return found.status, json.loads(found.read())["code"]


def test_nobody_gets_by_the_throttle_by_telling_another_address_each_time(port):
    told = [log_in(port, number, **{"X-Forwarded-For": f"10.0.0.{number}"}) for number in range(7)]
    assert told == [401] * 5 + [429] * 2


def test_callers_who_never_end_their_bodies_keep_nobody_waiting(port):
    with contextlib.ExitStack() as lines:
        for _caller in range(60):
            raw = lines.enter_context(socket.create_connection((HOST, port), timeout=10))
            head = f"POST {LOGIN} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nContent-Length: 90\r\n"
            raw.sendall(f"{head}\r\n{{".encode())
        with answer(port, "GET", "/readyz") as found:
            assert found.status == 200


@pytest.mark.parametrize("length", ["100001", "9" * 18])
def test_a_body_that_is_too_large_is_refused(port, length):
    """Whatever of it was sent: the server does not keep more than it may."""
    head = ["Content-Type: application/json", f"Content-Length: {length}", "Connection: close"]
    assert refused(port, head, b" " * int(min(length, "100001"))) == (413, "request_too_large")


def test_a_body_of_unknown_length_is_refused(port):
    head = ["Content-Type: application/json", "Transfer-Encoding: chunked"]
    assert refused(port, head, b"2\r\n{}\r\n0\r\n\r\n") == (411, "length_required")


@pytest.mark.parametrize("path", ["/", "/nada", "/admin/nada/", "/static/nada", "/api/%00", "/%ff", f"/{'a' * 8000}"])
def test_no_path_breaks_it(port, path):
    with answer(port, "GET", path) as found:
        assert found.status < 500
        assert "server" not in {name.lower() for name, _value in found.getheaders()}
