"""HTTP in unusual form, and what is none."""

from __future__ import annotations

import gzip
import json

from tests.llm_server.answers import Ask, answer
from tests.llm_server.exchange import Exchange
from tests.llm_server.faults.registry import Options, fault, send
from tests.llm_server.wire import Dialect


@fault("early-hints")
def early_hints(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send an informational answer before the good one."""
    exchange.head(103, {"Link": "</style.css>; rel=preload"})
    send(exchange, dialect, ask, answer(ask))


@fault("close-delimited")
def close_delimited(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send a good answer without its length, ended by the connection's end."""
    exchange.head(200, {"Content-Type": "text/event-stream" if ask.stream else "application/json"})
    exchange.raw(_good(dialect, ask))
    exchange.hang_up()


@fault("gzip")
def compressed(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send a good answer compressed, which was not asked for."""
    kind = "text/event-stream" if ask.stream else "application/json"
    exchange.body(gzip.compress(_good(dialect, ask)), kind, headers={"Content-Encoding": "gzip"})


@fault("no-content")
def no_content(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Answer 204."""
    exchange.head(204, {})


@fault("garbage")
def garbage(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Answer in another protocol."""
    exchange.raw(b"SSH-2.0-OpenSSH_9.6\r\n\x00\xff\xfe")
    exchange.hang_up()


@fault("bad-chunk")
def bad_chunk(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Announce a chunk whose length is no number."""
    exchange.open_stream("text/event-stream" if ask.stream else "application/json")
    exchange.raw(b"-7g\r\ndata: {}\r\n")
    exchange.hang_up()


@fault("huge-head")
def huge_head(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send headers of a quarter of a megabyte."""
    exchange.head(200, {f"X-Header-{number}": "x" * 1000 for number in range(250)})
    exchange.hang_up()


@fault("drip-head")
def drip_head(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send the head of an answer, a byte each `every` (50 ms)."""
    for byte in b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Slow: " + b"x" * 1000:
        exchange.raw(bytes([byte]))
        exchange.pause(options.get("every", 0.05))


def _good(dialect: Dialect, ask: Ask) -> bytes:
    said = answer(ask)
    return b"".join(dialect.frames(said, ask)) if ask.stream else json.dumps(dialect.whole(said)).encode()
