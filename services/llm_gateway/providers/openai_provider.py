"""OpenAI's chat completions, also spoken by llama-server, Ollama, vLLM and most others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from services.llm_gateway.calls import Answer, Delta, Finish, HttpRequest, Prompt, ProviderType, SseEvent, Usage
from services.llm_gateway.errors import AuthFailed, Failure, ModelUnavailable, QuotaExhausted, Refused
from services.llm_gateway.providers.base import (
    Dialect,
    count_at,
    dig,
    encode,
    failure_of,
    part_of,
    retry_after,
    system_of,
    text_at,
    text_of,
)

# These reason by default, which would eat a small max_tokens before the first word of an answer;
# with no effort they also take a temperature, as the models they succeed do.
_NO_EFFORT = ("gpt-6-luna", "gpt-5.6-luna")
_QUOTA = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "quota_exceeded"}


class OpenAIDialect(Dialect):
    """Chat completions at `{base_url}/chat/completions`."""

    default_base_url = "https://api.openai.com/v1"

    def build(self, prompt: Prompt, *, model: str, stream: bool) -> HttpRequest:
        """Return the request."""
        system = system_of(prompt)
        messages = [{"role": "system", "content": system}] if system else []
        body: dict[str, Any] = {"model": model, "messages": [*messages, {"role": "user", "content": prompt.user}]}
        # OpenAI's reasoning models refuse `max_tokens`; older compatible servers know nothing else.
        old_name = self.provider is ProviderType.LOCAL or "max_completion_tokens" in prompt.unsupported
        body["max_tokens" if old_name else "max_completion_tokens"] = prompt.max_tokens
        if "temperature" not in prompt.unsupported:
            body |= {"temperature": prompt.temperature, "top_p": prompt.top_p}
        if model.startswith(_NO_EFFORT):
            body["reasoning_effort"] = "none"
        if prompt.stop:
            body["stop"] = list(prompt.stop)
        if prompt.schema is not None and "schema" not in prompt.unsupported:
            schema = {"name": "answer", "schema": prompt.schema, "strict": _is_strict(prompt.schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        if stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        return HttpRequest("POST", f"{self.base_url}/chat/completions", self._headers(), encode(body))

    def models_request(self) -> HttpRequest:
        """Return the request for the list of models."""
        return HttpRequest("GET", f"{self.base_url}/models", self._headers())

    def _headers(self) -> dict[str, str]:
        headers = {"accept": "application/json", "content-type": "application/json"}
        if self.key:
            headers["authorization"] = f"Bearer {self.key.reveal()}"
        return headers

    def parse(self, payload: Mapping[str, Any]) -> Answer:
        """Return what the first choice says."""
        choice = dig(payload, "choices", 0)
        refusal = text_at(choice, "message", "refusal")
        if refusal:
            raise Refused(refusal)
        prompt_tokens = count_at(payload, "usage", "prompt_tokens")
        completion_tokens = count_at(payload, "usage", "completion_tokens")
        usage = None
        if prompt_tokens is not None and completion_tokens is not None:
            usage = Usage(prompt_tokens, completion_tokens)
        return Answer(
            text=text_at(choice, "message", "content"),
            finish=_finish(dig(choice, "finish_reason")),
            usage=usage,
            model=text_at(payload, "model"),
        )

    def parse_event(self, event: SseEvent) -> Delta:
        """Return what a chunk adds; `[DONE]` is the end."""
        if event.data.strip() == "[DONE]":
            return Delta(done=True)
        payload = json.loads(event.data)
        if not isinstance(payload, dict):
            return Delta()
        if payload.get("error"):
            raise self.classify(_status_in(payload), {}, payload)
        choice = part_of(payload, "choices")
        delta = part_of(choice, "delta")
        if delta.get("refusal"):
            raise Refused(text_of(delta.get("refusal")))
        usage = payload.get("usage")
        return Delta(
            text=text_of(delta.get("content")),
            finish=_finish(choice.get("finish_reason")),
            prompt_tokens=count_at(usage, "prompt_tokens") if usage else None,
            completion_tokens=count_at(usage, "completion_tokens") if usage else None,
            model=text_of(payload.get("model")),
        )

    def classify(self, status: int, headers: Mapping[str, str], payload: Any) -> Failure:
        """Return what an error means: its `code` or `type` where they say it, else its status."""
        message = text_at(payload, "error", "message") or text_at(payload, "error") or text_at(payload, "message")
        codes = {text_at(payload, "error", "code"), text_at(payload, "error", "type")}
        wait = retry_after(headers)
        request_id = self.request_id(headers)
        if codes & _QUOTA:
            return QuotaExhausted(message, status=status, request_id=request_id, retry_after_s=wait)
        if "model_not_found" in codes:
            return ModelUnavailable(message, status=status, request_id=request_id)
        if "invalid_api_key" in codes:
            return AuthFailed(message, status=status, request_id=request_id)
        if codes & {"content_policy_violation", "content_filter"}:
            return Refused(message, status=status, request_id=request_id)
        return failure_of(
            status, message, code=" ".join(sorted(codes)), parameter=text_at(payload, "error", "param"),
            retry_after_s=wait, request_id=request_id,
        )


def _finish(reason: Any) -> Finish | None:
    if not isinstance(reason, str) or not reason:
        return None
    if reason == "content_filter":
        raise Refused("The provider's content filter stopped the answer.")
    return Finish.LENGTH if reason == "length" else Finish.STOP


def _status_in(payload: Any) -> int:
    """Return the status an error event stands for: a numeric code where there is one, else 500."""
    code = count_at(payload, "error", "code") or count_at(payload, "error", "status")
    return code if code is not None and 400 <= code < 600 else 500


def _is_strict(schema: Any) -> bool:
    """Return whether every object of the schema closes itself and requires all, as `strict` demands."""
    if isinstance(schema, list):
        return all(_is_strict(part) for part in schema)
    if not isinstance(schema, Mapping):
        return True
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        if schema.get("additionalProperties") is not False or set(schema.get("required", ())) != set(properties):
            return False
        return all(_is_strict(part) for part in properties.values())
    if schema.get("type") == "object":
        return False
    return all(_is_strict(part) for part in schema.values())
