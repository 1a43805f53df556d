"""Spans for a host that uses OpenTelemetry: what a call was, never what was said in it."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from opentelemetry import trace

from services.llm_gateway import AllProvidersFailed
from tests.gateway.gateways import gateway
from tests.llm_server import LLMServer


class Spans:
    """As much of a tracer as the gateway uses."""

    def __init__(self) -> None:
        self.ended: list[dict[str, Any]] = []

    def get_tracer(self, _name: str) -> Spans:
        return self

    def start_span(self, name: str, *, kind: Any, attributes: dict[str, Any], start_time: int) -> Span:
        return Span(self, {"name": name, "kind": kind, "start": start_time, **attributes})


class Span:
    def __init__(self, spans: Spans, data: dict[str, Any]) -> None:
        self.spans, self.data = spans, data

    def set_status(self, status: Any, _description: str) -> None:
        self.data["status"] = status

    def end(self, at: int) -> None:
        self.spans.ended.append({**self.data, "end": at})


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Spans:
    made = Spans()
    monkeypatch.setattr(trace, "get_tracer", made.get_tracer)
    return made


def test_a_call_is_a_span_without_its_content(server: LLMServer, spans: Spans) -> None:
    made = gateway(server, {"openai": "401", "anthropic": ""})
    made.complete("a secret question", "a secret instruction", max_tokens=77)
    list(made.stream("a secret question"))

    whole, streamed = spans.ended
    assert (whole["name"], whole["kind"]) == ("chat gpt-4o-mini", trace.SpanKind.CLIENT)
    assert whole["gen_ai.provider.name"] == streamed["gen_ai.provider.name"] == "anthropic"
    assert (whole["gen_ai.request.max_tokens"], whole["llm_gateway.attempts"]) == (77, 2)
    assert whole["gen_ai.usage.input_tokens"] == 12
    assert 0 <= whole["end"] - whole["start"] < 10e9
    assert "secret" not in repr(spans.ended)


def test_a_call_that_fails_says_how(server: LLMServer, spans: Spans) -> None:
    with pytest.raises(AllProvidersFailed):
        gateway(server, {"openai": "401"}).complete("hola")

    assert spans.ended[0]["error.type"] == "all_providers_failed"
    assert spans.ended[0]["status"] is trace.StatusCode.ERROR


def test_a_host_without_opentelemetry_pays_nothing(server: LLMServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "opentelemetry.trace")

    assert gateway(server).complete("hola").text
