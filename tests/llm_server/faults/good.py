"""Good answers in unusual form."""

from __future__ import annotations

import json

from tests.llm_server.answers import Answer, Ask, answer
from tests.llm_server.exchange import Exchange
from tests.llm_server.faults.registry import Options, fault, send, send_frames
from tests.llm_server.wire import Dialect


@fault("ok")
def ok(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Answer well: `delay` before each frame, `tokens` words instead of the server's text."""
    text = "palabra " * int(options["tokens"]) if "tokens" in options else exchange.text
    send(exchange, dialect, ask, answer(ask, text), options.get("delay", 0.0))


@fault("loop")
def loop(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Stream for ever, a token each `delay` (10 ms)."""
    said = answer(ask)
    exchange.open_stream()
    for frame in dialect.opening(said):
        exchange.piece(frame)
    while True:
        exchange.piece(dialect.token(said, "otra vez "))
        exchange.pause(options.get("delay", 0.01))


@fault("length")
def length(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Stop at a length limit that nobody asked for."""
    send(exchange, dialect, ask, Answer(ask.model, answer(ask).tokens[:4], finish="length"))


@fault("comments")
def comments(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Put SSE comments and empty lines between the frames."""
    frames = [b": keep-alive\n\n\n" + frame for frame in dialect.frames(answer(ask), ask)]
    _stream_or_whole(exchange, dialect, ask, frames)


@fault("fields")
def fields(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Use SSE's other fields, unknown ones, an event without data, and data without a space: all legal."""
    noise = b"retry: 3000\nid: 7\n\n:\n\nevent: none\n\n"
    frames = [noise + b"id: 8\nx-unknown\n" + frame for frame in dialect.frames(answer(ask), ask)]
    _stream_or_whole(exchange, dialect, ask, [frame.replace(b"data: ", b"data:", 1) for frame in frames])


@fault("crlf")
def crlf(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """End lines with CR LF."""
    _stream_or_whole(exchange, dialect, ask, [f.replace(b"\n", b"\r\n") for f in dialect.frames(answer(ask), ask)])


@fault("split")
def split(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send every byte as a chunk of its own: characters and frames are cut everywhere."""
    whole = json.dumps(dialect.whole(answer(ask)), ensure_ascii=False).encode()
    data = b"".join(dialect.frames(answer(ask), ask)) if ask.stream else whole
    exchange.open_stream("text/event-stream" if ask.stream else "application/json")
    for position in range(len(data)):
        exchange.piece(data[position : position + 1])
    exchange.end_stream()


@fault("glued")
def glued(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send all frames in one chunk."""
    _stream_or_whole(exchange, dialect, ask, [b"".join(dialect.frames(answer(ask), ask))])


@fault("stale-keep-alive")
def stale_keep_alive(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Answer well, then close the connection that the client believes alive."""
    send(exchange, dialect, ask, answer(ask))
    exchange.hang_up()


@fault("gone-when-reused")
def gone_when_reused(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Answer well once a connection, and close it under the second request: too late for the client to notice."""
    if exchange.received.turn:
        exchange.hang_up()
    else:
        send(exchange, dialect, ask, answer(ask))


def _stream_or_whole(exchange: Exchange, dialect: Dialect, ask: Ask, frames: list[bytes]) -> None:
    if ask.stream:
        send_frames(exchange, frames)
    else:
        exchange.json(dialect.whole(answer(ask)))
