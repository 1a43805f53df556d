"""What goes into a call and what comes out of it: records without behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class ProviderType(StrEnum):
    """Who answers; the order of the members is the order of fallback."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GOOGLE = "google"
    LOCAL = "local"


class ProviderStatus(StrEnum):
    """How a provider stands."""

    AVAILABLE = "available"
    UNAVAILABLE = "unavailable"
    ERROR = "error"
    QUOTA_EXCEEDED = "quota_exceeded"


class Finish(StrEnum):
    """Why a model stopped; a refusal is not a finish but the error `Refused`."""

    STOP = "stop"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked, in no vendor's words.

    `schema` is a JSON schema (an object at its root) that the answer must satisfy. `unsupported`
    names the parameters that the model has refused before and that are left out.
    """

    user: str
    system: str = ""
    max_tokens: int = 512
    temperature: float = 0.7
    top_p: float = 0.9
    stop: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    unsupported: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a call as the provider counted them; `estimated` when we had to guess."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False

    @property
    def total_tokens(self) -> int:
        """Both together."""
        return self.prompt_tokens + self.completion_tokens

    def plus(self, other: Usage) -> Usage:
        """Return the sum of two."""
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            estimated=self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request ready for the wire; the headers carry the key and stay out of the repr."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


class SseEvent(NamedTuple):
    """One server-sent event; a tuple, for one is made of every token."""

    event: str
    data: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer as a dialect reads it; `finish` None means that the provider gave no reason."""

    text: str
    finish: Finish | None
    usage: Usage | None = None
    model: str = ""


class Delta(NamedTuple):
    """What one event of a stream adds; `done` marks the stream's terminal event. A tuple, as SseEvent."""

    text: str = ""
    finish: Finish | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    model: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at one provider; `outcome` is "ok" or an error's code."""

    provider: ProviderType
    model: str
    outcome: str
    elapsed_ms: int
    detail: str = ""
    status: int | None = None
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer that counts.

    `cost_usd` is None when no price is known for the model; `data` is the parsed answer where a
    schema was asked for; `request_id` is the provider's own where it sent one.
    """

    text: str
    provider: ProviderType
    model: str
    finish: Finish
    usage: Usage
    cost_usd: float | None
    attempts: tuple[Attempt, ...]
    request_id: str
    elapsed_ms: int
    data: Any = None
    cached: bool = False
