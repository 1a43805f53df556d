"""The async twin: the same loop, the same breakers, cancelled like the other."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from typing import Any

import pytest

from services.llm_gateway import AllProvidersFailed, Cancelled, CancelToken, DeadlineExceeded, Limits, StreamInterrupted
from tests.gateway.gateways import gateway
from tests.gateway.questions import SCHEMA
from tests.gateway.test_gateway_faults import BREAKS_STREAMS, FALLS_BACK, limits_for, matrix, second_of
from tests.llm_server import DEFAULT_TEXT, LLMServer

PATIENT = Limits(deadline_s=20, connect_s=10, first_token_s=15, idle_s=15)
SEEN_S = 0.2
SOME = ("hang", "reset", "429", "401", "404", "500", "html", "empty", "error-first", "pings")


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


@pytest.mark.parametrize("way", ["whole", "stream"])
@pytest.mark.parametrize(("fault", "dialect"), matrix(SOME))
def test_a_fault_before_the_first_text_falls_back(server: LLMServer, fault: str, dialect: str, way: str) -> None:
    code, requests = FALLS_BACK[fault]

    async def ask() -> Any:
        made = gateway(server, {dialect: fault, second_of(dialect): ""}, limits=limits_for(code))
        if way == "whole":
            return await made.acomplete("hola")
        async with made.astream("hola") as stream:
            assert "".join([piece async for piece in stream]) == DEFAULT_TEXT
        return stream.completion

    completion = run(ask())

    assert completion.text == DEFAULT_TEXT
    assert [attempt.outcome for attempt in completion.attempts] == [code] * requests + ["ok"]


@pytest.mark.parametrize("fault", [*BREAKS_STREAMS])
def test_a_stream_that_breaks_off_says_so(server: LLMServer, fault: str) -> None:
    async def ask() -> None:
        limits = limits_for(BREAKS_STREAMS[fault][0])
        async for _piece in gateway(server, {"openai": fault}, limits=limits).astream("hola"):
            pass

    with pytest.raises(StreamInterrupted) as raised:
        run(ask())

    assert raised.value.partial == "La partida doble"


@pytest.mark.parametrize(("fault", "dialect"), matrix(["hang", "hang-first-token", "stall", "loop"]))
def test_cancelling_from_a_thread_wakes_the_reader_and_closes_the_upstream(
    server: LLMServer, fault: str, dialect: str
) -> None:
    cancelled_at: list[float] = []

    async def ask() -> None:
        stream = gateway(server, {dialect: fault}, limits=PATIENT).astream("hola")

        def cancel() -> None:
            assert server.wait_for(lambda: server.of(dialect))
            time.sleep(0.05)
            cancelled_at.append(time.monotonic())
            stream.cancel()

        threading.Thread(target=cancel).start()
        with pytest.raises(Cancelled):
            async for _piece in stream:
                pass
        assert time.monotonic() - cancelled_at[0] < SEEN_S

    run(ask())

    assert server.wait_for(lambda: server.of(dialect)[0].closed_at)
    assert server.of(dialect)[0].closed_at - cancelled_at[0] < SEEN_S


def test_cancelling_the_task_closes_the_upstream(server: LLMServer) -> None:
    async def ask() -> None:
        made = gateway(server, {"openai": "hang"}, limits=PATIENT)
        task = asyncio.create_task(made.acomplete("hola"))
        await asyncio.to_thread(server.wait_for, lambda: server.of("openai"))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.wait_for, lambda: server.of("openai")[0].closed_at, SEEN_S)
        assert made.get_status()["providers"][0]["breaker"]["failures"] == 0

    run(ask())


def test_a_cancel_closes_the_upstream_while_nobody_reads(server: LLMServer) -> None:
    async def ask() -> None:
        stream = gateway(server, {"openai": "loop"}, limits=PATIENT).astream("hola")
        await anext(stream)
        stream.cancel()
        assert await asyncio.to_thread(server.wait_for, lambda: server.of("openai")[0].closed_at, SEEN_S)
        with pytest.raises(Cancelled):
            await anext(stream)

    run(ask())


def test_leaving_a_stream_closes_the_upstream(server: LLMServer) -> None:
    async def ask() -> None:
        async with gateway(server, {"openai": "loop"}, limits=PATIENT).astream("hola") as stream:
            await anext(stream)
        assert await asyncio.to_thread(server.wait_for, lambda: server.of("openai")[0].closed_at, SEEN_S)

    run(ask())


@pytest.mark.parametrize("fault", ["hang", "drip,every=0.02", "429-retry-after-seconds,wait=9"])
def test_the_deadline_holds(server: LLMServer, fault: str) -> None:
    limits = Limits(deadline_s=0.4, connect_s=0.3, first_token_s=5, idle_s=5)
    began = time.monotonic()

    with pytest.raises((DeadlineExceeded, AllProvidersFailed)):
        run(gateway(server, {"openai": fault}, limits=limits).acomplete("hola"))

    assert time.monotonic() - began < 0.55


def test_a_retry_after_is_waited_for_and_can_be_cancelled(server: LLMServer) -> None:
    server.queue("openai", "429-retry-after-ms,wait=0.2", "ok", "429-retry-after-ms,wait=8")
    token = CancelToken()

    async def ask() -> None:
        made = gateway(server, limits=PATIENT)
        assert await made.agenerate("hola") == DEFAULT_TEXT
        asyncio.get_running_loop().call_later(0.2, token.cancel)
        with pytest.raises(Cancelled):
            await made.acomplete("hola", cancel=token)

    began = time.monotonic()
    run(ask())
    assert time.monotonic() - began < 2


def test_both_twins_share_breakers_and_counts(server: LLMServer) -> None:
    made = gateway(server, {"openai": "401", "anthropic": ""})

    assert run(made.acomplete("hola")).provider == "anthropic"
    assert made.complete("hola").provider == "anthropic"

    assert len(server.of("openai")) == 1
    assert made.get_status()["providers"][1]["usage"]["calls"] == 2


def test_one_gateway_serves_loop_after_loop(server: LLMServer) -> None:
    made = gateway(server)

    assert [run(made.agenerate("hola")) for _ in range(3)] == [DEFAULT_TEXT] * 3


def test_many_tasks_run_at_once_over_kept_connections(server: LLMServer) -> None:
    async def ask() -> None:
        made = gateway(server, {"openai": "ok,delay=0.05"})
        for _round in range(2):
            answers = await asyncio.gather(*(made.agenerate("hola") for _ in range(10)))
            assert answers == [DEFAULT_TEXT] * 10
        assert len({received.connection for received in server.of("openai")}) == 10
        await made.ashutdown()

    run(ask())


def test_structured_output_works_there_too(server: LLMServer) -> None:
    server.queue("google", "not-matching")

    assert run(gateway(server, {"google": ""}).acomplete("hola", schema=SCHEMA)).data["importe"] == 1.5
