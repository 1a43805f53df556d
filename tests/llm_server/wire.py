"""What a dialect must be able to say."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.llm_server.answers import Answer, Ask
from tests.llm_server.received import Received


class Refuse(Exception):
    """The request breaks the dialect's rules: a failure kind, and the vendor's message where it is not the usual."""

    def __init__(self, kind: str, message: str | None = None) -> None:
        super().__init__(kind, message)
        self.kind = kind
        self.message = message


@dataclass(frozen=True)
class Error:
    """A vendor's error answer."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


class Dialect(ABC):
    """One vendor's wire format.

    `failure` kinds: rate-limit, quota, auth, forbidden, model, bad-request, context, internal, unavailable, overloaded.
    """

    name: ClassVar[str]

    @abstractmethod
    def read(self, received: Received) -> Ask:
        """Understand a request, as strictly as the vendor; raise `Refuse` otherwise."""

    @abstractmethod
    def whole(self, answer: Answer) -> dict[str, Any]:
        """The body of a whole answer."""

    @abstractmethod
    def opening(self, answer: Answer) -> list[bytes]:
        """The frames before the first token."""

    @abstractmethod
    def token(self, answer: Answer, text: str) -> bytes:
        """The frame of one token."""

    @abstractmethod
    def closing(self, answer: Answer, ask: Ask) -> list[bytes]:
        """The frames after the last token; without them the stream is truncated."""

    @abstractmethod
    def ping(self) -> bytes:
        """A frame that carries no text."""

    @abstractmethod
    def failure(self, kind: str, ask: Ask, key: str, message: str | None = None) -> Error:
        """The error answer of that kind. `key` is the caller's credential: some vendors echo it."""

    @abstractmethod
    def error_frame(self) -> bytes:
        """The frame of an error in mid-stream."""

    @abstractmethod
    def refusal(self, answer: Answer, *, blocked: bool) -> tuple[dict[str, Any], list[bytes]]:
        """A refusal, whole and streamed: by the model, or `blocked` by the vendor's filter."""

    @abstractmethod
    def models(self) -> dict[str, Any]:
        """The list of models."""

    def frames(self, answer: Answer, ask: Ask) -> Iterator[bytes]:
        """A whole stream."""
        yield from self.opening(answer)
        for text in answer.tokens:
            yield self.token(answer, text)
        yield from self.closing(answer, ask)


def check_fields(body: dict[str, Any], known: set[str], required: set[str]) -> None:
    """Refuse a body with fields that the vendor does not know, or without one that it needs."""
    for name in sorted(set(body) - known):
        raise Refuse("bad-request", f"{name}: Extra inputs are not permitted")
    for name in sorted(required - set(body)):
        raise Refuse("bad-request", f"{name}: Field required")


def sse(data: dict[str, Any] | str, event: str | None = None) -> bytes:
    """One server-sent event."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return (f"event: {event}\n" if event else "").encode() + f"data: {text}\n\n".encode()
