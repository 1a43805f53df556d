"""Who is asked, in which order."""

from __future__ import annotations

import itertools

import pytest

from services.llm_gateway import AllProvidersFailed, GatewayConfig, LLMGateway, ProviderType
from tests.gateway.gateways import QUICK, REMOTE, ask, gateway
from tests.llm_server import DEFAULT_TEXT, LLMServer

ALL = (*REMOTE, "local")


@pytest.mark.parametrize("order", [*itertools.permutations(ALL)], ids="-".join)
def test_in_every_order_the_first_that_works_answers(server: LLMServer, order: tuple[str, ...]) -> None:
    for working, who in enumerate(order):
        made = gateway(server, {name: "" if place >= working else "401" for place, name in enumerate(order)})

        completion = made.complete("hola")
        made.shutdown()

        assert completion.provider == who
        assert [attempt.provider for attempt in completion.attempts] == [*order[: working + 1]]


@pytest.mark.parametrize("way", ["whole", "stream"])
@pytest.mark.parametrize("faults", [("500", "429", "quota"), ("hang", "404", "html"), ("error-first", "empty", "401")])
def test_after_three_failures_the_local_one_answers(server: LLMServer, faults: tuple[str, ...], way: str) -> None:
    made = gateway(server, {**dict(zip(REMOTE, faults, strict=True)), "local": ""}, limits=QUICK)

    assert ask(made, way) == DEFAULT_TEXT

    assert len(server.of("local")) == 1


def test_when_all_fail_the_error_tells_what_each_said(server: LLMServer) -> None:
    made = gateway(server, {"openai": "401", "anthropic": "quota", "google": "context", "local": "404"})

    with pytest.raises(AllProvidersFailed) as raised:
        made.complete("hola")

    outcomes = {attempt.provider: attempt.outcome for attempt in raised.value.attempts}
    assert outcomes == {
        "openai": "auth_failed", "anthropic": "quota_exhausted", "google": "context_too_long",
        "local": "model_unavailable",
    }
    assert "credit balance" in str(raised.value)


@pytest.mark.parametrize("named", ["google", ProviderType.GOOGLE])
def test_the_preferred_provider_is_asked_first(server: LLMServer, named: str) -> None:
    made = gateway(server, dict.fromkeys(ALL, ""))

    assert made.complete("hola", preferred_provider=named).provider == "google"
    assert ask(made, "stream", preferred_provider=named) == DEFAULT_TEXT
    assert made.generate("hola", "", preferred_provider=named) == DEFAULT_TEXT
    assert [len(server.of(name)) for name in ALL] == [0, 0, 3, 0]


def test_a_preferred_provider_that_fails_falls_back_in_the_usual_order(server: LLMServer) -> None:
    made = gateway(server, {"openai": "", "anthropic": "", "google": "500"})

    completion = made.complete("hola", preferred_provider="google")

    assert [attempt.provider for attempt in completion.attempts] == ["google", "google", "openai"]


def test_a_preferred_provider_that_is_not_configured_is_skipped(server: LLMServer) -> None:
    assert gateway(server, {"openai": ""}).complete("hola", preferred_provider="anthropic").provider == "openai"


def test_an_unknown_provider_is_the_callers_mistake(server: LLMServer) -> None:
    with pytest.raises(ValueError, match="bard"):
        gateway(server).complete("hola", preferred_provider="bard")


def test_with_nothing_configured_the_error_says_what_to_do() -> None:
    with pytest.raises(AllProvidersFailed, match="ENV_GUIDE") as raised:
        LLMGateway(GatewayConfig(())).generate_simple("hola")

    assert raised.value.attempts == ()


def test_a_retired_model_falls_to_its_successor_with_one_warning(
    server: LLMServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.queue("anthropic", "404")
    made = gateway(server, {"anthropic": "", "google": ""})

    completions = [made.complete("hola") for _ in range(3)]

    assert {completion.model for completion in completions} == {"claude-haiku-4-5-20251001"}
    models = [received.json["model"] for received in server.of("anthropic")]
    assert models == ["claude-3-5-haiku-20241022", *["claude-haiku-4-5-20251001"] * 3]
    warnings = [record for record in caplog.records if record.levelname == "WARNING"]
    assert [record.message for record in warnings] == ["llm.model_retired"]
    assert made.get_status()["providers"][0]["model"] == "claude-haiku-4-5-20251001"
    assert made.get_status()["providers"][0]["status"] == "available"


@pytest.mark.parametrize("dialect", REMOTE)
def test_a_parameter_that_a_model_does_not_take_is_left_out_from_then_on(server: LLMServer, dialect: str) -> None:
    made = gateway(server, {dialect: "400-unsupported"})

    for way in ("whole", "stream"):
        assert ask(made, way) == DEFAULT_TEXT

    carried = [b'"temperature"' in received.body for received in server.of(dialect)]
    assert carried == [True, False, False]
