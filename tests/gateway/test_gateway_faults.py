"""What each fault means, in each dialect, asked whole and as a stream; and that the next provider answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from services.llm_gateway import Completion, Finish, Limits, Refused, StreamInterrupted
from tests.gateway.gateways import CALM, QUICK, REMOTE, ask, gateway
from tests.llm_server import DEFAULT_TEXT, FAULTS, LLMServer

# Fault: what the attempt is called, how many requests it takes before the next provider is asked.
FALLS_BACK = {
    "hang": ("timeout", 1),
    "hang-first-token": ("timeout", 1),
    "pings": ("timeout", 1),
    "reset": ("transient", 2),
    "hang-up": ("transient", 2),
    "429": ("rate_limited", 1),
    "429-retry-after-seconds": ("rate_limited", 1),
    "429-retry-after-ms": ("rate_limited", 1),
    "429-retry-after-date": ("rate_limited", 1),
    "429-retry-info": ("rate_limited", 1),
    "quota": ("quota_exhausted", 1),
    "401": ("auth_failed", 1),
    "403": ("auth_failed", 1),
    "404": ("model_unavailable", 2),  # the model and its successor
    "400": ("bad_request", 1),
    "context": ("context_too_long", 1),
    "500": ("transient", 2),
    "503": ("transient", 2),
    "529": ("transient", 2),
    "echo-key": ("transient", 2),
    "redirect": ("transient", 2),
    "html": ("transient", 2),
    "html-502": ("transient", 2),
    "bad-json": ("transient", 2),
    "not-an-object": ("transient", 2),
    "wrong-shape": ("transient", 2),
    "wrong-type": ("transient", 2),
    "nothing": ("transient", 2),
    "empty": ("empty_response", 2),
    "error-first": ("transient", 2),
    "huge,mb=10": ("transient", 2),
    "gzip": ("transient", 2),
    "no-content": ("transient", 2),
    "garbage": ("transient", 2),
    "bad-chunk": ("transient", 2),
    "huge-head": ("transient", 2),
    "drip-head": ("timeout", 1),
}
# After the first text: the whole answer falls back, the stream says that it is not whole.
BREAKS_STREAMS = {
    "reset-middle": ("transient", 2),
    "cut": ("transient", 2),
    "truncated": ("transient", 2),
    "error-middle": ("transient", 2),
    "no-finish": ("transient", 2),
    "stall": ("timeout", 1),
    "stall-pings": ("timeout", 1),
}
REFUSALS = ("refusal", "blocked", "blocked-middle")
GOOD = (
    "ok", "comments", "fields", "crlf", "split", "glued", "stale-keep-alive", "not-matching", "early-hints",
    "close-delimited", "gone-when-reused",
)
SPECIAL = ("drip", "loop", "length", "huge", "400-unsupported")  # in tests of their own


def test_every_fault_of_the_server_is_tried() -> None:
    tried = {name.partition(",")[0] for name in (*FALLS_BACK, *BREAKS_STREAMS, *REFUSALS, *GOOD, *SPECIAL)}

    assert tried == set(FAULTS)


# What happens below the dialects is tried in one of them; in the others by `make test-slow`.
BELOW = {
    "hang", "hang-first-token", "pings", "reset", "hang-up", "echo-key", "redirect", "html", "html-502", "nothing",
    "wrong-type", "huge,mb=10", "429-retry-after-seconds", "429-retry-after-ms", "429-retry-after-date", "reset-middle",
    "cut", "stall", "stall-pings", "split", "glued", "crlf", "fields", "stale-keep-alive", "not-matching",
}


def matrix(faults: Iterable[str]) -> list[Any]:
    """Every fault in every dialect."""
    return [
        pytest.param(fault, dialect, marks=[pytest.mark.slow] if fault in BELOW and dialect != "openai" else [])
        for fault in faults for dialect in REMOTE
    ]


def limits_for(code: str) -> Limits:
    return QUICK if code == "timeout" else CALM


def second_of(dialect: str) -> str:
    return "anthropic" if dialect == "openai" else "openai"


@pytest.mark.parametrize("way", ["whole", "stream"])
@pytest.mark.parametrize(("fault", "dialect"), matrix(FALLS_BACK))
def test_a_fault_before_the_first_text_falls_back(server: LLMServer, fault: str, dialect: str, way: str) -> None:
    code, requests = FALLS_BACK[fault]
    made = gateway(server, {dialect: fault, second_of(dialect): ""}, limits=limits_for(code))

    if way == "whole":
        completion = made.complete("hola")
    else:
        with made.stream("hola") as stream:
            assert "".join(stream) == DEFAULT_TEXT
        completion = stream.completion

    assert completion.text == DEFAULT_TEXT
    assert completion.provider == second_of(dialect)
    assert [attempt.outcome for attempt in completion.attempts] == [code] * requests + ["ok"]
    assert len(server.of(dialect)) == requests


@pytest.mark.parametrize(("fault", "dialect"), matrix(BREAKS_STREAMS))
def test_a_whole_answer_that_breaks_off_falls_back(server: LLMServer, fault: str, dialect: str) -> None:
    code, requests = BREAKS_STREAMS[fault]
    made = gateway(server, {dialect: fault, second_of(dialect): ""}, limits=limits_for(code))

    completion = made.complete("hola")

    assert completion.text == DEFAULT_TEXT
    assert [attempt.outcome for attempt in completion.attempts] == [code] * requests + ["ok"]


@pytest.mark.parametrize(("fault", "dialect"), matrix(BREAKS_STREAMS))
def test_a_stream_that_breaks_off_says_so_and_is_never_spliced(server: LLMServer, fault: str, dialect: str) -> None:
    code, _requests = BREAKS_STREAMS[fault]
    made = gateway(server, {dialect: fault, second_of(dialect): ""}, limits=limits_for(code))
    pieces: list[str] = []

    with pytest.raises(StreamInterrupted) as raised:
        pieces.extend(made.stream("hola"))

    assert raised.value.partial == "La partida doble"
    assert raised.value.cause_code == code
    assert server.of(second_of(dialect)) == []


@pytest.mark.parametrize("way", ["whole", "stream"])
@pytest.mark.parametrize("dialect", REMOTE)
@pytest.mark.parametrize("fault", REFUSALS)
def test_a_refusal_is_the_answer_and_nobody_else_is_asked(
    server: LLMServer, fault: str, dialect: str, way: str
) -> None:
    made = gateway(server, {dialect: fault, second_of(dialect): ""})
    error = StreamInterrupted if (fault, way) == ("blocked-middle", "stream") else Refused

    with pytest.raises(error):
        ask(made, way)

    assert server.of(second_of(dialect)) == []
    assert made.get_status()["providers"][0]["breaker"]["state"] == "closed"


@pytest.mark.parametrize("way", ["whole", "stream"])
@pytest.mark.parametrize(("fault", "dialect"), matrix(GOOD))
def test_a_good_answer_in_unusual_form_is_read(server: LLMServer, fault: str, dialect: str, way: str) -> None:
    made = gateway(server, {dialect: fault})

    assert ask(made, way) == DEFAULT_TEXT
    assert ask(made, way) == DEFAULT_TEXT


@pytest.mark.parametrize("dialect", REMOTE)
def test_a_kept_connection_that_is_gone_is_no_failure_of_the_providers(server: LLMServer, dialect: str) -> None:
    made = gateway(server, {dialect: "gone-when-reused"})

    async def twice() -> list[Completion]:
        return [await made.acomplete("hola") for _ in range(2)]

    completions = [made.complete("hola") for _ in range(2)] + asyncio.run(twice())

    assert [[attempt.outcome for attempt in completion.attempts] for completion in completions] == [["ok"]] * 4
    assert [received.turn for received in server.of(dialect)] == [0, 1, 0] * 2


@pytest.mark.parametrize("way", ["whole", "stream"])
@pytest.mark.parametrize("dialect", REMOTE)
def test_an_answer_cut_by_its_length_says_so(server: LLMServer, dialect: str, way: str) -> None:
    made = gateway(server, {dialect: "length"})
    if way == "whole":
        completion = made.complete("hola")
    else:
        stream = made.stream("hola")
        assert "".join(stream) == "La partida doble registra"
        completion = stream.completion

    assert (completion.text, completion.finish) == ("La partida doble registra", "length")


@pytest.mark.parametrize("dialect", REMOTE)
def test_a_stream_that_knows_no_end_is_cut_at_what_its_tokens_can_be(server: LLMServer, dialect: str) -> None:
    made = gateway(server, {dialect: "loop,delay=0"})
    stream = made.stream("hola", max_tokens=20)

    text = "".join(stream)

    assert 20 * 9 < len(text) < 20 * 50
    assert stream.completion is not None
    assert stream.completion.finish is Finish.LENGTH
