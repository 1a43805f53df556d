"""What the loop asks of the outside: the only words between its decisions and the I/O.

The loop is a generator that yields these; a driver carries each out, in threads or on an event
loop, and sends back what came of it or throws in the Failure that it met. So one loop serves both
twins and is tested without a network. Moments (`until`) are of the monotonic clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.llm_gateway.calls import HttpRequest
from services.llm_gateway.providers.base import Engine


@dataclass(frozen=True, slots=True)
class Open:
    """Send a request and wait for the answer's head; the reply is a Head."""

    request: HttpRequest
    connect_until: float
    until: float


@dataclass(frozen=True, slots=True)
class Start:
    """Take a place at the local model; the reply is the Dialect that speaks to it."""

    engine: Engine
    until: float


@dataclass(frozen=True, slots=True)
class Read:
    """Wait for what comes next: bytes, none at the end."""

    until: float


@dataclass(frozen=True, slots=True)
class Close:
    """Let go of what is open; `whole` says that all of it was read, so its connection may live on."""

    whole: bool = False


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Emit:
    """Hand a piece of text to the caller."""

    text: str


Step = Open | Start | Read | Close | Sleep | Emit


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
