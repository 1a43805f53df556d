"""Carrying out a call's steps in the caller's thread."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

from services.llm_gateway.budget import Purse
from services.llm_gateway.control import CancelToken
from services.llm_gateway.errors import Cancelled, GatewayError
from services.llm_gateway.jobs import Job, Progress
from services.llm_gateway.providers.base import Lease
from services.llm_gateway.steps import Close, Emit, Open, Read, Sleep, Start, Step
from services.llm_gateway.transport import WIRE_ERRORS, Exchange, HttpClient, failure_from

END_S = 0.05  # how long to wait for a stream's end after its last event, for the sake of its connection


def drive(job: Job, http: HttpClient, token: CancelToken, purse: Purse) -> Generator[str, None, None]:
    """Run `job` to its completion, yielding each piece of text that it delivers.

    Closing this generator ends the job wherever it is; what it used is settled in any case.
    """
    purse.open()
    progress = Progress(job)
    line = Line(http, token)
    try:
        while (step := progress.next()) is not None:
            if isinstance(step, Emit):
                yield step.text
                progress.hear(*outcome(token, None, None))
            else:
                progress.hear(*line.attempt(step))
    finally:
        line.close()
        progress.close()
        purse.close(tokens=job.used_tokens, cost_micros=job.used_micros)


def outcome(token: CancelToken, reply: Any, caught: Exception | None) -> tuple[Any, GatewayError | None]:
    """Return what a step came to: its reply or an error of the gateway's, Cancelled before all others.

    The error is returned and not raised: raised from an `except` it would carry the wire's own as
    its context, and with it the request's headers in the frames of a traceback.
    """
    if token.cancelled:
        return None, Cancelled("The call was cancelled.")
    if caught is None or isinstance(caught, GatewayError):
        return reply, caught
    return None, failure_from(caught)


class Line:
    """What one call holds: at most one exchange at a time, and a place at the local model."""

    def __init__(self, http: HttpClient, token: CancelToken) -> None:
        self._http = http
        self._token = token
        self._exchange: Exchange | None = None
        self._lease: Lease | None = None

    def attempt(self, step: Step) -> tuple[Any, GatewayError | None]:
        """Carry out a step; return its reply or the error that it met."""
        caught: Exception | None = None
        reply = None
        try:
            reply = self._do(step)
        except (GatewayError, *WIRE_ERRORS) as error:
            caught = error
        return outcome(self._token, reply, caught)

    def close(self) -> None:
        """Let go of everything."""
        self._hang_up()
        lease, self._lease = self._lease, None
        if lease is not None:
            lease.release()

    def _do(self, step: Step) -> Any:
        self._token.check()
        match step:
            case Read(until):
                assert self._exchange is not None  # noqa: S101 - the loop reads only what it opened
                return self._exchange.read(until)
            case Open(request, connect_until, until):
                self._hang_up()
                self._exchange = Exchange(self._http, self._token, request, connect_until, until)
                return self._exchange.head
            case Start(engine, until):
                self.close()
                self._lease = engine.lease(self._token, until)
                return self._lease.dialect
            case Close(whole):
                if whole and self._exchange is not None:
                    self._exchange.read_end(time.monotonic() + END_S)
                self.close()
            case Sleep(seconds):
                self._token.sleep(seconds)
        return None

    def _hang_up(self) -> None:
        """Let go of the exchange; an answer not read to its end loses its connection."""
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.close()
