"""Anthropic's messages."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from services.llm_gateway.calls import Answer, Delta, Finish, HttpRequest, Prompt, SseEvent, Usage
from services.llm_gateway.errors import AuthFailed, Failure, QuotaExhausted, Refused
from services.llm_gateway.providers.base import (
    Dialect,
    count_at,
    dig,
    encode,
    failure_of,
    retry_after,
    system_of,
    text_at,
)

# The version that has `temperature`; the next one, 2026-10-21, answers 400 even to its default.
_VERSION = "2023-06-01"
# An empty balance and a spent limit come as 400 `invalid_request_error`: only the text tells.
_QUOTA = re.compile(r"credit balance|spend(ing)? limit|usage limits?|purchase credits", re.IGNORECASE)
_DISABLED = re.compile(r"organization has been disabled|on hold", re.IGNORECASE)
# An error in mid-stream has no status of its own, only a type.
_STATUS_BY_TYPE = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "overloaded_error": 529,
}


class AnthropicDialect(Dialect):
    """Messages at `{base_url}/v1/messages`."""

    default_base_url = "https://api.anthropic.com"

    def build(self, prompt: Prompt, *, model: str, stream: bool) -> HttpRequest:
        """Return the request.

        Of temperature and top_p only the first is sent: models since Claude 4.5 refuse both together.
        """
        body: dict[str, Any] = {
            "model": model,
            "max_tokens": prompt.max_tokens,
            "messages": [{"role": "user", "content": prompt.user}],
        }
        system = system_of(prompt)
        if system:
            body["system"] = system
        if "temperature" not in prompt.unsupported:
            body["temperature"] = min(prompt.temperature, 1.0)
        if prompt.stop:
            body["stop_sequences"] = list(prompt.stop)
        if prompt.schema is not None and "schema" not in prompt.unsupported:
            body["output_config"] = {"format": {"type": "json_schema", "schema": prompt.schema}}
        if stream:
            body["stream"] = True
        return HttpRequest("POST", f"{self.base_url}/v1/messages", self._headers(), encode(body))

    def models_request(self) -> HttpRequest:
        """Return the request for the list of models."""
        return HttpRequest("GET", f"{self.base_url}/v1/models", self._headers())

    def _headers(self) -> dict[str, str]:
        headers = {"accept": "application/json", "content-type": "application/json", "anthropic-version": _VERSION}
        if self.key:
            headers["x-api-key"] = self.key.reveal()
        return headers

    def parse(self, payload: Mapping[str, Any]) -> Answer:
        """Return the text blocks joined; blocks of thinking are not part of the answer."""
        blocks = dig(payload, "content")
        texts = [text_at(block, "text") for block in blocks if text_at(block, "type") == "text"] if isinstance(
            blocks, list
        ) else []
        prompt_tokens, completion_tokens = _tokens(dig(payload, "usage"))
        usage = None
        if prompt_tokens is not None and completion_tokens is not None:
            usage = Usage(prompt_tokens, completion_tokens)
        return Answer("".join(texts), _finish(payload), usage, text_at(payload, "model"))

    def parse_event(self, event: SseEvent) -> Delta:
        """Return what an event adds; `message_stop` is the end."""
        payload = json.loads(event.data)
        kind = text_at(payload, "type")
        if kind == "error":
            status = _STATUS_BY_TYPE.get(text_at(payload, "error", "type"), 500)
            raise self.classify(status, {}, payload)
        if kind == "content_block_delta":
            is_text = text_at(payload, "delta", "type") == "text_delta"
            return Delta(text=text_at(payload, "delta", "text") if is_text else "")
        if kind == "message_start":
            message = dig(payload, "message")
            prompt_tokens, completion_tokens = _tokens(dig(message, "usage"))
            return Delta(
                prompt_tokens=prompt_tokens, completion_tokens=completion_tokens, model=text_at(message, "model")
            )
        if kind == "message_delta":
            _prompt, completion_tokens = _tokens(dig(payload, "usage"))
            return Delta(finish=_finish(dig(payload, "delta")), completion_tokens=completion_tokens)
        return Delta(done=kind == "message_stop")

    def classify(self, status: int, headers: Mapping[str, str], payload: Any) -> Failure:
        """Return what an error means."""
        message = text_at(payload, "error", "message") or text_at(payload, "message")
        request_id = self.request_id(headers) or text_at(payload, "request_id")
        wait = retry_after(headers)
        if text_at(payload, "error", "type") == "billing_error" or (status in {400, 403} and _QUOTA.search(message)):
            return QuotaExhausted(message, status=status, request_id=request_id, retry_after_s=wait)
        if status == 400 and _DISABLED.search(message):
            return AuthFailed(message, status=status, request_id=request_id)
        return failure_of(status, message, retry_after_s=wait, request_id=request_id)


def _tokens(usage: Any) -> tuple[int | None, int | None]:
    """Return prompt and completion tokens; what a cache wrote or served counts as prompt."""
    prompt = count_at(usage, "input_tokens")
    if prompt is not None:
        prompt += count_at(usage, "cache_creation_input_tokens") or 0
        prompt += count_at(usage, "cache_read_input_tokens") or 0
    return prompt, count_at(usage, "output_tokens")


def _finish(carrier: Any) -> Finish | None:
    reason = text_at(carrier, "stop_reason")
    if reason == "refusal":
        raise Refused(text_at(carrier, "stop_details", "explanation") or "The model declined to answer.")
    if reason in {"max_tokens", "model_context_window_exceeded"}:
        return Finish.LENGTH
    return Finish.STOP if reason else None
