"""The register of behaviours and what they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.llm_server.answers import Answer, Ask
from tests.llm_server.exchange import Exchange
from tests.llm_server.wire import Dialect

Options = dict[str, float]
Fault = Callable[[Exchange, Dialect, Ask, Options], None]
FAULTS: dict[str, Fault] = {}


def fault(name: str) -> Callable[[Fault], Fault]:
    """Enter a behaviour under its name."""

    def enter(function: Fault) -> Fault:
        FAULTS[name] = function
        return function

    return enter


def send(exchange: Exchange, dialect: Dialect, ask: Ask, said: Answer, delay_s: float = 0.0) -> None:
    """Send a good answer, whole or streamed as asked, `delay_s` before each frame."""
    if not ask.stream:
        exchange.pause(delay_s)
        exchange.json(dialect.whole(said))
        return
    exchange.open_stream()
    for frame in dialect.frames(said, ask):
        exchange.pause(delay_s)
        exchange.piece(frame)
    exchange.end_stream()


def send_frames(exchange: Exchange, frames: Iterable[bytes]) -> None:
    """Send a stream of these frames, ended as HTTP wants it."""
    exchange.open_stream()
    for frame in frames:
        exchange.piece(frame)
    exchange.end_stream()


def beginning(dialect: Dialect, said: Answer, tokens: int = 3) -> list[bytes]:
    """The frames up to the third token."""
    return [*dialect.opening(said), *(dialect.token(said, text) for text in said.tokens[:tokens])]
