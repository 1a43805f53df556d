"""What a dialect must know, and what an engine in this process must do.

A dialect turns a prompt into a request and what comes back into records. It does no I/O, keeps no
state and is therefore shared by all threads and by both twins, sync and async.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from services.llm_gateway.calls import Answer, Delta, HttpRequest, Prompt, ProviderType, SseEvent
from services.llm_gateway.errors import Failure
from services.llm_gateway.redact import Secret


class Dialect(ABC):
    """How one vendor is spoken to over HTTP."""

    default_base_url: ClassVar[str]

    def __init__(self, provider: ProviderType, *, base_url: str = "", key: Secret | None = None) -> None:
        self.provider = provider
        self.base_url = (base_url or self.default_base_url).rstrip("/")
        self.key = key

    @abstractmethod
    def build(self, prompt: Prompt, *, model: str, stream: bool) -> HttpRequest:
        """Return the request that asks `prompt` of `model`."""

    @abstractmethod
    def parse(self, payload: Mapping[str, Any]) -> Answer:
        """Return what a whole answer says; raise Refused where the model or a filter declined.

        `payload` is any JSON object: a shape that is not this dialect's gives an Answer without
        text or finish, which the caller does not count.
        """

    @abstractmethod
    def parse_event(self, event: SseEvent) -> Delta:
        """Return what one event of a stream adds; raise a Failure for an error sent as an event."""

    @abstractmethod
    def classify(self, status: int, headers: Mapping[str, str], payload: Any) -> Failure:
        """Return the failure that an answer other than 200 means.

        `headers` have lower-case names; `payload` is the parsed JSON, or the text when it is none.
        """

    @abstractmethod
    def models_request(self) -> HttpRequest:
        """Return the request for the (free) list of models: the check of health and key."""


class EngineStream(Protocol):
    """A generation under way in this process."""

    def read(self, timeout_s: float) -> Delta:
        """Return the next piece; the last one has `done`. Raise Timeout after `timeout_s`."""

    def close(self) -> None:
        """Stop generating and free the slot: at once, from any thread, as often as one likes."""


class Engine(Protocol):
    """A model in this process: loaded by the first `open`, shared by all threads."""

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory."""

    def check(self) -> None:
        """Raise ModelUnavailable when a call could not work, without loading anything."""

    def open(self, prompt: Prompt, *, timeout_s: float) -> EngineStream:
        """Start a generation, loading the model and waiting for a free slot as needed.

        Raises Timeout after `timeout_s`, RateLimited when the queue is full, ModelUnavailable,
        ContextTooLong. The stream must be closed, also after its last piece.
        """

    def shutdown(self) -> None:
        """Free the model; a later `open` loads it again."""
