"""What the loop asks of the outside: the only words between its decisions and the I/O.

The loop is a generator that yields these; a driver carries each out, in threads or on an event
loop, and sends back what came of it or throws in the Failure that it met. So one loop serves both
twins and is tested without a network. Moments (`until`) are of the monotonic clock. Tuples, for two
are made of every token.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from services.llm_gateway.calls import HttpRequest
from services.llm_gateway.providers.base import Engine


class Open(NamedTuple):
    """Send a request and wait for the answer's head; the reply is a Head."""

    request: HttpRequest
    connect_until: float
    until: float


class Start(NamedTuple):
    """Take a place at the local model; the reply is the Dialect that speaks to it."""

    engine: Engine
    until: float


class Read(NamedTuple):
    """Wait for what comes next: bytes, none at the end."""

    until: float


class Close(NamedTuple):
    """Let go of what is open; `whole` says that all of it was read, so its connection may live on."""

    whole: bool = False


class Sleep(NamedTuple):
    """Wait."""

    seconds: float


class Emit(NamedTuple):
    """Hand a piece of text to the caller."""

    text: str


Step = Open | Start | Read | Close | Sleep | Emit


class Head(NamedTuple):
    """The head of an answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
