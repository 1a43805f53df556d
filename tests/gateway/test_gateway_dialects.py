"""What vendors and servers really say, and what it means."""

from __future__ import annotations

import contextlib
import json
import time
from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.llm_gateway import Failure, GatewayError, ProviderType
from services.llm_gateway.calls import SseEvent
from services.llm_gateway.providers.anthropic_provider import AnthropicDialect
from services.llm_gateway.providers.base import Dialect, duration, retry_after
from services.llm_gateway.providers.google_provider import GoogleDialect
from services.llm_gateway.providers.openai_provider import OpenAIDialect, _is_strict

OPENAI = OpenAIDialect(ProviderType.OPENAI)
LOCAL = OpenAIDialect(ProviderType.LOCAL, base_url="http://127.0.0.1:1/v1")
ANTHROPIC = AnthropicDialect(ProviderType.ANTHROPIC)
GOOGLE = GoogleDialect(ProviderType.GOOGLE)


def openai_error(message: str, code: str | None = None, kind: str = "invalid_request_error") -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def anthropic_error(kind: str, message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}


def google_error(code: int, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "details": list(details)}}


@pytest.mark.parametrize(
    ("dialect", "status", "payload", "code"),
    [
        (OPENAI, 429, openai_error("You exceeded your current quota", "insufficient_quota"), "quota_exhausted"),
        (OPENAI, 429, openai_error("Rate limit reached", "rate_limit_exceeded"), "rate_limited"),
        (OPENAI, 400, openai_error("Billing hard limit has been reached", "billing_hard_limit_reached"),
         "quota_exhausted"),
        (OPENAI, 400, openai_error("This model's maximum context length is 8192 tokens", "context_length_exceeded"),
         "context_too_long"),
        (OPENAI, 400, openai_error("rejected by our safety system", "content_policy_violation"), "refused"),
        (OPENAI, 400, openai_error("The model `x` has been deprecated", "model_not_found"), "model_unavailable"),
        (OPENAI, 403, openai_error("Project does not have access to model", "model_not_found"), "model_unavailable"),
        (OPENAI, 404, "<html>not found", "model_unavailable"),
        (LOCAL, 400, openai_error("the request exceeds the available context size", kind="exceed_context_size_error"),
         "context_too_long"),
        (LOCAL, 500, {"error": {"message": "input is too long to process: exceeds the context size"}},
         "context_too_long"),
        (LOCAL, 503, {"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}}, "transient"),
        (LOCAL, 404, {"error": {"message": "model 'llama3' not found"}}, "model_unavailable"),
        (LOCAL, 422, {"detail": [{"loc": ["body"], "msg": "field required"}]}, "bad_request"),
        (LOCAL, 400, {"object": "error", "message": "This model's maximum context length is 4096 tokens."},
         "context_too_long"),
        (LOCAL, 401, {"error": "no key"}, "auth_failed"),
        (ANTHROPIC, 400, anthropic_error("invalid_request_error", "Your credit balance is too low to access"),
         "quota_exhausted"),
        (ANTHROPIC, 400, anthropic_error("invalid_request_error", "You have reached your specified API usage limits."),
         "quota_exhausted"),
        (ANTHROPIC, 402, anthropic_error("billing_error", "Payment required"), "quota_exhausted"),
        (ANTHROPIC, 400, anthropic_error("invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"),
         "context_too_long"),
        (ANTHROPIC, 400, anthropic_error(
            "invalid_request_error", "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000"),
         "context_too_long"),
        (ANTHROPIC, 413, anthropic_error("request_too_large", "Request exceeds the maximum size"), "context_too_long"),
        (ANTHROPIC, 400, anthropic_error("invalid_request_error", "This organization has been disabled."),
         "auth_failed"),
        (ANTHROPIC, 401, anthropic_error("authentication_error", "invalid x-api-key"), "auth_failed"),
        (ANTHROPIC, 529, anthropic_error("overloaded_error", "Overloaded"), "transient"),
        (ANTHROPIC, 400, anthropic_error("invalid_request_error", "messages: at least one message is required"),
         "bad_request"),
        (GOOGLE, 400, google_error(400, "API key not valid. Please pass a valid API key."), "auth_failed"),
        (GOOGLE, 400, google_error(400, "API key expired. Please renew the API key."), "auth_failed"),
        (GOOGLE, 400, google_error(400, "User location is not supported for the API use."), "auth_failed"),
        (GOOGLE, 400, google_error(400, "The input token count (1200012) exceeds the maximum number of tokens allowed"),
         "context_too_long"),
        (GOOGLE, 429, google_error(429, "exceeded your current quota ... billing", {"violations": [
            {"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}, {"retryDelay": "30s"}),
         "quota_exhausted"),
        (GOOGLE, 429, google_error(429, "exceeded your current quota ... billing", {"violations": [
            {"quotaId": "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}]}), "rate_limited"),
        (GOOGLE, 429, google_error(429, "exceeded your current quota ... billing", {"retryDelay": "45.837906927s"}),
         "rate_limited"),
        (GOOGLE, 429, [google_error(429, "exceeded your current quota, check your billing")], "quota_exhausted"),
        (GOOGLE, 503, google_error(503, "The model is overloaded."), "transient"),
        (GOOGLE, 404, google_error(404, "models/x is not found for API version v1"), "model_unavailable"),
    ],
)
def test_an_error_means(dialect: Dialect, status: int, payload: Any, code: str) -> None:
    failure = dialect.classify(status, {}, payload)

    assert failure.code == code
    assert failure.status == status


@pytest.mark.parametrize(
    ("dialect", "message", "parameter"),
    [
        (OPENAI, "Unsupported value: 'temperature' does not support 0.7 with this model.", "temperature"),
        (OPENAI, "Unsupported parameter: 'max_completion_tokens' is not supported", "max_completion_tokens"),
        (OPENAI, "Invalid parameter: 'response_format' of type 'json_schema' is not supported", "schema"),
        (OPENAI, "Invalid 'temperature': decimal above maximum value.", ""),
        (ANTHROPIC, "`temperature` and `top_p` cannot both be specified for this model.", "temperature"),
        (ANTHROPIC, "output_config: Extra inputs are not permitted", "schema"),
        (GOOGLE, 'Unknown name "responseJsonSchema" at \'generation_config\': Cannot find field.', "schema"),
    ],
)
def test_a_parameter_that_a_model_does_not_know_is_named(dialect: Dialect, message: str, parameter: str) -> None:
    failure = dialect.classify(400, {}, {"error": {"message": message}})

    assert failure.parameter == parameter


NOW = time.time()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "20"}, 20),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "0"}, 0),
        ({"retry-after-ms": "250", "retry-after": "20"}, 0.25),
        ({"retry-after": formatdate(NOW + 90, usegmt=True), "date": formatdate(NOW, usegmt=True)}, 90),
        ({"retry-after": formatdate(NOW - 90, usegmt=True)}, 0),
        ({"retry-after": "999999999"}, 7 * 86_400),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after-ms": "inf"}, 7 * 86_400),
        ({"retry-after-ms": "x"}, None),
    ],
)
def test_retry_after_is_read_in_each_of_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"), [("1.5s", 1.5), ("250ms", 0.25), ("1h2m3s", 3723), ("2m", 120), ("", None), ("5", None)]
)
def test_durations(text: str, seconds: float | None) -> None:
    assert duration(text) == seconds


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from([
            "choices", "message", "delta", "content", "refusal", "finish_reason", "usage", "error", "type", "code",
            "candidates", "parts", "text", "finishReason", "details", "violations", "promptFeedback", "stop_reason",
        ]), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("dialect", [OPENAI, ANTHROPIC, GOOGLE])
@given(payload=JSON, status=st.integers(300, 599))
def test_no_json_of_whatever_shape_is_more_than_a_failure(dialect: Dialect, payload: Any, status: int) -> None:
    assert isinstance(dialect.classify(status, {}, payload), Failure)
    for read in (dialect.parse, lambda sent: dialect.parse_event(SseEvent("message", json.dumps(sent)))):
        with contextlib.suppress(GatewayError):
            read(payload)


@pytest.mark.parametrize(
    ("schema", "strict"),
    [
        ({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"],
          "additionalProperties": False}, True),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, False),
        ({"type": "object", "properties": {"a": {"type": "object"}}, "required": ["a"],
          "additionalProperties": False}, False),
        ({"type": "array", "items": {"type": "object"}}, False),
    ],
)
def test_only_a_schema_that_openai_takes_as_strict_is_sent_as_strict(schema: dict[str, Any], strict: bool) -> None:
    assert _is_strict(schema) is strict
