"""Sockets, HTTP and the record of what came."""

from __future__ import annotations

import contextlib
import itertools
import re
import socket
import ssl
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from types import TracebackType
from typing import BinaryIO, Self

from tests.llm_server.answers import DEFAULT_TEXT
from tests.llm_server.exchange import ClientGone, Exchange
from tests.llm_server.faults import play
from tests.llm_server.received import Received
from tests.llm_server.wire import Dialect
from tests.llm_server.wire_anthropic import AnthropicWire
from tests.llm_server.wire_gemini import GeminiWire
from tests.llm_server.wire_openai import OpenAIWire

DIALECTS: dict[str, Dialect] = {wire.name: wire for wire in (OpenAIWire(), AnthropicWire(), GeminiWire())}
DIRECTIVE = re.compile(r"/(fault|as)/([^/]+)(?=/)")


class LLMServer:
    """The three vendors on one port of 127.0.0.1, in threads of this process.

    What a request gets: the fault its URL names, else the next one queued for its label by `queue`, else the one set
    by `always`, else a good answer. A request's label is its `as/` segment, else its dialect. With a context of `tls`
    it speaks HTTPS as localhost.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.received: list[Received] = []
        self.text = DEFAULT_TEXT  # what a good answer says
        self._queues: dict[str, deque[str]] = defaultdict(deque)
        self._always: dict[str, str] = {}
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self._numbers = itertools.count(1)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, name="llm-server", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}" if self._tls else f"http://127.0.0.1:{self.port}"

    def openai(self, *directives: str) -> str:
        """The base URL for OpenAI's clients, which ends in `/v1`."""
        return "/".join([self.url, *directives, "v1"])

    def anthropic(self, *directives: str) -> str:
        """The base URL for Anthropic's clients."""
        return "/".join([self.url, *directives])

    google = anthropic

    @property
    def open_connections(self) -> int:
        """How many clients are connected."""
        with self._lock:
            return len(self._connections)

    def queue(self, label: str, *behaviours: str) -> None:
        """Give these behaviours to the next requests with this label, in order."""
        with self._lock:
            self._queues[label].extend(behaviours)

    def always(self, label: str, behaviour: str) -> None:
        """Give this behaviour to requests with this label when nothing is queued."""
        self._always[label] = behaviour

    def of(self, label: str) -> list[Received]:
        """The requests for an answer with this label, oldest first; lists of models are not among them."""
        with self._lock:
            return [one for one in self.received if one.label == label and one.method == "POST"]

    def wait_for(self, condition: Callable[[], object], timeout_s: float = 2.0) -> bool:
        """Wait until the condition holds."""
        until = time.monotonic() + timeout_s
        while not condition():
            if time.monotonic() > until:
                return False
            time.sleep(0.002)
        return True

    def close(self) -> None:
        """Stop listening and break every connection, hanging ones too."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=2)

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection, next(self._numbers)), daemon=True).start()

    def _serve(self, plain: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError, ClientGone), self._secured(plain) as connection:
            self._converse(connection, number)
        with self._lock:
            self._connections.discard(plain)

    def _secured(self, plain: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(plain, server_side=True) if self._tls else plain

    def _converse(self, connection: socket.socket, number: int) -> None:
        with connection.makefile("rb") as reader:
            for turn in itertools.count():
                request = _read_request(reader, number, turn)
                if request is None:
                    break
                received, asked_by_url = request
                exchange = Exchange(connection, received, self.text)
                try:
                    play(exchange, DIALECTS[received.dialect], self._behaviour_for(received, asked_by_url))
                    received.done_at = time.monotonic()
                except ClientGone:
                    received.closed_at = time.monotonic()
                    break
                if not exchange.keep_alive:
                    break

    def _behaviour_for(self, received: Received, asked_by_url: str | None) -> str:
        with self._lock:
            self.received.append(received)
            if asked_by_url:
                return asked_by_url
            if received.method == "POST" and self._queues[received.label]:
                return self._queues[received.label].popleft()
            return self._always.get(received.label, "ok")


def _read_request(reader: BinaryIO, connection: int, turn: int) -> tuple[Received, str | None] | None:
    """Read one request and the fault that its URL names."""
    words = reader.readline().decode("latin-1").split()
    if len(words) != 3:  # the end, or no HTTP
        return None
    method, target, _version = words
    headers: dict[str, str] = {}
    while header := reader.readline().decode("latin-1").strip():
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    body = reader.read(int(headers.get("content-length", 0)))
    path, _, query = target.partition("?")
    directives = dict(DIRECTIVE.findall(path))
    path = DIRECTIVE.sub("", path)
    dialect = _dialect_of(path, headers)
    label = directives.get("as", dialect)
    received = Received(label, dialect, method, path, query, headers, body, connection, turn)
    return received, directives.get("fault")


def _dialect_of(path: str, headers: dict[str, str]) -> str:
    if "x-goog-api-key" in headers or path.endswith(("GenerateContent", ":generateContent")):
        return "google"
    if "anthropic-version" in headers or path == "/v1/messages":
        return "anthropic"
    return "openai"
