"""Answers with 200 that are none."""

from __future__ import annotations

import json
from typing import Any

from tests.llm_server.answers import Answer, Ask, answer
from tests.llm_server.exchange import Exchange
from tests.llm_server.faults.registry import Options, beginning, fault, send, send_frames
from tests.llm_server.wire import Dialect


@fault("html")
def html(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Answer 200 with the page of a captive portal."""
    exchange.body(b"<!doctype html><title>Login</title><p>Please sign in", "text/html; charset=utf-8")


@fault("html-502")
def html_502(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Answer as a proxy whose upstream is down."""
    exchange.body(b"<html><h1>502 Bad Gateway</h1></html>", "text/html", 502)


@fault("bad-json")
def bad_json(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send JSON that is none."""
    if ask.stream:
        send_frames(exchange, [b'data: {"choices": [{"delta"\n\n'])
    else:
        exchange.body(b'{"choices": [{"message": ', "application/json")


@fault("not-an-object")
def not_an_object(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send JSON of another shape."""
    if ask.stream:
        send_frames(exchange, [b"data: [1, 2]\n\n", b'data: "text"\n\n', b"data: null\n\n"])
    else:
        exchange.json([None, {"choices": 7}])


@fault("wrong-shape")
def wrong_shape(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send an object whose parts have the wrong types."""
    body: dict[str, Any] = {"choices": "x", "content": 3, "candidates": {"a": 1}, "type": "content_block_delta"}
    if ask.stream:
        send_frames(exchange, [b"data: " + json.dumps(body).encode() + b"\n\n"])
    else:
        exchange.json(body)


@fault("wrong-type")
def wrong_type(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send a good answer under the content type of a text file."""
    if ask.stream:
        exchange.open_stream("text/plain")
        for frame in dialect.frames(answer(ask), ask):
            exchange.piece(frame)
        exchange.end_stream()
    else:
        exchange.body(json.dumps(dialect.whole(answer(ask))).encode(), "text/plain")


@fault("empty")
def empty(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Finish well without a word."""
    send(exchange, dialect, ask, Answer(ask.model, ()))


@fault("nothing")
def nothing(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Answer 200 with no body at all."""
    exchange.body(b"", "text/event-stream" if ask.stream else "application/json")


@fault("no-finish")
def no_finish(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send a text without a reason why it ended."""
    if ask.stream:
        send_frames(exchange, beginning(dialect, answer(ask)))
        return
    text = json.dumps(dialect.whole(answer(ask)), ensure_ascii=False)
    for reason in ('"stop"', '"end_turn"', '"STOP"'):
        text = text.replace(f"finish_reason\": {reason}", 'finish_reason": null')
        text = text.replace(f"stop_reason\": {reason}", 'stop_reason": null')
        text = text.replace(f"finishReason\": {reason}", 'finishReason": null')
    exchange.body(text.encode(), "application/json")


@fault("not-matching")
def not_matching(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Answer a request for structured output with prose."""
    send(exchange, dialect, ask, answer(Ask(ask.model, ask.stream)))


@fault("refusal")
def refusal(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Let the model refuse."""
    _refuse(exchange, dialect, ask, blocked=False)


@fault("blocked")
def blocked(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Let the vendor's filter refuse."""
    _refuse(exchange, dialect, ask, blocked=True)


@fault("blocked-middle")
def blocked_middle(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Let the filter cut an answer that has begun."""
    send(exchange, dialect, ask, Answer(ask.model, answer(ask).tokens[:3], finish="refused"))


def _refuse(exchange: Exchange, dialect: Dialect, ask: Ask, *, blocked: bool) -> None:
    body, frames = dialect.refusal(Answer(ask.model, ()), blocked=blocked)
    if ask.stream:
        send_frames(exchange, frames)
    else:
        exchange.json(body)
