"""Answers by a schema: asked for in each dialect, checked here, mended once."""

from __future__ import annotations

import pytest

from services.llm_gateway import AllProvidersFailed
from services.llm_gateway.structured import read
from tests.gateway.gateways import REMOTE, gateway
from tests.gateway.questions import SCHEMA
from tests.llm_server import DEFAULT_TEXT, LLMServer

INSTANCE = {"cuenta": "ñandú", "importe": 1.5}


@pytest.mark.parametrize("provider", [*REMOTE, "local"])
def test_an_answer_by_a_schema_comes_parsed(server: LLMServer, provider: str) -> None:
    completion = gateway(server, {provider: ""}).complete("¿Cuánto?", schema=SCHEMA)

    assert completion.data == INSTANCE
    assert len(server.of(provider)) == 1


@pytest.mark.parametrize("provider", REMOTE)
def test_a_wrong_answer_is_mended_once_by_showing_the_model_its_fault(server: LLMServer, provider: str) -> None:
    server.queue(provider, "not-matching")
    made = gateway(server, {provider: ""})

    completion = made.complete("¿Cuánto?", schema=SCHEMA)

    assert completion.data == INSTANCE
    assert "ñandú" in completion.text
    first, second = (received.body.decode() for received in server.of(provider))
    assert DEFAULT_TEXT not in first
    assert DEFAULT_TEXT in second
    assert "not JSON" in second
    assert completion.usage.prompt_tokens == 24  # both requests were paid


def test_an_answer_that_stays_wrong_falls_back(server: LLMServer) -> None:
    made = gateway(server, {"openai": "not-matching", "anthropic": ""})

    completion = made.complete("¿Cuánto?", schema=SCHEMA)

    assert (completion.provider, completion.data) == ("anthropic", INSTANCE)
    assert completion.attempts[0].outcome == "invalid_answer"
    assert len(server.of("openai")) == 2


def test_when_no_answer_satisfies_the_schema_the_call_fails(server: LLMServer) -> None:
    with pytest.raises(AllProvidersFailed, match="not JSON"):
        gateway(server, {"openai": "not-matching"}).complete("¿Cuánto?", schema=SCHEMA)


def test_a_schema_that_is_none_is_the_callers_mistake(server: LLMServer) -> None:
    with pytest.raises(ValueError, match="schema"):
        gateway(server).complete("hola", schema={"type": "no such type"})

    assert server.received == []


@pytest.mark.parametrize("text", ['```json\n{"cuenta": "a", "importe": 1}\n```', '{"cuenta": "a", "importe": 1}\n'])
def test_json_is_read_out_of_a_fence_too(text: str) -> None:
    assert read(text, SCHEMA) == {"cuenta": "a", "importe": 1}


@pytest.mark.parametrize("provider", REMOTE)
def test_stop_sequences_end_the_answer(server: LLMServer, provider: str) -> None:
    made = gateway(server, {provider: ""})

    assert made.complete("hola", stop=" cada").text == "La partida doble registra"
    assert "".join(made.stream("hola", stop=[" cada"])) == "La partida doble registra"
