"""The vendors' own SDKs accept our test server: the proof that it speaks their formats."""

from __future__ import annotations

import json
import time

import openai
import pytest

from tests.gateway.questions import SCHEMA, SYSTEM, USER
from tests.gateway.sdks import MODELS, SDKS, Said, ask_openai, stream_openai
from tests.llm_server import DEFAULT_TEXT, FAULTS, LLMServer

VENDORS = list(SDKS)
FINISHED = {"openai": "stop", "anthropic": "end_turn", "google": "STOP"}
AT_LENGTH = {"openai": "length", "anthropic": "max_tokens", "google": "MAX_TOKENS"}
TOKENS = len(DEFAULT_TEXT.split())


def said(server: LLMServer, vendor: str, way: str, behaviour: str = "", **more: object) -> Said:
    return getattr(SDKS[vendor], way)(server, behaviour, **more)


@pytest.mark.parametrize("way", ["ask", "stream"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_an_sdk_reads_text_finish_and_usage(server: LLMServer, vendor: str, way: str) -> None:
    got = said(server, vendor, way)

    assert (got.text, got.finish) == (DEFAULT_TEXT, FINISHED[vendor])
    assert (got.prompt_tokens, got.completion_tokens) == (12, TOKENS)


@pytest.mark.parametrize(
    ("vendor", "behaviour"),
    [(vendor, behaviour) for vendor in VENDORS for behaviour in ("comments", "crlf", "split", "glued")
     if (vendor, behaviour) != ("google", "comments")],  # Google's SDK takes a comment for data
)
def test_an_sdk_reads_a_stream_in_unusual_frames(server: LLMServer, vendor: str, behaviour: str) -> None:
    assert said(server, vendor, "stream", behaviour).text == DEFAULT_TEXT


@pytest.mark.parametrize("way", ["ask", "stream"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_an_answer_stops_at_the_length_asked_for(server: LLMServer, vendor: str, way: str) -> None:
    limit = {"max_output_tokens" if vendor == "google" else "max_tokens": 3}

    got = said(server, vendor, way, **limit)

    assert (got.text, got.finish) == ("La partida doble", AT_LENGTH[vendor])


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_answer_stops_before_a_stop_sequence(server: LLMServer, vendor: str) -> None:
    name = {"openai": "stop"}.get(vendor, "stop_sequences")

    assert said(server, vendor, "ask", **{name: [" cada"]}).text == "La partida doble registra"


@pytest.mark.parametrize(
    ("vendor", "asked"),
    [
        ("openai", {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": SCHEMA}}}),
        ("anthropic", {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}),
        ("google", {"response_mime_type": "application/json", "response_json_schema": SCHEMA}),
    ],
)
def test_a_schema_gets_an_instance_of_it(server: LLMServer, vendor: str, asked: dict[str, object]) -> None:
    assert json.loads(said(server, vendor, "ask", **asked).text) == {"cuenta": "ñandú", "importe": 1.5}


@pytest.mark.parametrize(
    ("vendor", "behaviour"), [(vendor, behaviour) for vendor in VENDORS for behaviour in SDKS[vendor].errors]
)
def test_an_sdk_raises_its_own_class_for_a_failure(server: LLMServer, vendor: str, behaviour: str) -> None:
    for way in ("ask", "stream"):
        with pytest.raises(SDKS[vendor].errors[behaviour]):
            said(server, vendor, way, behaviour)


@pytest.mark.parametrize(("header", "behaviour"), [("retry-after", "seconds"), ("retry-after-ms", "ms")])
def test_an_sdk_sees_when_to_come_back(server: LLMServer, header: str, behaviour: str) -> None:
    with pytest.raises(openai.RateLimitError) as raised:
        ask_openai(server, f"429-retry-after-{behaviour},wait=2")

    assert float(raised.value.response.headers[header]) == {"seconds": 2, "ms": 2000}[behaviour]


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_sdk_lists_the_models(server: LLMServer, vendor: str) -> None:
    assert [name.removeprefix("models/") for name in SDKS[vendor].models(server)] == [MODELS[vendor]]


def test_the_server_records_what_was_asked(server: LLMServer) -> None:
    ask_openai(server)

    (received,) = server.of("openai")
    assert received.json["messages"] == [{"role": "system", "content": SYSTEM}, {"role": "user", "content": USER}]
    assert received.key == "sk-test"
    assert server.wait_for(lambda: received.done_at)
    assert received.at <= received.first_byte_at <= received.done_at
    assert received.closed_at is None


def test_the_server_sees_within_a_moment_that_a_client_left(server: LLMServer) -> None:
    client = openai.OpenAI(api_key="k", base_url=server.openai("fault/stall"), max_retries=0)
    stream = client.chat.completions.create(model="m", messages=[], stream=True)
    next(iter(stream))
    left_at = time.monotonic()

    stream.close()

    assert server.wait_for(lambda: server.of("openai")[0].closed_at)
    assert server.of("openai")[0].closed_at - left_at < 0.1


def test_behaviours_queued_for_a_label_are_given_once_and_in_order(server: LLMServer) -> None:
    server.queue("openai", "500", "429")
    for error in (openai.InternalServerError, openai.RateLimitError):
        with pytest.raises(error):
            ask_openai(server)

    assert ask_openai(server).text == DEFAULT_TEXT


def test_an_unmarked_end_passes_for_success_with_an_sdk(server: LLMServer) -> None:
    """The reason why the gateway does not build on the SDKs: half an answer, and no error."""
    got = stream_openai(server, "truncated")

    assert (got.text, got.finish) == ("La partida doble", None)


def test_every_behaviour_has_a_name_that_fits_into_a_url() -> None:
    assert len(FAULTS) > 40
    assert all(name == name.strip().lower() and "/" not in name for name in FAULTS)
