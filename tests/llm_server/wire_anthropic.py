"""Anthropic messages, as `anthropic.types` has them."""

from __future__ import annotations

from typing import Any

from tests.llm_server.answers import Answer, Ask
from tests.llm_server.received import Received
from tests.llm_server.wire import Dialect, Error, Refuse, check_fields, sse

FINISH = {"stop": "end_turn", "stop_sequence": "stop_sequence", "length": "max_tokens", "refused": "refusal"}
FIELDS = {"model", "messages", "max_tokens", "stream", "system", "stop_sequences", "output_config", "metadata"}
# What each API version knows besides. The newer has no sampling parameters and answers 400 even to their defaults.
VERSIONS: dict[str | None, set[str]] = {"2023-06-01": {"temperature", "top_p", "top_k"}, "2026-10-21": set()}
REQUEST_ID = "req_011CSHoEeqs5C35K2UUqR7Fy"

# kind: status, type, message
FAILURES = {
    "rate-limit": (
        429, "rate_limit_error",
        "This request would exceed your organization's rate limit of 50 requests per minute.",
    ),
    "quota": (
        400, "invalid_request_error",
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to purchase credits.",
    ),
    "auth": (401, "authentication_error", "invalid x-api-key"),
    "forbidden": (403, "permission_error", "Your API key does not have permission to use the specified resource."),
    "model": (404, "not_found_error", "model: {model}"),
    "bad-request": (400, "invalid_request_error", "temperature: range: 0..1"),
    "unsupported": (400, "invalid_request_error", "`temperature` is deprecated for this model."),
    "context": (400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"),
    "internal": (500, "api_error", "Internal server error"),
    "unavailable": (503, "api_error", "Service unavailable"),
    "overloaded": (529, "overloaded_error", "Overloaded"),
}


class AnthropicWire(Dialect):
    """`/v1/messages` and `/v1/models`."""

    name = "anthropic"

    def read(self, received: Received) -> Ask:
        body = received.json
        if not received.key:
            raise Refuse("auth")
        version = received.headers.get("anthropic-version")
        if version not in VERSIONS:
            raise Refuse("bad-request", f'anthropic-version: "{version}" is not a valid version')
        check_fields(body, FIELDS | VERSIONS[version], {"model", "messages", "max_tokens"})
        if not 0 <= body.get("temperature", 0) <= 1:
            raise Refuse("bad-request")
        if body.get("system") == "":
            raise Refuse("bad-request", "system: text content blocks must be non-empty")
        return Ask(
            model=body["model"],
            stream=body.get("stream", False),
            max_tokens=body["max_tokens"],
            stop=tuple(body.get("stop_sequences") or ()),
            schema=(body.get("output_config") or {}).get("format", {}).get("schema"),
        )

    def whole(self, answer: Answer) -> dict[str, Any]:
        content = [{"type": "text", "text": answer.text}] if answer.tokens else []
        return self._message(answer, content, FINISH[answer.finish], len(answer.tokens))

    def opening(self, answer: Answer) -> list[bytes]:
        return [
            sse({"type": "message_start", "message": self._message(answer, [], None, 1)}, "message_start"),
            sse({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
                "content_block_start"),
            self.ping(),
        ]

    def token(self, answer: Answer, text: str) -> bytes:
        delta = {"type": "text_delta", "text": text}
        return sse({"type": "content_block_delta", "index": 0, "delta": delta}, "content_block_delta")

    def closing(self, answer: Answer, ask: Ask) -> list[bytes]:
        return [
            sse({"type": "content_block_stop", "index": 0}, "content_block_stop"),
            *self._ending(FINISH[answer.finish], answer.stop_sequence, len(answer.tokens)),
        ]

    def ping(self) -> bytes:
        return sse({"type": "ping"}, "ping")

    def failure(self, kind: str, ask: Ask, key: str, message: str | None = None) -> Error:
        status, type_, usual = FAILURES[kind]
        body = {"type": type_, "message": message or usual.format(model=ask.model)}
        return Error(status, self._error(body), {"request-id": REQUEST_ID})

    def error_frame(self) -> bytes:
        return sse(self._error({"type": "overloaded_error", "message": "Overloaded"}), "error")

    def refusal(self, answer: Answer, *, blocked: bool) -> tuple[dict[str, Any], list[bytes]]:
        start = sse({"type": "message_start", "message": self._message(answer, [], None, 1)}, "message_start")
        return self._message(answer, [], "refusal", 1), [start, *self._ending("refusal", None, 1)]

    def models(self) -> dict[str, Any]:
        name = "claude-3-5-haiku-20241022"
        model = {
            "type": "model", "id": name, "display_name": "Claude Haiku 3.5",
            "created_at": "2024-10-22T00:00:00Z", "lifecycle": "active",
        }
        return {"data": [model], "has_more": False, "first_id": name, "last_id": name}

    def _message(
        self, answer: Answer, content: list[dict[str, Any]], finish: str | None, output_tokens: int
    ) -> dict[str, Any]:
        return {
            "id": "msg_013Zva2CMHLNnXjNJJKqJ2EF", "type": "message", "role": "assistant", "model": answer.model,
            "content": content, "stop_reason": finish, "stop_sequence": answer.stop_sequence if finish else None,
            "usage": {
                "input_tokens": answer.prompt_tokens, "output_tokens": output_tokens,
                "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
            },
        }

    def _ending(self, finish: str, stop_sequence: str | None, output_tokens: int) -> list[bytes]:
        delta = {"stop_reason": finish, "stop_sequence": stop_sequence}
        return [
            sse({"type": "message_delta", "delta": delta, "usage": {"output_tokens": output_tokens}}, "message_delta"),
            sse({"type": "message_stop"}, "message_stop"),
        ]

    def _error(self, error: dict[str, Any]) -> dict[str, Any]:
        return {"type": "error", "error": error, "request_id": REQUEST_ID}
