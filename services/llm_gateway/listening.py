"""Hearing one answer out: whole, as a stream, or from the model on this machine.

An answer counts only when proven. What is not is a Failure here, so that the loop can go on to the
next provider: a page instead of JSON, an end without its marker, an error in the middle.
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.llm_gateway.calls import Delta, Finish, HttpRequest, Prompt, SseEvent, Usage
from services.llm_gateway.config import Limits
from services.llm_gateway.errors import EmptyResponse, Timeout, Transient
from services.llm_gateway.ledger import estimate_usage
from services.llm_gateway.providers.base import Dialect, Engine
from services.llm_gateway.sse import SseParser
from services.llm_gateway.steps import Emit, Head, Open, Read, Start, Step

_BODY_BYTES_MAX = 8 << 20
_ERROR_BODY_BYTES_MAX = 64 << 10
_ERROR_BODY_S = 2.0
# No tokens of any model are so long on average: what goes on beyond was not bounded by who writes it.
_CHARS_PER_TOKEN_MAX = 32


@dataclass
class Hearing:
    """One answer as it comes in, and the limits it has to keep.

    `until` bounds an answer of which nothing was delivered yet, `deadline` one that was.
    `delivered` collects what the caller got; None: the caller wants the whole only.
    """

    prompt: Prompt
    limits: Limits
    until: float
    deadline: float
    delivered: list[str] | None = None
    parts: list[str] = field(default_factory=list)
    finish: Finish | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    model: str = ""
    done: bool = False
    request_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    text_until: float = 0.0
    characters: int = 0

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self.parts)

    @property
    def usage(self) -> Usage:
        """What it used; guessed where the provider had not counted to the end."""
        if self.finish and self.prompt_tokens is not None and self.completion_tokens is not None:
            return Usage(self.prompt_tokens, self.completion_tokens)
        if not self.parts and self.prompt_tokens is None:
            return Usage()
        guess = estimate_usage(self.prompt, self.text)
        return Usage(
            guess.prompt_tokens if self.prompt_tokens is None else self.prompt_tokens,
            max(guess.completion_tokens, self.completion_tokens or 0),
            estimated=True,
        )

    def prove(self) -> None:
        """Raise EmptyResponse or Transient unless there is text and a reason for its end."""
        if self.finish is None:
            raise Transient("The answer came without a reason for its end.", request_id=self.request_id)
        if not self.text.strip():
            raise EmptyResponse("The answer has no text.", request_id=self.request_id)

    # --- The three ways ---------------------------------------------------------------------------

    def whole(self, dialect: Dialect, model: str) -> Generator[Step, Any, None]:
        """Hear a whole answer over HTTP."""
        head = yield from self._open(dialect, dialect.build(self.prompt, model=model, stream=False))
        body = yield from self._body(_BODY_BYTES_MAX)
        payload = _json_of(body) if _is_json(head) else None
        if not isinstance(payload, dict):
            raise Transient("The answer is not JSON.", status=head.status, request_id=self.request_id)
        if payload.get("error"):
            raise dialect.classify(500, head.headers, payload)
        answer = dialect.parse(payload)
        self.parts = [answer.text]
        self.finish = answer.finish
        self.model = answer.model
        if answer.usage is not None:
            self.prompt_tokens, self.completion_tokens = answer.usage.prompt_tokens, answer.usage.completion_tokens

    def streamed(self, dialect: Dialect, model: str) -> Generator[Step, Any, None]:
        """Hear a stream over HTTP, delivering its text as it comes."""
        head = yield from self._open(dialect, dialect.build(self.prompt, model=model, stream=True))
        if not head.headers.get("content-type", "").lower().startswith("text/event-stream"):
            payload = _json_of((yield from self._body(_ERROR_BODY_BYTES_MAX)))
            if isinstance(payload, dict) and payload.get("error"):
                raise dialect.classify(500, head.headers, payload)
            raise Transient("The answer is not an event stream.", status=head.status, request_id=self.request_id)
        parser = SseParser()
        while not self.done:
            chunk = yield Read(self.text_until)
            for event in _events(parser, chunk):
                piece = self._take(_delta(dialect, event))
                if piece:
                    yield Emit(piece)
                    self._expect(self.limits.idle_s)  # the caller's time is not the provider's
                if self.done:
                    break
            if not chunk:
                break
        if not self.done:
            raise Transient("The stream ended before its end.", request_id=self.request_id)

    def from_engine(self, engine: Engine, model: str) -> Generator[Step, Any, None]:
        """Hear the model on this machine: its first text may take as long as the call has.

        It loads on first use, and reads a prompt slowly without a GPU.
        """
        dialect: Dialect = yield Start(engine, self.until)
        self.limits = replace(self.limits, first_token_s=self.limits.deadline_s)
        yield from self.streamed(dialect, model)

    def models(self, dialect: Dialect) -> Generator[Step, Any, None]:
        """Hear the list of models: proof of the address and the key, at no cost."""
        head = yield from self._open(dialect, dialect.models_request())
        body = yield from self._body(_BODY_BYTES_MAX)
        if not _is_json(head) or not isinstance(_json_of(body), dict):
            raise Transient("The answer is not JSON.", status=head.status)

    # --- Their parts ------------------------------------------------------------------------------

    def _open(self, dialect: Dialect, request: HttpRequest) -> Generator[Step, Any, Head]:
        """Send the request; return the head of a 200, raise what any other status means."""
        connect_until = min(time.monotonic() + self.limits.connect_s, self.until)
        self._expect(self.limits.first_token_s)
        head: Head = yield Open(request, connect_until, self.text_until)
        self.headers = head.headers
        self.request_id = dialect.request_id(head.headers)
        if head.headers.get("content-encoding", "identity") not in {"identity", ""}:
            raise Transient("The answer is compressed, which was not asked for.", status=head.status)
        if head.status == 200:
            return head
        self.until = min(self.until, time.monotonic() + _ERROR_BODY_S)
        self._expect(_ERROR_BODY_S)
        try:
            body = yield from self._body(_ERROR_BODY_BYTES_MAX)
        except (Timeout, Transient):
            body = b""  # the status says enough
        payload = _json_of(body)
        text = body.decode("utf-8", "replace") if payload is None else payload
        raise dialect.classify(head.status, head.headers, text)

    def _body(self, bytes_max: int) -> Generator[Step, Any, bytes]:
        """Return the body, read in pieces so that the clock is looked at between them.

        White space, which some servers send to keep a connection alive, is no sign of an answer.
        """
        chunks: list[bytes] = []
        size = 0
        while chunk := (yield Read(self.text_until)):
            chunks.append(chunk)
            size += len(chunk)
            if size > bytes_max:
                raise Transient("The answer is too large.", request_id=self.request_id)
            if not chunk.isspace():
                self._expect(self.limits.idle_s)
        return b"".join(chunks)

    def _take(self, delta: Delta) -> str:
        """Add a piece; return what is to be delivered now, which white space alone never is."""
        self.finish = delta.finish or self.finish
        self.done = self.done or delta.done
        self.model = delta.model or self.model
        if delta.prompt_tokens is not None:
            self.prompt_tokens = delta.prompt_tokens
        if delta.completion_tokens is not None:
            self.completion_tokens = delta.completion_tokens
        if not delta.text:
            return ""
        self.parts.append(delta.text)
        self._expect(self.limits.idle_s)
        self.characters += len(delta.text)
        if self.characters > self.prompt.max_tokens * _CHARS_PER_TOKEN_MAX:
            self.finish, self.done = Finish.LENGTH, True
        if self.delivered is None or not (self.delivered or self.text.strip()):
            return ""
        piece = delta.text if self.delivered else self.text
        self.delivered.append(piece)
        return piece

    def _expect(self, limit_s: float) -> None:
        """Set the moment by which the next text must be there."""
        self.text_until = min(time.monotonic() + limit_s, self.deadline if self.delivered else self.until)


def _events(parser: SseParser, chunk: bytes) -> list[SseEvent]:
    try:
        return parser.feed(chunk) if chunk else parser.flush()
    except ValueError as error:
        raise Transient(str(error)) from None


def _delta(dialect: Dialect, event: SseEvent) -> Delta:
    try:
        return dialect.parse_event(event)
    except ValueError:
        raise Transient("An event of the stream is not JSON.") from None


def _json_of(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _is_json(head: Head) -> bool:
    kind = head.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")
