"""Carrying out a call's steps on an event loop: the async twin of driver.py and transport.py."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar, cast

import httpx2

from services.llm_gateway.budget import Purse
from services.llm_gateway.calls import HttpRequest
from services.llm_gateway.control import CancelToken, seconds_left
from services.llm_gateway.driver import END_S, outcome
from services.llm_gateway.errors import GatewayError
from services.llm_gateway.jobs import Job, Progress
from services.llm_gateway.providers.base import Engine, Lease
from services.llm_gateway.redact import guard_logs
from services.llm_gateway.steps import Close, Emit, Head, Open, Read, Sleep, Start, Step
from services.llm_gateway.transport import (
    KEPT_ALIVE_MAX,
    KEPT_ALIVE_S,
    THIS_MACHINE,
    WIRE_ERRORS,
    tls_context,
)

T = TypeVar("T")
# Runs a budget, which may be in a database, away from the event loop.
Offload = Callable[[Callable[[], Any]], Awaitable[Any]]


class AsyncHttpClient:
    """The pooled clients of a gateway, one for each event loop: a connection belongs to its loop."""

    def __init__(self, *, encrypted: bool) -> None:
        self._encrypted = encrypted
        self._keepers: dict[asyncio.AbstractEventLoop, AsyncGenerator[httpx2.AsyncClient, None]] = {}
        self._clients: dict[asyncio.AbstractEventLoop, httpx2.AsyncClient] = {}

    async def of_this_loop(self) -> httpx2.AsyncClient:
        """Return the running loop's client; it is closed with the loop at the latest."""
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            guard_logs()
            for ended in [other for other in self._clients if other.is_closed()]:
                self._clients.pop(ended, None)
                self._keepers.pop(ended, None)
            client = self._clients[loop] = self._make()
            # asyncio tells nobody that a loop ends, but it closes the generators that were begun on it.
            keeper = self._keepers[loop] = self._keep(loop, client)
            await anext(keeper)
        return client

    async def close(self) -> None:
        """Close the running loop's connections."""
        keeper = self._keepers.get(asyncio.get_running_loop())
        if keeper is not None:
            await keeper.aclose()

    def after_fork(self) -> None:
        """Forget the parent's connections: they go on in the parent."""
        self._clients = {}
        self._keepers = {}

    async def _keep(
        self, loop: asyncio.AbstractEventLoop, client: httpx2.AsyncClient
    ) -> AsyncGenerator[httpx2.AsyncClient, None]:
        try:
            yield client
        finally:
            self._clients.pop(loop, None)
            self._keepers.pop(loop, None)
            with contextlib.suppress(*WIRE_ERRORS):
                await client.aclose()

    def _make(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            # Without an https address there is nothing to verify, and no certificates to read.
            verify=tls_context() if self._encrypted else False,
            timeout=None,
            mounts={f"all://{f'[{host}]' if ':' in host else host}": None for host in THIS_MACHINE},
            limits=httpx2.Limits(
                max_connections=None, max_keepalive_connections=KEPT_ALIVE_MAX, keepalive_expiry=KEPT_ALIVE_S
            ),
        )


async def adrive(
    job: Job, http: AsyncHttpClient, token: CancelToken, purse: Purse, offload: Offload
) -> AsyncGenerator[str, None]:
    """Run `job` to its completion, yielding each piece of text that it delivers."""
    await offload(purse.open)
    progress = Progress(job)
    line = AsyncLine(http, token)
    try:
        while (step := progress.next()) is not None:
            if isinstance(step, Emit):
                yield step.text
                progress.hear(*outcome(token, None, None))
            else:
                progress.hear(*await line.attempt(step))
    finally:
        await line.close()
        progress.close()
        # A task that is cancelled once more meanwhile must not leave the books open.
        settling = offload(lambda: purse.close(tokens=job.used_tokens, cost_micros=job.used_micros))
        await asyncio.shield(asyncio.ensure_future(settling))


class AsyncLine:
    """What one call holds open: at most one answer at a time, and a place at the local model."""

    def __init__(self, http: AsyncHttpClient, token: CancelToken) -> None:
        self._http = http
        self._token = token
        self._loop = asyncio.get_running_loop()
        self._window: asyncio.Timeout | None = None
        self._response: httpx2.Response | None = None
        self._chunks: AsyncIterator[bytes] | None = None
        self._lease: Lease | None = None
        token.add(self._wake)

    async def attempt(self, step: Step) -> tuple[Any, GatewayError | None]:
        """Carry out a step; return its reply or the error that it met."""
        caught: Exception | None = None
        reply = None
        try:
            self._token.check()
            reply = await self._do(step)
        except (GatewayError, *WIRE_ERRORS) as error:
            caught = error
        return outcome(self._token, reply, caught)

    async def close(self) -> None:
        """Let go of everything, and of the token."""
        self._token.discard(self._wake)
        await self._let_go()

    async def _do(self, step: Step) -> Any:
        match step:
            case Read(until):
                return await self._read(until)
            case Open(request, connect_until, until):
                await self._hang_up()
                return await self._within(until, self._open(request, connect_until))
            case Start(engine, until):
                await self._let_go()
                self._lease = await self._take_place(engine, until)
                return self._lease.dialect
            case Close(whole):
                if whole and self._chunks is not None:
                    with contextlib.suppress(*WIRE_ERRORS):
                        await self._within(time.monotonic() + END_S, anext(self._chunks, b""))
                await self._let_go()
            case Sleep(seconds):
                with contextlib.suppress(TimeoutError):
                    await self._within(time.monotonic() + seconds, asyncio.Event().wait())
        return None

    async def _open(self, request: HttpRequest, connect_until: float) -> Head:
        connect_s = seconds_left(connect_until)
        connected = False

        async def trace(event: str, _info: dict[str, Any]) -> None:
            nonlocal connected
            connected = connected or event.startswith("connection.connect")

        wire = httpx2.Request(
            request.method, request.url, headers={**request.headers, "accept-encoding": "identity"},
            content=request.body,
            extensions={"timeout": {"connect": connect_s, "pool": connect_s}, "trace": trace},
        )
        while True:
            client = await self._http.of_this_loop()
            try:
                self._response = await client.send(wire, stream=True)
                break
            except (httpx2.RemoteProtocolError, httpx2.NetworkError):
                if connected:  # else a kept connection was gone, which is no failure of the provider's
                    raise
        self._chunks = aiter(cast(httpx2.AsyncByteStream, self._response.stream))
        return Head(self._response.status_code, dict(self._response.headers))

    async def _read(self, until: float) -> Any:
        assert self._chunks is not None  # noqa: S101 - the loop reads only what it opened
        return await self._within(until, anext(self._chunks, b""))

    async def _within(self, until: float, work: Awaitable[T]) -> T:
        """Await `work` until a moment at most; a cancel moves that moment to now."""
        try:
            async with asyncio.timeout(seconds_left(until)) as self._window:
                return await work
        finally:
            self._window = None

    def _wake(self) -> None:
        """End what is awaited, from any thread; or close the upstream when nothing is."""
        with contextlib.suppress(RuntimeError):  # the loop is closed, and with it everything
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        if self._window is not None:
            with contextlib.suppress(RuntimeError):  # it has just expired by itself
                self._window.reschedule(self._loop.time())
        else:
            self._closing = self._loop.create_task(self._let_go())

    async def _take_place(self, engine: Engine, until: float) -> Lease:
        """Take a place at the local model, or give it back when this task was cancelled meanwhile."""
        taking = asyncio.ensure_future(asyncio.to_thread(engine.lease, self._token, until))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            taking.add_done_callback(_give_back)
            raise

    async def _let_go(self) -> None:
        await self._hang_up()
        lease, self._lease = self._lease, None
        if lease is not None:
            lease.release()

    async def _hang_up(self) -> None:
        response, self._response, self._chunks = self._response, None, None
        if response is not None:
            with contextlib.suppress(*WIRE_ERRORS):
                await response.aclose()


def _give_back(taking: asyncio.Future[Any]) -> None:
    if not taking.cancelled() and taking.exception() is None:
        taking.result().release()
