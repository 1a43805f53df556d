"""Google's Gemini."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from services.llm_gateway.calls import Answer, Delta, Finish, HttpRequest, Prompt, SseEvent, Usage
from services.llm_gateway.errors import AuthFailed, Failure, QuotaExhausted, Refused, Transient
from services.llm_gateway.providers.base import (
    Dialect,
    count_at,
    dig,
    duration,
    encode,
    failure_of,
    retry_after,
    system_of,
    text_at,
)

_DECLINED = {
    "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "ESCALATION",
    "IMAGE_SAFETY", "PUP_LIMITED_DISABLED",
}
_CUT_OFF = {"MAX_TOKENS", "CONTINUATION"}


class GoogleDialect(Dialect):
    """generateContent at `{base_url}/v1/models/{model}`.

    The key travels in a header: as `?key=` it would end up in logs of servers and proxies.
    """

    default_base_url = "https://generativelanguage.googleapis.com"

    def build(self, prompt: Prompt, *, model: str, stream: bool) -> HttpRequest:
        """Return the request."""
        generation: dict[str, Any] = {"maxOutputTokens": prompt.max_tokens}
        if "temperature" not in prompt.unsupported:
            generation |= {"temperature": prompt.temperature, "topP": prompt.top_p}
        if prompt.stop:
            generation["stopSequences"] = list(prompt.stop)
        if prompt.schema is not None and "schema" not in prompt.unsupported:
            generation |= {"responseMimeType": "application/json", "responseJsonSchema": prompt.schema}
        body: dict[str, Any] = {
            "contents": [{"role": "user", "parts": [{"text": prompt.user}]}],
            "generationConfig": generation,
        }
        system = system_of(prompt)
        if system:
            body["systemInstruction"] = {"role": "user", "parts": [{"text": system}]}
        method = "streamGenerateContent?alt=sse" if stream else "generateContent"
        name = quote(model.removeprefix("models/"), safe="")
        return HttpRequest("POST", f"{self.base_url}/v1/models/{name}:{method}", self._headers(), encode(body))

    def models_request(self) -> HttpRequest:
        """Return the request for the list of models."""
        return HttpRequest("GET", f"{self.base_url}/v1/models", self._headers())

    def _headers(self) -> dict[str, str]:
        headers = {"accept": "application/json", "content-type": "application/json"}
        if self.key:
            headers["x-goog-api-key"] = self.key.reveal()
        return headers

    def parse(self, payload: Mapping[str, Any]) -> Answer:
        """Return the first candidate's parts joined; thoughts are not part of the answer."""
        delta = _read(payload)
        usage = None
        if delta.prompt_tokens is not None and delta.completion_tokens is not None:
            usage = Usage(delta.prompt_tokens, delta.completion_tokens)
        return Answer(delta.text, delta.finish, usage, delta.model)

    def parse_event(self, event: SseEvent) -> Delta:
        """Return what a chunk adds; the one with a finish reason is the end."""
        payload = json.loads(event.data)
        if dig(payload, "error"):
            raise self.classify(count_at(payload, "error", "code") or 500, {}, payload)
        return _read(payload)

    def classify(self, status: int, headers: Mapping[str, str], payload: Any) -> Failure:
        """Return what an error means; the details decide where the status is ambiguous.

        A 429 that names a window to come back in is a rate, one that names a day's quota is spent.
        """
        if isinstance(payload, list):
            payload = payload[0] if payload else None
        message = text_at(payload, "error", "message")
        details = dig(payload, "error", "details")
        details = details if isinstance(details, list) else []
        request_id = self.request_id(headers)
        wait = _retry_delay(details)
        wait = retry_after(headers) if wait is None else wait
        reasons = {text_at(detail, "reason") for detail in details}
        if status == 400 and ("API_KEY_INVALID" in reasons or "API key" in message or "location is not" in message):
            return AuthFailed(message, status=status, request_id=request_id)
        per_day, per_minute = _quotas(details)
        if status == 429 and (per_day or (wait is None and not per_minute and "billing" in message)):
            return QuotaExhausted(message, status=status, request_id=request_id, retry_after_s=wait)
        return failure_of(status, message, retry_after_s=wait, request_id=request_id)


def _read(payload: Any) -> Delta:
    blocked = text_at(payload, "promptFeedback", "blockReason")
    if blocked:
        raise Refused(f"The provider blocked the prompt: {blocked}.")
    candidate = dig(payload, "candidates", 0)
    parts = dig(candidate, "content", "parts")
    shown = [part for part in parts if dig(part, "thought") is not True] if isinstance(parts, list) else []
    text = "".join(text_at(part, "text") for part in shown)
    finish = _finish(text_at(candidate, "finishReason"))
    usage = dig(payload, "usageMetadata")
    completion_tokens = count_at(usage, "candidatesTokenCount")
    thought_tokens = count_at(usage, "thoughtsTokenCount")
    if completion_tokens is not None or thought_tokens is not None:
        completion_tokens = (completion_tokens or 0) + (thought_tokens or 0)
    return Delta(
        text=text, finish=finish, prompt_tokens=count_at(usage, "promptTokenCount"),
        completion_tokens=completion_tokens, model=text_at(payload, "modelVersion"), done=finish is not None,
    )


def _finish(reason: str) -> Finish | None:
    if reason in _DECLINED:
        raise Refused(f"The provider stopped the answer: {reason}.")
    if reason in _CUT_OFF:
        return Finish.LENGTH
    if reason == "STOP":
        return Finish.STOP
    if reason and reason != "FINISH_REASON_UNSPECIFIED":
        # OTHER, MALFORMED_...: something stopped the model, and the answer is not whole.
        raise Transient(f"The model stopped without finishing: {reason}.")
    return None


def _retry_delay(details: list[Any]) -> float | None:
    stated = next((text_at(detail, "retryDelay") for detail in details if text_at(detail, "retryDelay")), "")
    return duration(stated) if stated else None


def _quotas(details: list[Any]) -> tuple[bool, bool]:
    """Return whether a quota of a day, and one of a minute, is named as violated: the texts are the same."""
    found = [dig(detail, "violations") for detail in details]
    violations = [violation for part in found if isinstance(part, list) for violation in part]
    names = " ".join(text_at(violation, "quotaId") for violation in violations)
    return "PerDay" in names, "PerMinute" in names
