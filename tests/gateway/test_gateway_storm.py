"""Everything at once: many threads and loops under every fault, and three failures deep to a real model."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from services.llm_gateway import (
    GatewayConfig,
    GatewayError,
    LLMGateway,
    LocalLimits,
    ProviderConfig,
    ProviderType,
)
from tests.gateway.gateways import CALM, QUICK, REMOTE, entry, gateway
from tests.llm_server import DEFAULT_TEXT, FAULTS, LLMServer
from tests.tiny_gguf import SENTENCE

SLOW = {"huge", "drip-head"}  # megabytes and seconds for nothing that the others do not show
WHOLE = {DEFAULT_TEXT, "La partida doble registra"}


async def heard(made: LLMGateway) -> str:
    return "".join([piece async for piece in made.astream("hola")])


def said_when_cancelled(made: LLMGateway) -> str:
    stream = made.stream("hola")
    threading.Timer(0.02, stream.cancel).start()
    return "".join(stream)


def said_when_left(made: LLMGateway) -> str:
    with made.stream("hola") as stream:
        next(stream)
    return DEFAULT_TEXT


WAYS: dict[str, Callable[[LLMGateway], str]] = {
    "whole": lambda made: made.complete("hola").text,
    "stream": lambda made: "".join(made.stream("hola")),
    "async whole": lambda made: asyncio.run(made.agenerate("hola")),
    "async stream": lambda made: asyncio.run(heard(made)),
    "cancelled": said_when_cancelled,
    "left": said_when_left,
}


def outcome_of(made: LLMGateway, way: str) -> tuple[str, str]:
    """`ok` and the whole answer, or an error's code and what came of the answer."""
    try:
        return "ok", WAYS[way](made)
    except GatewayError as error:
        return error.code, getattr(error, "partial", "")


def is_true(outcome: str, text: str) -> bool:
    """Whether a text is what one model said, whole or up to a point."""
    if outcome == "ok":
        return text in WHOLE
    return DEFAULT_TEXT.startswith(text) or not text.replace("otra vez ", "")


@pytest.mark.parametrize("seed", range(2))
def test_in_a_storm_of_faults_an_answer_is_whole_or_an_error_of_ours(server: LLMServer, seed: int) -> None:
    dice = random.Random(seed)
    for provider in REMOTE:
        server.queue(provider, *dice.choices([*sorted(set(FAULTS) - SLOW), *["ok"] * 20], k=300))
    made = gateway(server, dict.fromkeys(REMOTE, ""), limits=QUICK)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda way: outcome_of(made, way), dice.choices(list(WAYS), k=80)))

    assert [outcome for outcome in outcomes if not is_true(*outcome)] == []
    assert sum(code == "ok" for code, _text in outcomes) > 30
    made.shutdown()
    assert server.wait_for(lambda: not server.open_connections)
    assert all(one.done_at or one.closed_at for one in server.received)


def test_loops_that_end_leave_no_connection_behind(server: LLMServer) -> None:
    made = gateway(server, {"openai": ""}, limits=CALM)

    for _ in range(5):
        assert asyncio.run(made.agenerate("hola")) == DEFAULT_TEXT

    assert server.wait_for(lambda: not server.open_connections)


@pytest.mark.parametrize("way", ["whole", "stream", "async whole", "async stream"])
def test_three_failures_deep_the_model_on_this_machine_answers(
    server: LLMServer, tiny: dict[str, Path], way: str
) -> None:
    remote = [entry(server, name, fault) for name, fault in zip(REMOTE, ("500", "quota", "hang"), strict=True)]
    local = ProviderConfig(ProviderType.LOCAL, "tiny", path=tiny["q3_k_s"])
    config = GatewayConfig(
        (*remote, local), limits=replace(CALM, first_token_s=0.2), local=LocalLimits(context_tokens=256)
    )
    made = LLMGateway(config)

    try:
        assert WAYS[way](made) == SENTENCE
        assert WAYS[way](made) == SENTENCE
    finally:
        made.shutdown()

    assert made.get_status()["available_providers"] == 1
