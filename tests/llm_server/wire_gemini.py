"""Gemini generateContent, as `google.genai.types` has it."""

from __future__ import annotations

import re
from typing import Any

from tests.llm_server.answers import Answer, Ask
from tests.llm_server.received import Received
from tests.llm_server.wire import Dialect, Error, Refuse, check_fields, sse

FINISH = {"stop": "STOP", "stop_sequence": "STOP", "length": "MAX_TOKENS", "refused": "SAFETY"}
CONFIG_FIELDS = {
    "temperature", "topP", "topK", "maxOutputTokens", "stopSequences", "responseMimeType", "responseSchema",
    "responseJsonSchema", "candidateCount", "seed", "thinkingConfig",
}
DOMAIN = "generativelanguage.googleapis.com"
QUOTA = (
    "You exceeded your current quota, please check your plan and billing details."
    " For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits."
)

# kind: status, status name, message. Per minute and per day differ in the quotaId alone, and an invalid key is a 400.
FAILURES = {
    "rate-limit": (429, "RESOURCE_EXHAUSTED", QUOTA),
    "quota": (429, "RESOURCE_EXHAUSTED", QUOTA),
    "auth": (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
    "forbidden": (403, "PERMISSION_DENIED", "Your API key was reported as leaked. Please use another API key."),
    "model": (
        404, "NOT_FOUND",
        "models/{model} is not found for API version v1beta, or is not supported for generateContent.",
    ),
    "bad-request": (400, "INVALID_ARGUMENT", "* GenerateContentRequest.generation_config.temperature: out of range"),
    "unsupported": (400, "INVALID_ARGUMENT", "Custom values for temperature are not supported for this model."),
    "context": (
        400, "INVALID_ARGUMENT",
        "The input token count (1200012) exceeds the maximum number of tokens allowed (1048576).",
    ),
    "internal": (500, "INTERNAL", "An internal error has occurred."),
    "unavailable": (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "overloaded": (529, "UNAVAILABLE", "Overloaded"),
}
QUOTA_IDS = {
    "rate-limit": "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
    "quota": "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
}


class GeminiWire(Dialect):
    """`/v1beta/models/{model}:generateContent`, `:streamGenerateContent?alt=sse` and `/v1beta/models`."""

    name = "google"

    def read(self, received: Received) -> Ask:
        body = received.json
        if not received.key:
            raise Refuse("forbidden")
        check_fields(body, {"contents", "systemInstruction", "generationConfig", "safetySettings"}, {"contents"})
        config = body.get("generationConfig") or {}
        check_fields(config, CONFIG_FIELDS, set())
        if not all(part.get("text") for part in (body.get("systemInstruction") or {"parts": [{"text": "-"}]})["parts"]):
            raise Refuse("bad-request", "system_instruction.parts[0].data: required oneof field 'data' must have one")
        match = re.fullmatch(r"/(?:v1|v1beta)/models/([^/:]+):(generateContent|streamGenerateContent)", received.path)
        if match is None or (match[2] == "streamGenerateContent") != (received.query == "alt=sse"):
            raise Refuse("model")
        model, method = match.groups()
        return Ask(
            model=model,
            stream=method == "streamGenerateContent",
            max_tokens=config.get("maxOutputTokens"),
            stop=tuple(config.get("stopSequences") or ()),
            schema=config.get("responseJsonSchema") or config.get("responseSchema"),
        )

    def whole(self, answer: Answer) -> dict[str, Any]:
        return self._response(answer, [answer.text] if answer.tokens else [], FINISH[answer.finish])

    def opening(self, answer: Answer) -> list[bytes]:
        return []

    def token(self, answer: Answer, text: str) -> bytes:
        return sse(self._response(answer, [text], None))

    def closing(self, answer: Answer, ask: Ask) -> list[bytes]:
        return [sse(self._response(answer, [""] if answer.tokens else [], FINISH[answer.finish]))]

    def ping(self) -> bytes:
        return sse({"usageMetadata": {"promptTokenCount": 12, "totalTokenCount": 12}, "modelVersion": "gemini"})

    def failure(self, kind: str, ask: Ask, key: str, message: str | None = None) -> Error:
        status, name, usual = FAILURES[kind]
        details: list[dict[str, Any]] = []
        if kind in QUOTA_IDS:
            violation = {
                "quotaMetric": f"{DOMAIN}/generate_content_free_tier_requests", "quotaId": QUOTA_IDS[kind],
                "quotaDimensions": {"location": "global", "model": ask.model}, "quotaValue": "15",
            }
            details.append({"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]})
        if kind == "auth":
            details.append({
                "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID",
                "domain": "googleapis.com", "metadata": {"service": DOMAIN},
            })
        error = {"code": status, "message": message or usual.format(model=ask.model), "status": name}
        return Error(status, {"error": error | ({"details": details} if details else {})})

    def error_frame(self) -> bytes:
        return sse({"error": {"code": 503, "message": FAILURES["unavailable"][2], "status": "UNAVAILABLE"}})

    def refusal(self, answer: Answer, *, blocked: bool) -> tuple[dict[str, Any], list[bytes]]:
        body = self._response(answer, [], "SAFETY")
        if blocked:
            del body["candidates"]
            body["promptFeedback"] = {"blockReason": "PROHIBITED_CONTENT"}
        return body, [sse(body)]

    def models(self) -> dict[str, Any]:
        return {"models": [{
            "name": "models/gemini-2.0-flash-exp", "version": "2.0", "displayName": "Gemini 2.0 Flash Experimental",
            "inputTokenLimit": 1_048_576, "outputTokenLimit": 8192,
            "supportedGenerationMethods": ["generateContent", "countTokens"],
        }]}

    def _response(self, answer: Answer, texts: list[str], finish: str | None) -> dict[str, Any]:
        candidate: dict[str, Any] = {"index": 0}
        if texts:
            candidate["content"] = {"role": "model", "parts": [{"text": text} for text in texts]}
        if finish:
            candidate["finishReason"] = finish
        prompt, completion = answer.prompt_tokens, len(answer.tokens)
        return {
            "candidates": [candidate],
            "usageMetadata": {
                "promptTokenCount": prompt, "candidatesTokenCount": completion, "totalTokenCount": prompt + completion,
            },
            "modelVersion": answer.model, "responseId": "k9uUaLqGBvK-kdUP2Yjr4Q8",
        }


def with_retry_delay(error: Error, delay_s: float) -> Error:
    """Add Google's RetryInfo."""
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{delay_s:g}s"}
    body = error.body["error"]
    return Error(error.status, {"error": body | {"details": [*body.get("details", []), info]}}, error.headers)
