"""Our requests are those of the vendors' own SDKs, byte for meaning: the oracle of the dialects."""

from __future__ import annotations

from typing import Any

import openai
import pytest

from services.llm_gateway import LLMGateway
from tests.gateway.gateways import gateway
from tests.gateway.questions import SCHEMA, SYSTEM, USER
from tests.gateway.sdks import MODELS, SDKS
from tests.llm_server import LLMServer, Received

# What each SDK is told so as to ask the same. Anthropic's speaks a version without `temperature`; we
# the one before it, which the SDK takes as an extra header.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "openai": {
        "max_tokens": openai.omit, "max_completion_tokens": 300, "temperature": 0.3, "top_p": 0.8, "stop": ["FIN"],
    },
    "anthropic": {
        "extra_headers": {"anthropic-version": "2023-06-01"}, "extra_body": {"temperature": 0.3},
        "stop_sequences": ["FIN"],
    },
    "google": {"temperature": 0.3, "top_p": 0.8, "stop_sequences": ["FIN"]},
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "openai": {"response_format": {
        "type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA, "strict": True},
    }},
    "anthropic": {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}},
    "google": {"response_mime_type": "application/json", "response_json_schema": SCHEMA},
}
# Headers that carry meaning at the vendor; the rest says which software speaks.
HEADERS = ("content-type", "anthropic-version")


def request_of(server: LLMServer) -> Received:
    (received,) = [one for one in server.received if one.method == "POST"]
    server.received.clear()
    return received


def meaning(received: Received) -> tuple[Any, ...]:
    headers = {name: received.headers.get(name) for name in HEADERS}
    return received.method, received.path, received.query, headers, received.json


def ours(made: LLMGateway, way: str, **options: Any) -> None:
    if way == "stream":
        list(made.stream(USER, SYSTEM, **options))
    else:
        made.complete(USER, SYSTEM, **options)


@pytest.mark.parametrize("way", ["ask", "stream"])
@pytest.mark.parametrize("vendor", [*SDKS])
def test_a_request_is_the_one_the_sdk_sends(server: LLMServer, vendor: str, way: str) -> None:
    getattr(SDKS[vendor], way)(server, **ARGUMENTS[vendor])
    theirs = request_of(server)

    ours(gateway(server, {vendor: ""}), way, max_tokens=300, temperature=0.3, top_p=0.8, stop=["FIN"])

    assert meaning(request_of(server)) == meaning(theirs)


@pytest.mark.parametrize("vendor", [*SDKS])
def test_a_request_for_structured_output_is_the_one_the_sdk_sends(server: LLMServer, vendor: str) -> None:
    SDKS[vendor].ask(server, **{**ARGUMENTS[vendor], **SCHEMAS[vendor]})
    theirs = request_of(server)

    ours(gateway(server, {vendor: ""}), "ask", max_tokens=300, temperature=0.3, top_p=0.8, stop="FIN", schema=SCHEMA)

    assert meaning(request_of(server)) == meaning(theirs)


@pytest.mark.parametrize("vendor", [*SDKS])
def test_no_empty_system_prompt_is_sent(server: LLMServer, vendor: str) -> None:
    gateway(server, {vendor: ""}).complete(USER)

    body = request_of(server).json
    assert "system" not in body
    assert "systemInstruction" not in body
    assert [message["role"] for message in body.get("messages", body.get("contents"))] == ["user"]


def test_the_local_server_is_asked_in_the_older_words(server: LLMServer) -> None:
    gateway(server, {"local": ""}).complete(USER, max_tokens=7)

    body = request_of(server).json
    assert (body["model"], body["max_tokens"]) == ("local-model", 7)
    assert "max_completion_tokens" not in body


def test_the_successor_of_the_openai_default_is_asked_without_reasoning(server: LLMServer) -> None:
    made = gateway(server, {"openai": ""})
    server.queue("openai", "404")
    made.complete(USER)

    last = server.of("openai")[-1].json
    assert (last["model"], last["reasoning_effort"], last["temperature"]) == ("gpt-6-luna", "none", 0.7)


@pytest.mark.parametrize("text", ["ñandú «€» 日本 🧮", "half a pair \ud800", "\x00 and \u2028", "x" * 200_000])
@pytest.mark.parametrize("vendor", [*SDKS])
def test_any_text_can_be_asked(server: LLMServer, vendor: str, text: str) -> None:
    assert gateway(server, {vendor: ""}).complete(text, text).text

    assert len(request_of(server).body) >= len(text)


@pytest.mark.parametrize("model", ["a/b?key=c#d", "models/gemini x", "ñ"])
def test_a_strange_model_name_stays_in_its_place(server: LLMServer, model: str) -> None:
    made = gateway(server, {"google": ""})
    object.__setattr__(made.config.providers[0], "model", model)

    assert LLMGateway(made.config).complete(USER).text
    assert request_of(server).query == ""


def test_the_models_used_here_are_the_documented_defaults() -> None:
    assert MODELS == {
        "openai": "gpt-4o-mini", "anthropic": "claude-3-5-haiku-20241022", "google": "gemini-2.0-flash-exp",
    }
