"""Cancelling and closing: who waits is woken, and the server sees it within 0.2 s."""

from __future__ import annotations

import gc
import socket
import threading
import time
from collections.abc import Callable

import pytest

from services.llm_gateway import (
    Cancelled,
    CancelToken,
    GatewayClosed,
    GatewayConfig,
    Limits,
    LLMGateway,
    ProviderConfig,
    ProviderType,
)
from tests.gateway.gateways import gateway
from tests.gateway.test_gateway_faults import matrix
from tests.llm_server import LLMServer

PATIENT = Limits(deadline_s=20, connect_s=10, first_token_s=15, idle_s=15)
SEEN_S = 0.2


def run(call: Callable[[], object]) -> tuple[threading.Thread, list[BaseException | object]]:
    """Start `call` in a thread; what it returned or raised ends up in the list."""
    outcome: list[BaseException | object] = []

    def body() -> None:
        try:
            outcome.append(call())
        except BaseException as error:  # noqa: BLE001
            outcome.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    return thread, outcome


@pytest.mark.parametrize(
    ("fault", "dialect"), matrix(["hang", "hang-first-token", "pings", "stall", "stall-pings", "loop", "drip"])
)
def test_cancelling_a_stream_wakes_its_reader_and_closes_the_upstream(
    server: LLMServer, fault: str, dialect: str
) -> None:
    stream = gateway(server, {dialect: fault}, limits=PATIENT).stream("hola")
    thread, outcome = run(lambda: list(stream))
    assert server.wait_for(lambda: server.of(dialect))
    time.sleep(0.05)

    cancelled_at = time.monotonic()
    stream.cancel()
    thread.join(1)

    assert isinstance(outcome[0], Cancelled)
    assert time.monotonic() - cancelled_at < SEEN_S
    assert server.wait_for(lambda: server.of(dialect)[0].closed_at)
    assert server.of(dialect)[0].closed_at - cancelled_at < SEEN_S


def test_cancelling_a_whole_call_wakes_it(server: LLMServer) -> None:
    token = CancelToken()
    made = gateway(server, {"openai": "hang", "anthropic": ""}, limits=PATIENT)
    thread, outcome = run(lambda: made.complete("hola", cancel=token))
    assert server.wait_for(lambda: server.of("openai"))

    token.cancel()
    thread.join(1)

    assert isinstance(outcome[0], Cancelled)
    assert server.wait_for(lambda: server.of("openai")[0].closed_at, SEEN_S)
    assert server.of("anthropic") == []


def test_a_cancel_closes_the_upstream_while_nobody_reads(server: LLMServer) -> None:
    stream = gateway(server, {"openai": "loop"}, limits=PATIENT).stream("hola")
    first = next(stream)

    stream.cancel()

    assert server.wait_for(lambda: server.of("openai")[0].closed_at, SEEN_S)
    with pytest.raises(Cancelled) as raised:
        next(stream)
    assert stream.partial == first
    assert raised.value.partial == first


def test_closing_a_stream_closes_the_upstream_and_ends_it(server: LLMServer) -> None:
    with gateway(server, {"openai": "loop"}, limits=PATIENT).stream("hola") as stream:
        next(stream)

    assert server.wait_for(lambda: server.of("openai")[0].closed_at, SEEN_S)
    assert list(stream) == []


def test_a_stream_that_is_dropped_closes_its_upstream(server: LLMServer) -> None:
    stream = gateway(server, {"openai": "loop"}, limits=PATIENT).stream("hola")
    next(stream)

    del stream
    gc.collect()

    assert server.wait_for(lambda: server.of("openai")[0].closed_at, SEEN_S)


def test_closing_from_another_thread_cancels_the_reader(server: LLMServer) -> None:
    stream = gateway(server, {"openai": "stall"}, limits=PATIENT).stream("hola")
    thread, outcome = run(lambda: list(stream))
    assert server.wait_for(lambda: server.of("openai") and server.of("openai")[0].first_byte_at)
    time.sleep(0.05)

    stream.close()
    thread.join(1)

    assert isinstance(outcome[0], Cancelled)


def test_a_call_with_a_token_that_was_cancelled_before_asks_nobody(server: LLMServer) -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(Cancelled):
        gateway(server).complete("hola", cancel=token)

    assert server.received == []


def test_a_cancel_ends_the_wait_for_a_retry_after(server: LLMServer) -> None:
    token = CancelToken()
    made = gateway(server, {"openai": "429-retry-after-seconds,wait=8"}, limits=PATIENT)
    thread, outcome = run(lambda: made.complete("hola", cancel=token))
    assert server.wait_for(lambda: server.of("openai") and server.of("openai")[0].done_at)
    time.sleep(0.05)

    token.cancel()
    thread.join(1)

    assert isinstance(outcome[0], Cancelled)


def test_a_cancel_ends_a_connection_attempt() -> None:
    with full_listener() as port:
        token = CancelToken()
        entry = ProviderConfig(ProviderType.LOCAL, "m", f"http://127.0.0.1:{port}/v1")
        made = LLMGateway(GatewayConfig((entry,), limits=PATIENT))
        thread, outcome = run(lambda: made.complete("hola", cancel=token))
        time.sleep(0.1)
        assert thread.is_alive()

        token.cancel()
        thread.join(1)

    assert isinstance(outcome[0], Cancelled)


def test_a_cancel_after_the_end_does_not_touch_the_next_call_on_the_connection(server: LLMServer) -> None:
    made = gateway(server, limits=PATIENT)
    ended = made.stream("hola")
    list(ended)
    running = made.stream("hola")
    next(running)

    ended.cancel()

    assert "".join(running)
    assert {received.connection for received in server.of("openai")} == {1}


def test_a_shutdown_ends_running_calls(server: LLMServer) -> None:
    made = gateway(server, {"openai": "stall"}, limits=PATIENT)
    thread, outcome = run(lambda: made.complete("hola"))
    assert server.wait_for(lambda: server.of("openai"))
    time.sleep(0.05)

    made.shutdown()
    thread.join(2)

    assert isinstance(outcome[0], GatewayClosed)
    with pytest.raises(GatewayClosed):
        made.complete("hola")


class full_listener:  # noqa: N801 - used as a function
    """A port whose queue is full: a connection attempt waits until its timeout."""

    def __enter__(self) -> int:
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        port = self._listener.getsockname()[1]
        self._waiting = []
        for _ in range(4):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
            self._waiting.append(waiting)
        time.sleep(0.05)
        return port

    def __exit__(self, *_error: object) -> None:
        for made in (*self._waiting, self._listener):
            made.close()
