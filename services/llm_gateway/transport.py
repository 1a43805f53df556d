"""The wire, for threads: one pooled httpx2 client over sockets that obey each call (sockets.py)."""

from __future__ import annotations

import contextlib
import functools
import os
import ssl
import threading
import weakref
from collections.abc import Iterable, Iterator
from typing import Any, cast
from urllib.request import getproxies, proxy_bypass

import httpcore2
import httpx2

from services.llm_gateway.calls import HttpRequest
from services.llm_gateway.control import CancelToken, seconds_left
from services.llm_gateway.errors import Cancelled, Failure, GatewayClosed, Timeout, Transient
from services.llm_gateway.redact import guard_logs
from services.llm_gateway.sockets import WatchedBackend, Window
from services.llm_gateway.steps import Head

KEPT_ALIVE_MAX = 20
KEPT_ALIVE_S = 30.0
# A proxy of the environment does not know our own machine, where a local model's server often is.
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class HttpClient:
    """The pooled client of a gateway, made on first use and anew in each process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._client: httpx2.Client | None = None
        self._pid = 0
        self._closed = False
        self._windows: weakref.WeakSet[Window] = weakref.WeakSet()

    def send(self, request: HttpRequest, window: Window) -> httpx2.Response:
        """Send `request` and return the answer unread, as far as its head.

        A kept connection that the server has let go of meanwhile is no failure of the provider's:
        the request goes out again until it has a connection of its own.
        """
        timeouts = {"connect": window, "read": window, "write": window, "pool": seconds_left(window.connect_until)}
        wire = httpx2.Request(
            request.method, request.url, headers={**request.headers, "accept-encoding": "identity"},
            content=request.body, extensions={"timeout": timeouts},
        )
        while True:
            try:
                return self._client_for(window).send(wire, stream=True)
            except (httpcore2.RemoteProtocolError, httpcore2.NetworkError):
                if window.connects:
                    raise

    def close(self) -> None:
        """Close all connections, also those in use; a later `send` raises GatewayClosed."""
        with self._lock:
            self._closed = True
            client, self._client = self._client, None
            windows = list(self._windows)
        if client is not None and self._pid == os.getpid():
            for window in windows:
                window.abort()  # closing a socket does not wake a thread that reads from it
            client.close()

    def after_fork(self) -> None:
        """Replace a lock that another thread may have held when the process forked."""
        self._lock = threading.Lock()

    def _client_for(self, window: Window) -> httpx2.Client:
        with self._lock:
            self._windows.add(window)
            if self._closed:
                raise GatewayClosed("The gateway was shut down during the call.")
            # A child must not speak over its parent's connections; the parent goes on with them.
            if self._client is None or self._pid != os.getpid():
                guard_logs()
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
    httpcore2.ProtocolError, httpcore2.ProxyError, httpcore2.UnsupportedProtocol, OSError,
)


def failure_from(error: Exception) -> Failure:
    """Return what an error of the wire means; its own text could quote a header and is left out."""
    if isinstance(error, (httpcore2.ConnectTimeout, httpcore2.PoolTimeout, httpx2.ConnectTimeout, httpx2.PoolTimeout)):
        return Timeout("No connection came about in time.")
    if isinstance(error, (httpcore2.TimeoutException, httpx2.TimeoutException, TimeoutError)):
        return Timeout("No answer came in time.")
    return Transient(f"The connection failed: {type(error).__name__}{_reason(error)}.")


def _reason(error: BaseException | None) -> str:
    """Return what the system said below an error: the pool cuts the cause off, the context remains."""
    while error is not None and not isinstance(error, OSError):
        error = error.__cause__ or error.__context__
    if isinstance(error, ssl.SSLCertVerificationError):
        return f" (certificate not trusted: {error.verify_message}; SSL_CERT_FILE)"
    if isinstance(error, ssl.SSLError):
        return f" (TLS: {error.reason})" if error.reason else " (TLS)"
    return f" ({os.strerror(error.errno)})" if error is not None and error.errno else ""


class _Transport(httpx2.BaseTransport):
    """httpx's transport over pools whose sockets are ours; proxies as the environment names them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pools: dict[tuple[bool, str], httpcore2.ConnectionPool] = {}
        self._proxies = getproxies()

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
        proxy = self._proxies.get(url.scheme, "")
        if proxy and (url.host in THIS_MACHINE or proxy_bypass(url.host)):
            proxy = ""
        key = (url.scheme == "https", proxy)
        with self._lock:
            if key not in self._pools:
                self._pools[key] = _make_pool(encrypted=key[0], proxy=proxy)
            return self._pools[key]


@functools.cache
def tls_context() -> ssl.SSLContext:
    """Return what connections are encrypted with; reading the certificates costs 20 ms and some MB, once."""
    return httpx2.create_ssl_context()


def _make_pool(*, encrypted: bool, proxy: str) -> httpcore2.ConnectionPool:
    options: dict[str, Any] = {
        "ssl_context": tls_context() if encrypted else None,
        "max_connections": None,  # each caller holds one, and the callers are bounded by who runs them
        "max_keepalive_connections": KEPT_ALIVE_MAX,
        "keepalive_expiry": KEPT_ALIVE_S,
        "network_backend": WatchedBackend(),
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
