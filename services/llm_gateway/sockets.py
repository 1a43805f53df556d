"""Sockets that obey a call: every wait is bounded by what is left of its time, and a cancel ends it.

Timeouts as HTTP clients have them bound a single read, so a body that drips a byte a second lasts
for ever, and nothing wakes a thread that waits in one. Here each request carries a `Window` down to
the socket in the place of its timeouts; httpcore passes it on unread.
"""

from __future__ import annotations

import contextlib
import queue
import select
import socket
import ssl
import threading
from collections.abc import Iterable
from typing import Any, cast

import httpcore2

from services.llm_gateway.control import CancelToken, seconds_left
from services.llm_gateway.errors import Cancelled


class Window:
    """The time one request has left, and the socket it waits on."""

    def __init__(self, token: CancelToken, *, connect_until: float, until: float) -> None:
        self.token = token
        self.connect_until = connect_until
        self.until = until
        self.connects = False  # whether the request has a connection of its own making
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        token.add(self.abort)

    def hold(self, held: socket.socket) -> None:
        """Take note of the socket that a cancel must shut; raise Cancelled when it came before."""
        with self._lock:
            self.token.check()
            self._socket = held

    def release(self) -> None:
        """Let go of the socket: from here on it may serve another call."""
        self.token.discard(self.abort)
        with self._lock:
            self._socket = None

    def abort(self) -> None:
        """Shut the socket under whoever waits on it."""
        with self._lock:
            if self._socket is not None:
                # The plain socket's method: an SSLSocket's own would pull its state from under the reader.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class WatchedBackend(httpcore2.NetworkBackend):
    """Connects within the window: name, address, handshake."""

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address that answers."""
        del local_address, socket_options
        window = cast(Window, timeout)
        window.connects = True
        addresses = _resolve(host, port, window)
        failure: OSError = OSError(f"{host} has no address.")
        for position, (family, kind, protocol, _name, address) in enumerate(addresses):
            # A share for each: a black hole at the first address must not cost the second its turn.
            share_s = seconds_left(window.connect_until) / (len(addresses) - position)
            made = socket.socket(family, kind, protocol)
            try:
                window.hold(made)
                made.settimeout(share_s or 0.001)
                made.connect(address)
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return _WatchedStream(made)
            except OSError as error:
                made.close()
                failure = error
            except BaseException:
                made.close()
                raise
        if isinstance(failure, TimeoutError):
            raise httpcore2.ConnectTimeout from failure
        refused = httpcore2.ConnectError()
        refused.__context__ = failure  # a cause would be cut off on the way up
        raise refused


def _resolve(host: str, port: int, window: Window) -> list[tuple[Any, ...]]:
    """Return the host's addresses; the system's resolver knows no timeout, so it gets a thread."""
    with contextlib.suppress(socket.gaierror):
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    results: queue.SimpleQueue[list[tuple[Any, ...]] | Exception] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            results.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            results.put(error)

    def wake() -> None:
        results.put(Cancelled())

    window.token.add(wake)
    try:
        threading.Thread(target=resolve, name="llm-resolve", daemon=True).start()
        found = results.get(timeout=seconds_left(window.connect_until))
    except queue.Empty:
        raise httpcore2.ConnectTimeout from None
    finally:
        window.token.discard(wake)
    if isinstance(found, Exception):
        raise httpcore2.ConnectError(f"{host} has no address.") from found
    return found


class _WatchedStream(httpcore2.NetworkStream):
    """A socket that is held by the window of whoever uses it at the moment."""

    def __init__(self, held: socket.socket) -> None:
        self._socket = held
        self._unsent: list[bytes] = []

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        window = cast(Window, timeout)
        window.hold(self._socket)
        try:
            # A server may answer and close before it has read all: what it said is what counts.
            with contextlib.suppress(ConnectionError):
                self._flush(window)
            self._bound(window.until)
            return self._socket.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore2.ReadTimeout from error
        except (OSError, ValueError) as error:
            raise httpcore2.ReadError from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Keep the bytes until the answer is read: head and body leave in one packet."""
        del timeout
        self._unsent.append(buffer)

    def _flush(self, window: Window) -> None:
        view = memoryview(b"".join(self._unsent))
        self._unsent.clear()
        while view:
            self._bound(window.until)
            view = view[self._socket.send(view) :]

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        window = cast(Window, timeout)
        try:
            self._bound(window.connect_until)
            wrapped = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
            window.hold(wrapped)
            return _WatchedStream(wrapped)
        except TimeoutError as error:
            self.close()
            raise httpcore2.ConnectTimeout from error
        except (OSError, ValueError) as error:
            self.close()
            raise httpcore2.ConnectError from error

    def close(self) -> None:
        self._socket.close()

    def get_extra_info(self, info: str) -> Any:
        """Answer what the pool asks: whether an idle connection has something to read (its end)."""
        if info == "is_readable":
            poll = select.poll()
            if self._socket.fileno() < 0:
                return True
            poll.register(self._socket, select.POLLIN)
            return bool(poll.poll(0))
        if info == "ssl_object" and isinstance(self._socket, ssl.SSLSocket):
            return self._socket
        return None

    def _bound(self, until: float) -> None:
        left_s = seconds_left(until)
        if left_s <= 0:
            raise TimeoutError
        self._socket.settimeout(left_s)
