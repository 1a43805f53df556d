"""OpenAI chat completions, as `openai.types.chat` has them."""

from __future__ import annotations

from typing import Any

from tests.llm_server.answers import Answer, Ask
from tests.llm_server.received import Received
from tests.llm_server.wire import Dialect, Error, Refuse, check_fields, sse

FINISH = {"stop": "stop", "stop_sequence": "stop", "length": "length", "refused": "content_filter"}
CREATED = 1_760_000_000
FIELDS = {
    "model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "temperature", "top_p",
    "stop", "response_format", "seed", "n", "user", "reasoning_effort",
}
ID = "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT"

# kind: status, type, code, message
FAILURES = {
    "rate-limit": (
        429, "requests", "rate_limit_exceeded",
        "Rate limit reached for {model} in organization org-1 on requests per min (RPM): Limit 3, Used 3, Requested 1.",
    ),
    "quota": (
        429, "insufficient_quota", "insufficient_quota",
        "You exceeded your current quota, please check your plan and billing details.",
    ),
    "auth": (401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided: {key}."),
    "forbidden": (
        403, "request_forbidden", "unsupported_country_region_territory",
        "Country, region, or territory not supported",
    ),
    "model": (
        404, "invalid_request_error", "model_not_found",
        "The model `{model}` does not exist or you do not have access to it.",
    ),
    "bad-request": (400, "invalid_request_error", None, "Invalid 'temperature': decimal above maximum value."),
    "unsupported": (
        400, "invalid_request_error", "unsupported_value",
        "Unsupported value: 'temperature' does not support 0.7 with this model.",
    ),
    "context": (
        400, "invalid_request_error", "context_length_exceeded",
        "This model's maximum context length is 128000 tokens. However, your messages resulted in 200012 tokens.",
    ),
    "internal": (500, "server_error", None, "The server had an error while processing your request. Sorry about that!"),
    "unavailable": (503, "server_error", None, "The engine is currently overloaded, please try again later"),
    "overloaded": (529, "server_error", "overloaded", "Overloaded"),
}


class OpenAIWire(Dialect):
    """`/v1/chat/completions` and `/v1/models`."""

    name = "openai"

    def read(self, received: Received) -> Ask:
        body = received.json
        if not received.key and received.label != "local":  # Ollama and llama-server ask for no key
            raise Refuse("auth")
        check_fields(body, FIELDS, {"model", "messages"})
        if "stream_options" in body and not body.get("stream"):
            raise Refuse("bad-request", "The 'stream_options' parameter is only allowed when 'stream' is enabled.")
        stop = body.get("stop") or ()
        schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
        return Ask(
            model=body["model"],
            stream=body.get("stream", False),
            max_tokens=body.get("max_completion_tokens") or body.get("max_tokens"),
            stop=(stop,) if isinstance(stop, str) else tuple(stop),
            schema=schema,
            usage_wanted=bool((body.get("stream_options") or {}).get("include_usage")),
        )

    def whole(self, answer: Answer) -> dict[str, Any]:
        return self._completion(answer, {"content": answer.text, "refusal": None}, FINISH[answer.finish])

    def opening(self, answer: Answer) -> list[bytes]:
        return [self._chunk(answer, {"role": "assistant", "content": "", "refusal": None})]

    def token(self, answer: Answer, text: str) -> bytes:
        return self._chunk(answer, {"content": text})

    def closing(self, answer: Answer, ask: Ask) -> list[bytes]:
        frames = [self._chunk(answer, {}, FINISH[answer.finish])]
        if ask.usage_wanted:
            frames.append(sse(self._chunk_body(answer) | {"choices": [], "usage": usage(answer)}))
        return [*frames, sse("[DONE]")]

    def ping(self) -> bytes:
        return b": OPENROUTER PROCESSING\n\n"

    def failure(self, kind: str, ask: Ask, key: str, message: str | None = None) -> Error:
        status, type_, code, usual = FAILURES[kind]
        said = message or usual.format(model=ask.model, key=key)
        error = {"message": said, "type": type_, "param": None, "code": code}
        return Error(status, {"error": error}, {"x-request-id": "req_8f4a"})

    def error_frame(self) -> bytes:
        return sse({"error": {
            "message": FAILURES["internal"][3], "type": "server_error", "param": None, "code": None,
        }})

    def refusal(self, answer: Answer, *, blocked: bool) -> tuple[dict[str, Any], list[bytes]]:
        words = None if blocked else "Lo siento, no puedo ayudar con eso."
        finish = "content_filter" if blocked else "stop"
        message = {"content": "" if blocked else None, "refusal": words}
        delta = self._chunk(answer, {"role": "assistant", "content": "" if blocked else None, "refusal": words})
        return self._completion(answer, message, finish), [delta, self._chunk(answer, {}, finish), sse("[DONE]")]

    def models(self) -> dict[str, Any]:
        model = {"id": "gpt-4o-mini", "object": "model", "created": CREATED, "owned_by": "system"}
        return {"object": "list", "data": [model]}

    def _completion(self, answer: Answer, message: dict[str, Any], finish: str) -> dict[str, Any]:
        choice = {
            "index": 0, "logprobs": None, "finish_reason": finish,
            "message": {"role": "assistant", "annotations": [], **message},
        }
        return {
            "id": ID, "object": "chat.completion", "created": CREATED, "model": answer.model,
            "choices": [choice], "usage": usage(answer), "service_tier": "default",
        }

    def _chunk(self, answer: Answer, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return sse(self._chunk_body(answer) | {"choices": [choice]})

    def _chunk_body(self, answer: Answer) -> dict[str, Any]:
        return {"id": ID, "object": "chat.completion.chunk", "created": CREATED, "model": answer.model}


def usage(answer: Answer) -> dict[str, int]:
    """OpenAI's count of tokens."""
    prompt, completion = answer.prompt_tokens, len(answer.tokens)
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
