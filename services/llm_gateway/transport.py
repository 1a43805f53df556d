"""The wire, for threads: one pooled client whose sockets obey each call's clock and its cancel.

httpx's own timeouts bound a single read, so a body that drips a byte a second lasts for ever, and
nothing wakes a thread that waits in one. Here each request carries a `Window` down to the socket in
the place of its timeouts: every read is bounded by what is left at that moment, and a cancel shuts
the socket under the waiting thread.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from typing import Any, cast
from urllib.request import getproxies, proxy_bypass

import httpcore2
import httpx2

from services.llm_gateway.calls import HttpRequest
from services.llm_gateway.control import CancelToken, seconds_left
from services.llm_gateway.errors import Cancelled, Failure, Timeout, Transient
from services.llm_gateway.steps import Head

_KEPT_ALIVE_MAX = 20
_KEPT_ALIVE_S = 30.0


class Window:
    """The time one request has left, and the socket it waits on."""

    def __init__(self, token: CancelToken, *, connect_until: float, until: float) -> None:
        self.token = token
        self.connect_until = connect_until
        self.until = until
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        token.add(self._abort)

    def hold(self, held: socket.socket) -> None:
        """Take note of the socket that a cancel must shut; raise Cancelled when it came before."""
        with self._lock:
            self.token.check()
            self._socket = held

    def release(self) -> None:
        """Let go of the socket: from here on it may serve another call."""
        self.token.discard(self._abort)
        with self._lock:
            self._socket = None

    def _abort(self) -> None:
        with self._lock:
            if self._socket is not None:
                # The plain socket's method: an SSLSocket's own would pull its state from under the reader.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class HttpClient:
    """The pooled client of a gateway, made on first use and anew in each process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._client: httpx2.Client | None = None
        self._pid = 0

    def send(self, request: HttpRequest, window: Window) -> httpx2.Response:
        """Send `request` and return the answer unread, as far as its head."""
        timeouts = {"connect": window, "read": window, "write": window, "pool": seconds_left(window.connect_until)}
        wire = httpx2.Request(
            request.method, request.url, headers={**request.headers, "accept-encoding": "identity"},
            content=request.body, extensions={"timeout": timeouts},
        )
        return self._of_this_process().send(wire, stream=True)

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None and self._pid == os.getpid():
            client.close()

    def after_fork(self) -> None:
        """Forget the parent's connections: they go on in the parent."""
        self._lock = threading.Lock()
        self._client = None

    def _of_this_process(self) -> httpx2.Client:
        with self._lock:
            if self._client is None:
                self._client = httpx2.Client(transport=_Transport(), follow_redirects=False, trust_env=False)
                self._pid = os.getpid()
            return self._client


class Exchange:
    """One request and its answer, as steps need them."""

    def __init__(
        self, http: HttpClient, token: CancelToken, request: HttpRequest, connect_until: float, until: float
    ) -> None:
        self._window = Window(token, connect_until=connect_until, until=until)
        self._response: httpx2.Response | None = None
        self._chunks: Iterator[bytes] = iter(())
        try:
            self._response = http.send(request, self._window)
            self._chunks = iter(cast(Iterable[bytes], self._response.stream))
        except BaseException:
            self.close()
            raise

    @property
    def head(self) -> Head:
        """Status and headers."""
        assert self._response is not None  # noqa: S101 - set by the constructor
        return Head(self._response.status_code, dict(self._response.headers))

    def read(self, until: float) -> bytes:
        """Return the next bytes, none at the end."""
        self._window.until = until
        return next(self._chunks, b"")

    def read_end(self, until: float) -> None:
        """Read what is left, which is nothing but the end, so that the connection can be used again."""
        with contextlib.suppress(*WIRE_ERRORS, Cancelled):
            while self.read(until):
                pass

    def close(self) -> None:
        """Let go: a connection whose answer was read to its end stays, any other is closed."""
        # Before the connection goes back to the pool, or a late cancel would shut another call's.
        self._window.release()
        if self._response is not None:
            with contextlib.suppress(*WIRE_ERRORS):
                self._response.close()


WIRE_ERRORS = (
    httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, httpcore2.TimeoutException, httpcore2.NetworkError,
    httpcore2.ProtocolError, httpcore2.ProxyError, httpcore2.UnsupportedProtocol, OSError, ValueError, RuntimeError,
)


def failure_from(error: Exception) -> Failure:
    """Return what an error of the wire means; its own text could quote a header and is left out."""
    if isinstance(error, (httpcore2.ConnectTimeout, httpcore2.PoolTimeout, httpx2.ConnectTimeout, httpx2.PoolTimeout)):
        return Timeout("No connection came about in time.")
    if isinstance(error, (httpcore2.TimeoutException, httpx2.TimeoutException, TimeoutError)):
        return Timeout("No answer came in time.")
    system = error if isinstance(error, OSError) else error.__cause__
    reason = f" ({os.strerror(system.errno)})" if isinstance(system, OSError) and system.errno else ""
    return Transient(f"The connection failed: {type(error).__name__}{reason}.")


# --- Below httpx ----------------------------------------------------------------------------------


class _Transport(httpx2.BaseTransport):
    """httpx's transport over pools whose sockets are ours; proxies as the environment names them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pools: dict[tuple[bool, str], httpcore2.ConnectionPool] = {}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request."""
        url = request.url
        wire = httpcore2.Request(
            request.method,
            httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw, content=request.stream, extensions=request.extensions,
        )
        answer = self._pool(url).handle_request(wire)
        return httpx2.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        """Close all pools."""
        with self._lock:
            pools, self._pools = self._pools, {}
        for pool in pools.values():
            pool.close()

    def _pool(self, url: httpx2.URL) -> httpcore2.ConnectionPool:
        proxy = "" if proxy_bypass(url.host) else getproxies().get(url.scheme, "")
        key = (url.scheme == "https", proxy)
        with self._lock:
            if key not in self._pools:
                self._pools[key] = _make_pool(encrypted=key[0], proxy=proxy)
            return self._pools[key]


def _make_pool(*, encrypted: bool, proxy: str) -> httpcore2.ConnectionPool:
    options: dict[str, Any] = {
        # Reading the certificates costs 20 ms and some MB: only for who needs them.
        "ssl_context": httpx2.create_ssl_context() if encrypted else None,
        "max_connections": None,  # each caller holds one, and the callers are bounded by who runs them
        "max_keepalive_connections": _KEPT_ALIVE_MAX,
        "keepalive_expiry": _KEPT_ALIVE_S,
        "network_backend": _Backend(),
    }
    if not proxy:
        return httpcore2.ConnectionPool(**options)
    parts = httpx2.URL(proxy if "://" in proxy else f"http://{proxy}")
    auth = (parts.username, parts.password) if parts.username else None
    return httpcore2.HTTPProxy(str(parts.copy_with(username=None, password=None)), proxy_auth=auth, **options)


class _Stream(httpx2.SyncByteStream):
    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from cast(Iterable[bytes], self._answer.stream)

    def close(self) -> None:
        self._answer.close()


class _Backend(httpcore2.NetworkBackend):
    """Connects within the window: name, address, handshake."""

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        del local_address, socket_options
        window = cast(Window, timeout)
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
        raise httpcore2.ConnectError from failure


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

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        window = cast(Window, timeout)
        window.hold(self._socket)
        try:
            self._bound(window.until)
            return self._socket.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore2.ReadTimeout from error
        except (OSError, ValueError) as error:
            raise httpcore2.ReadError from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        window = cast(Window, timeout)
        window.hold(self._socket)
        view = memoryview(buffer)
        try:
            while view:
                self._bound(window.until)
                view = view[self._socket.send(view) :]
        except TimeoutError as error:
            raise httpcore2.WriteTimeout from error
        except (OSError, ValueError) as error:
            raise httpcore2.WriteError from error

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
