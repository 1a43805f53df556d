"""One request and its answer on a socket, frame by frame."""

from __future__ import annotations

import json
import select
import socket
import ssl
import struct
import time
from typing import Any

from tests.llm_server.received import Received
from tests.llm_server.wire import Error

REASONS = {200: "OK", 302: "Found", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


class ClientGone(Exception):
    """The client closed its side before the answer was whole."""


class Exchange:
    """Write the answer to one request, noticing at once when the client leaves."""

    def __init__(self, connection: socket.socket, received: Received, text: str) -> None:
        self._socket = connection
        self.received = received
        self.text = text
        self.keep_alive = received.headers.get("connection", "").lower() != "close"
        self._chunked = False

    def head(self, status: int, headers: dict[str, str]) -> None:
        """Send the status line and headers."""
        lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Error')}", *(f"{k}: {v}" for k, v in headers.items())]
        self._send("\r\n".join([*lines, "", ""]).encode("latin-1"))

    def json(self, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Send a whole JSON answer."""
        self.body(json.dumps(body, ensure_ascii=False).encode(), "application/json; charset=utf-8", status, headers)

    def error(self, error: Error) -> None:
        """Send a vendor's error."""
        self.json(error.body, error.status, error.headers)

    def body(
        self, body: bytes, content_type: str, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        """Send any whole answer."""
        length = {"Content-Type": content_type, "Content-Length": str(len(body))}
        self.head(status, length | (headers or {}))
        self._send(body)

    def open_stream(self, content_type: str = "text/event-stream; charset=utf-8") -> None:
        """Begin a chunked answer."""
        self.head(200, {"Content-Type": content_type, "Transfer-Encoding": "chunked", "Cache-Control": "no-cache"})
        self._chunked = True

    def piece(self, data: bytes) -> None:
        """Send a part of the body: a chunk of its own in a stream."""
        self._send(b"%x\r\n%s\r\n" % (len(data), data) if self._chunked else data)

    def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._send(data)

    def end_stream(self) -> None:
        """End the chunked answer as HTTP wants it, whatever its content."""
        self._send(b"0\r\n\r\n")

    def pause(self, seconds: float) -> None:
        """Wait, unless the client leaves: then raise `ClientGone` at once."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            readable, _, _ = select.select([self._socket], [], [], left)
            if readable:
                self._check_client()
                time.sleep(min(left, 0.002))  # pipelined bytes: nothing to tell them from but time

    def reset(self) -> None:
        """Break the connection with a TCP reset."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connection without a word."""
        self.keep_alive = False
        self._socket.close()

    def _check_client(self) -> None:
        try:
            if not self._peek():
                raise ClientGone
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        except OSError as error:
            raise ClientGone from error

    def _peek(self) -> bytes:
        if not isinstance(self._socket, ssl.SSLSocket):
            return self._socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        self._socket.setblocking(False)  # TLS knows no peeking; nobody sends before the answer's end
        try:
            return self._socket.recv(1)
        finally:
            self._socket.setblocking(True)

    def _send(self, data: bytes) -> None:
        self._check_client()
        if self.received.first_byte_at is None:
            self.received.first_byte_at = time.monotonic()
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise ClientGone from error
