"""Connections that break, hang, stall or drip."""

from __future__ import annotations

import json
import time

from tests.llm_server.answers import Ask, answer
from tests.llm_server.exchange import Exchange
from tests.llm_server.faults.registry import Options, beginning, fault, send, send_frames
from tests.llm_server.wire import Dialect

FOREVER_S = 600.0


@fault("hang")
def hang(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Say nothing at all."""
    exchange.pause(options.get("wait", FOREVER_S))
    send(exchange, dialect, ask, answer(ask))


@fault("hang-first-token")
def hang_first_token(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send the headers, then nothing."""
    if ask.stream:
        exchange.open_stream()
    else:
        exchange.head(200, {"Content-Type": "application/json", "Content-Length": "400"})
    exchange.pause(FOREVER_S)


@fault("pings")
def pings(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send signs of life each `every` (50 ms), never a word."""
    if not ask.stream:  # white space is legal before JSON, and some proxies send it
        exchange.open_stream("application/json")
    else:
        exchange.open_stream()
        for frame in dialect.opening(answer(ask)):
            exchange.piece(frame)
    while True:
        exchange.piece(dialect.ping() if ask.stream else b" ")
        exchange.pause(options.get("every", 0.05))


@fault("reset")
def reset(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Break the connection instead of answering."""
    exchange.reset()


@fault("hang-up")
def hang_up(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Close the connection politely instead of answering."""
    exchange.hang_up()


@fault("reset-middle")
def reset_middle(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Break the connection after some text."""
    _begin(exchange, dialect, ask)
    time.sleep(0.02)  # a reset overtakes and discards what the client has not read yet
    exchange.reset()


@fault("cut")
def cut(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Close the connection in the middle of the body, against its declared length."""
    _begin(exchange, dialect, ask)
    exchange.hang_up()


@fault("truncated")
def truncated(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """End the stream as HTTP wants it, without the dialect's terminal marker; a whole body is cut in half."""
    if ask.stream:
        send_frames(exchange, beginning(dialect, answer(ask)))
    else:
        whole = json.dumps(dialect.whole(answer(ask))).encode()
        exchange.body(whole[: len(whole) // 2], "application/json")


@fault("stall")
def stall(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Stop in the middle and keep the connection."""
    _begin(exchange, dialect, ask)
    exchange.pause(FOREVER_S)


@fault("stall-pings")
def stall_pings(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Stop in the middle and send signs of life."""
    _begin(exchange, dialect, ask)
    while True:
        exchange.piece(dialect.ping() if ask.stream else b" ")
        exchange.pause(options.get("every", 0.05))


@fault("drip")
def drip(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send a good answer, a byte each `every` (50 ms)."""
    data = b"".join(dialect.frames(answer(ask), ask)) if ask.stream else json.dumps(dialect.whole(answer(ask))).encode()
    exchange.open_stream("text/event-stream" if ask.stream else "application/json")
    for position in range(len(data)):
        exchange.piece(data[position : position + 1])
        exchange.pause(options.get("every", 0.05))
    exchange.end_stream()


@fault("error-first")
def error_first(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Answer 200 and send an error where the first text should be."""
    if ask.stream:
        send_frames(exchange, [dialect.error_frame()])
    else:
        exchange.json(json.loads(dialect.error_frame().split(b"data: ", 1)[1]))


@fault("error-middle")
def error_middle(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send an error in the middle of the stream."""
    if ask.stream:
        send_frames(exchange, [*beginning(dialect, answer(ask)), dialect.error_frame()])
    else:
        exchange.json(json.loads(dialect.error_frame().split(b"data: ", 1)[1]))


@fault("huge")
def huge(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send a body without end: `mb` megabytes (64) of one word."""
    exchange.open_stream("text/event-stream" if ask.stream else "application/json")
    exchange.piece(b"data: " if ask.stream else b'{"text": "')
    for _ in range(int(options.get("mb", 64))):
        exchange.piece(b"a" * 1_000_000)
    exchange.end_stream()


def _begin(exchange: Exchange, dialect: Dialect, ask: Ask) -> None:
    if ask.stream:
        exchange.open_stream()
        for frame in beginning(dialect, answer(ask)):
            exchange.piece(frame)
    else:
        body = json.dumps(dialect.whole(answer(ask))).encode()
        exchange.head(200, {"Content-Type": "application/json", "Content-Length": str(len(body))})
        exchange.piece(body[: len(body) // 2])
