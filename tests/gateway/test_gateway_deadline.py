"""Time: one deadline over everything, a share kept for who comes next, waits only when nobody is left."""

from __future__ import annotations

import time

import pytest

from services.llm_gateway import (
    AllProvidersFailed,
    DeadlineExceeded,
    GatewayConfig,
    Limits,
    LLMGateway,
    ProviderConfig,
    ProviderType,
    StreamInterrupted,
)
from tests.gateway.gateways import REMOTE, ask, gateway
from tests.gateway.test_gateway_cancel import full_listener
from tests.llm_server import DEFAULT_TEXT, LLMServer

SLACK_S = 0.25  # of a machine under load; benchmarks/bench_gateway.py holds it to 0.1


def limits(deadline_s: float, **more: float) -> Limits:
    return Limits(**{"deadline_s": deadline_s, "connect_s": 0.3, "first_token_s": 5.0, "idle_s": 5.0, **more})


def elapsed_since(began: float) -> float:
    return time.monotonic() - began


@pytest.mark.parametrize("way", ["whole", "stream"])
@pytest.mark.parametrize("dialect", REMOTE)
def test_a_dripping_body_cannot_outlast_the_deadline(server: LLMServer, dialect: str, way: str) -> None:
    made = gateway(server, {dialect: "drip,every=0.02"}, limits=limits(0.5))
    began = time.monotonic()

    with pytest.raises((DeadlineExceeded, StreamInterrupted)):
        ask(made, way)

    assert 0.4 < elapsed_since(began) < 0.5 + SLACK_S
    assert server.wait_for(lambda: server.of(dialect)[0].closed_at)


def test_a_stream_that_goes_on_and_on_ends_with_the_deadline_and_its_text(server: LLMServer) -> None:
    made = gateway(server, {"openai": "loop,delay=0.02"}, limits=limits(0.4))
    began = time.monotonic()

    with pytest.raises(StreamInterrupted) as raised:
        ask(made, "stream")

    assert elapsed_since(began) < 0.4 + SLACK_S
    assert raised.value.cause_code == "deadline_exceeded"
    assert raised.value.partial.startswith("otra vez otra vez")


@pytest.mark.parametrize("way", ["whole", "stream"])
def test_a_share_of_the_deadline_is_kept_for_the_next_provider(server: LLMServer, way: str) -> None:
    made = gateway(server, {"openai": "hang", "anthropic": "drip,every=0.05", "google": ""}, limits=limits(1.0))
    began = time.monotonic()

    assert ask(made, way) == DEFAULT_TEXT

    assert elapsed_since(began) < 1.0


@pytest.mark.parametrize("way", ["whole", "stream"])
def test_a_hang_costs_no_more_than_the_limit_for_the_first_text(server: LLMServer, way: str) -> None:
    made = gateway(server, {"openai": "hang", "anthropic": ""}, limits=limits(10, first_token_s=0.3))
    ask(made, way, preferred_provider="anthropic")  # imports and connects
    began = time.monotonic()

    assert ask(made, way) == DEFAULT_TEXT

    assert elapsed_since(began) < 0.3 + SLACK_S


@pytest.mark.parametrize("fault", ["500", "429", "quota"])
def test_the_next_provider_answers_soon_after_a_failure(server: LLMServer, fault: str) -> None:
    made = gateway(server, {"openai": fault, "anthropic": ""}, limits=Limits())
    ask(made, "whole", preferred_provider="anthropic")
    began = time.monotonic()

    assert ask(made, "whole") == DEFAULT_TEXT

    assert elapsed_since(began) < 0.3 + SLACK_S


def test_a_connection_that_does_not_come_about_costs_the_connect_limit(server: LLMServer) -> None:
    with full_listener() as port:
        nowhere = ProviderConfig(ProviderType.LOCAL, "m", f"http://127.0.0.1:{port}/v1")
        there = gateway(server).config.providers
        made = LLMGateway(GatewayConfig((nowhere, *there), limits=limits(10)))
        began = time.monotonic()

        completion = made.complete("hola")

    assert [attempt.outcome for attempt in completion.attempts] == ["timeout", "ok"]
    assert elapsed_since(began) < 0.3 + SLACK_S


def test_a_call_without_patience_neither_waits_nor_asks_who_is_left_in_peace(server: LLMServer) -> None:
    server.queue("openai", "429-retry-after-seconds,wait=2", "ok")
    made = gateway(server, limits=limits(5))
    began = time.monotonic()

    for _ in range(2):
        with pytest.raises(AllProvidersFailed):
            made.complete("hola", patient=False)

    assert elapsed_since(began) < 1.0
    assert len(server.of("openai")) == 1


@pytest.mark.parametrize("form", ["seconds", "ms", "date"])
def test_retry_after_is_waited_for_when_nobody_else_is_left(server: LLMServer, form: str) -> None:
    server.queue("openai", f"429-retry-after-{form},wait=1", "ok")
    made = gateway(server, limits=limits(5))
    began = time.monotonic()

    completion = made.complete("hola")

    assert [attempt.outcome for attempt in completion.attempts] == ["rate_limited", "ok"]
    assert (0.0 if form == "date" else 0.95) < elapsed_since(began) < 1.0 + SLACK_S


def test_retry_info_is_waited_for_too(server: LLMServer) -> None:
    server.queue("google", "429-retry-info,wait=0.3", "ok")

    assert ask(gateway(server, {"google": ""}, limits=limits(5)), "stream") == DEFAULT_TEXT


def test_retry_after_is_not_waited_for_while_another_provider_is_left(server: LLMServer) -> None:
    made = gateway(server, {"openai": "429-retry-after-seconds,wait=2", "anthropic": ""}, limits=limits(5))
    began = time.monotonic()

    assert ask(made, "whole") == DEFAULT_TEXT

    assert elapsed_since(began) < 1.0


def test_the_provider_that_is_back_first_is_waited_for(server: LLMServer) -> None:
    server.queue("openai", "429-retry-after-seconds,wait=3", "ok")
    server.queue("anthropic", "429-retry-after-ms,wait=0.3", "ok")
    made = gateway(server, {"openai": "", "anthropic": ""}, limits=limits(5))

    completion = made.complete("hola")

    assert completion.provider == "anthropic"
    assert completion.elapsed_ms < 1000


def test_a_retry_after_beyond_the_deadline_fails_at_once(server: LLMServer) -> None:
    made = gateway(server, {"openai": "429-retry-after-seconds,wait=3"}, limits=limits(2))
    began = time.monotonic()

    with pytest.raises(AllProvidersFailed) as raised:
        made.complete("hola")

    assert elapsed_since(began) < 1.0
    assert [attempt.outcome for attempt in raised.value.attempts] == ["rate_limited"]


def test_a_call_may_bring_its_own_deadline(server: LLMServer) -> None:
    began = time.monotonic()

    with pytest.raises(DeadlineExceeded) as raised:
        gateway(server, {"openai": "hang"}, limits=limits(60)).complete("hola", deadline_s=0.2)

    assert elapsed_since(began) < 0.2 + SLACK_S
    assert [attempt.outcome for attempt in raised.value.attempts] == ["timeout"]
