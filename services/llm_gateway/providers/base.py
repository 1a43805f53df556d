"""What a dialect must know, and what an engine on this machine must do.

A dialect turns a prompt into a request and what comes back into records. It does no I/O, keeps no
state and is therefore shared by all threads and by both twins, sync and async.
"""

from __future__ import annotations

import json
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar, Protocol

from services.llm_gateway.calls import Answer, Delta, HttpRequest, Prompt, ProviderType, SseEvent
from services.llm_gateway.control import CancelToken
from services.llm_gateway.errors import (
    AuthFailed,
    BadRequest,
    ContextTooLong,
    Failure,
    ModelUnavailable,
    QuotaExhausted,
    RateLimited,
    Transient,
)
from services.llm_gateway.redact import Secret, hide

# An error that says that the model knows no such parameter, not that its value is wrong.
_UNSUPPORTED = re.compile(
    r"unsupported|not support|deprecated|cannot both|unknown|unrecognized|not permitted|not allowed", re.IGNORECASE
)
# What an error text calls a parameter, and what a Prompt calls it. Temperature and top_p stand and
# fall together: a model that refuses one refuses the other.
_PARAMETERS = (
    (re.compile(r"temperature|top_?p", re.IGNORECASE), "temperature"),
    (re.compile(r"max_completion_tokens", re.IGNORECASE), "max_completion_tokens"),
    (re.compile(r"response_?(format|mime_?type)|json_?schema|output_?(config|format)", re.IGNORECASE), "schema"),
)
_TOO_LONG = re.compile(
    r"context[_ ](length|window|size|limit)|maximum context|prompt is too long|input is too long"
    r"|exceeds? the (maximum|available|limit|max)\b.*\b(tokens?|context)|reduce the length|too many tokens",
    re.IGNORECASE,
)
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?")
_WAIT_MAX_S = 7 * 86_400.0
_REQUEST_ID_MAX = 100


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
        """Return what one event of a stream adds.

        Raises a Failure for an error or a refusal that came as an event, ValueError for one that
        is not JSON.
        """

    @abstractmethod
    def classify(self, status: int, headers: Mapping[str, str], payload: Any) -> Failure:
        """Return the failure that an answer other than 200 means.

        `headers` have lower-case names; `payload` is the parsed JSON, or the text when it is none.
        """

    @abstractmethod
    def models_request(self) -> HttpRequest:
        """Return the request for the (free) list of models: the check of health and key."""

    def request_id(self, headers: Mapping[str, str]) -> str:
        """Return the provider's own id of the request, for its support."""
        return hide(headers.get("x-request-id") or headers.get("request-id") or "")[:_REQUEST_ID_MAX]


class Lease(Protocol):
    """A place at the local model."""

    @property
    def dialect(self) -> Dialect:
        """Who speaks to it."""

    def release(self) -> None:
        """Give the place back: at once, as often as one likes."""


class Engine(Protocol):
    """A model on this machine that is loaded by the first call and shared by all threads."""

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory."""

    def check(self) -> None:
        """Raise ModelUnavailable when a call could not work, without loading anything."""

    def lease(self, token: CancelToken, until: float) -> Lease:
        """Load the model where needed and take a place at it.

        Raises RateLimited when too many wait, ModelUnavailable, Timeout at `until`, Cancelled,
        GatewayClosed after `shutdown`.
        """

    def shutdown(self) -> None:
        """Free the model for good."""

    def after_fork(self) -> None:
        """Go on in a child process, with a model of its own."""


# --- What the dialects share ----------------------------------------------------------------------


def dig(value: Any, *path: str | int) -> Any:
    """Return what lies at `path` in parsed JSON, or None where the shape differs."""
    for step in path:
        if isinstance(step, int) and isinstance(value, list):
            value = value[step] if step < len(value) else None
        elif isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value


def part_of(value: Any, key: str) -> dict[str, Any]:
    """Return the object under `key`, or the first of a list of them; empty where the shape differs."""
    found = value.get(key) if isinstance(value, dict) else None
    if isinstance(found, list):
        found = found[0] if found else None
    return found if isinstance(found, dict) else {}


def text_at(value: Any, *path: str | int) -> str:
    """Return the text at `path`, "" where there is none."""
    return text_of(dig(value, *path))


def text_of(value: Any) -> str:
    """Return a value that is text, "" for any other."""
    return value if isinstance(value, str) else ""


def count_at(value: Any, *path: str | int) -> int | None:
    """Return the count at `path`, None where there is none that makes sense."""
    found = dig(value, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 1 << 40 else None


def encode(body: Mapping[str, Any]) -> bytes:
    """Return the body as JSON; half a surrogate pair becomes "?" instead of an error."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def system_of(prompt: Prompt) -> str:
    """Return the system prompt, with the schema in words where the model takes none on the wire."""
    if prompt.schema is None or "schema" not in prompt.unsupported:
        return prompt.system
    schema = json.dumps(prompt.schema, ensure_ascii=False)
    return f"{prompt.system}\n\nAnswer with one JSON value only, valid against this JSON schema: {schema}".strip()


def failure_of(
    status: int, message: str, *, code: str = "", parameter: str = "", retry_after_s: float | None, request_id: str
) -> Failure:
    """Return what a status means where the vendor's own code has not decided already.

    The texts are the only thing that tells a prompt too long from other bad requests at several
    servers, and the parameter that a model refuses from the rest.
    """
    if status in {401, 403}:
        return AuthFailed(message, status=status, request_id=request_id)
    if status == 402:
        return QuotaExhausted(message, status=status, request_id=request_id, retry_after_s=retry_after_s)
    if status in {404, 410}:
        return ModelUnavailable(message, status=status, request_id=request_id)
    if status == 413 or (status in {400, 422, 500} and _TOO_LONG.search(f"{code} {message}")):
        return ContextTooLong(message, status=status, request_id=request_id)
    if status == 429:
        return RateLimited(message, status=status, request_id=request_id, retry_after_s=retry_after_s)
    if 400 <= status < 500 and status not in {408, 409, 425}:
        text = f"{code} {parameter} {message}"
        named = next((ours for shape, ours in _PARAMETERS if shape.search(text)), "")
        refused = named if _UNSUPPORTED.search(text) else ""
        return BadRequest(message, parameter=refused, status=status, request_id=request_id)
    return Transient(message, status=status, request_id=request_id, retry_after_s=retry_after_s)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a Retry-After asks for: milliseconds, seconds or a date; None when none.

    A date is measured against the server's own clock where it sent one.
    """
    try:
        if "retry-after-ms" in headers:
            return _within(float(headers["retry-after-ms"]) / 1000)
        raw = headers.get("retry-after", "").strip()
        if not raw:
            return None
        if raw[0].isdigit():
            return _within(float(raw))
        then = parsedate_to_datetime(raw).timestamp()
        now = parsedate_to_datetime(headers["date"]).timestamp() if "date" in headers else time.time()
        return _within(max(0.0, then - now))
    except (ValueError, TypeError, OverflowError):
        return None


def duration(text: str) -> float | None:
    """Return the seconds of "1.5s", "250ms" or "1h2m3s"; None when it is none."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        return None
    hours, minutes, seconds, milliseconds = (float(part or 0) for part in match.groups())
    return _within(hours * 3600 + minutes * 60 + seconds + milliseconds / 1000)


def _within(seconds: float) -> float | None:
    return min(seconds, _WAIT_MAX_S) if seconds >= 0 else None
