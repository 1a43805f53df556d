"""What a caller gets: texts, completions, counts, status, health, cached answers."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.llm_gateway import (
    BudgetExceeded,
    Cancelled,
    CancelToken,
    Fault,
    FaultKind,
    GatewayConfig,
    LLMGateway,
    ProviderConfig,
    ProviderStatus,
    ProviderType,
    StreamInterrupted,
)
from services.llm_gateway.calls import Usage
from services.llm_gateway.ledger import estimate_tokens
from services.llm_gateway.prices import PRICES, cost_micros
from services.llm_gateway.redact import Secret
from tests.gateway.gateways import CALM, QUICK, REMOTE, entry, gateway
from tests.llm_server import DEFAULT_TEXT, LLMServer

TOKENS = len(DEFAULT_TEXT.split())


def test_the_documented_calls(server: LLMServer) -> None:
    made = gateway(server)

    assert made.generate_simple(prompt="¿Qué es Python?", max_tokens=100) == DEFAULT_TEXT
    assert made.generate("u", "s", 512, 0.7, 0.9) == DEFAULT_TEXT
    assert made.generate(user_prompt="u", system_prompt="s", max_tokens=512, temperature=0.7) == DEFAULT_TEXT
    assert "".join(made.generate("u", "s", stream=True)) == DEFAULT_TEXT
    assert made.get_status()["available_providers"] == 1


@pytest.mark.parametrize("provider", REMOTE)
def test_a_completion_tells_all_about_itself(server: LLMServer, provider: str) -> None:
    completion = gateway(server, {provider: ""}).complete("hola", "sé breve")

    assert (completion.text, completion.provider, completion.finish) == (DEFAULT_TEXT, provider, "stop")
    assert completion.usage == Usage(12, TOKENS)
    assert completion.cost_usd == pytest.approx(cost_micros(completion.usage, completion.model, PRICES) / 1e6)
    assert [attempt.outcome for attempt in completion.attempts] == ["ok"]
    assert completion.elapsed_ms >= 0


@pytest.mark.parametrize("provider", REMOTE)
def test_a_stream_counts_what_it_used_as_a_whole_answer_does(server: LLMServer, provider: str) -> None:
    stream = gateway(server, {provider: ""}).stream("hola")
    pieces = list(stream)

    assert len(pieces) > 5
    assert stream.completion.usage == Usage(12, TOKENS)
    assert stream.completion.text == "".join(pieces) == stream.partial


def test_the_providers_request_id_comes_with_answers_and_failures(server: LLMServer) -> None:
    completion = gateway(server, {"openai": "500", "anthropic": ""}).complete("hola")

    assert completion.attempts[0].request_id == "req_8f4a"


@pytest.mark.parametrize(
    ("usage", "model", "micros"),
    [
        (Usage(1_000_000, 0), "gpt-4o-mini", 150_000),
        (Usage(1_000_000, 1_000_000), "gpt-4o-mini-2024-07-18", 750_000),
        (Usage(1, 0), "gpt-4o-mini", 1),
        (Usage(0, 0), "gpt-4o-mini", 0),
        (Usage(10, 10), "gemini-2.5-flash-lite", 5),
        (Usage(10, 10), "somebody-elses-model", None),
    ],
)
def test_the_cost_is_rounded_up_and_unknown_where_no_price_is_known(
    usage: Usage, model: str, micros: int | None
) -> None:
    assert cost_micros(usage, model, PRICES) == micros


def test_prices_can_be_set(server: LLMServer) -> None:
    made = gateway(server, prices={"gpt-4o-mini": (1000.0, 2000.0)})

    assert made.complete("hola").cost_usd == pytest.approx(0.012 + TOKENS * 0.002)


def test_the_local_server_costs_nothing(server: LLMServer) -> None:
    assert gateway(server, {"local": ""}).complete("hola").cost_usd == 0


@pytest.mark.parametrize(
    "options",
    [{"max_tokens": 0}, {"temperature": 2.1}, {"temperature": -1}, {"top_p": 0}, {"temperature": float("nan")}],
)
def test_a_call_that_nobody_could_be_asked_is_the_callers_mistake(server: LLMServer, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must lie"):
        gateway(server).complete("hola", **options)
    with pytest.raises(ValueError, match="empty"):
        gateway(server).complete("  ")

    assert server.received == []


# --- Status and health ----------------------------------------------------------------------------


def test_the_status_lists_every_provider(server: LLMServer) -> None:
    fault = Fault(FaultKind.NO_KEY, "GOOGLE_API_KEY")
    missing = ProviderConfig(ProviderType.GOOGLE, "gemini-2.0-flash-exp", fault=fault)
    config = GatewayConfig((entry(server, "openai"), entry(server, "anthropic", "quota"), missing), limits=CALM)
    made = LLMGateway(config)
    made.complete("hola", preferred_provider="anthropic")

    status = made.get_status()

    assert (status["total_providers"], status["available_providers"]) == (3, 1)
    openai, anthropic, google = status["providers"]
    assert (openai["provider"], openai["status"], openai["is_initialized"]) == ("openai", "available", True)
    assert openai["usage"]["prompt_tokens"] == 12
    assert openai["latency_ms"]["p95"] >= openai["latency_ms"]["p50"] >= 0
    assert openai["error_message"] is None
    assert (anthropic["status"], anthropic["breaker"]["reason"]) == ("quota_exceeded", "quota_exhausted")
    assert "credit balance" in anthropic["error_message"]
    assert (google["status"], google["is_initialized"]) == ("unavailable", False)
    assert (google["reason"], anthropic["reason"], openai["reason"]) == ("no_key", "quota_exhausted", None)
    assert "GOOGLE_API_KEY" in google["error_message"]
    assert {row["status"] for row in status["providers"]} <= {state.value for state in ProviderStatus}


def test_a_wrong_key_shows_as_an_error(server: LLMServer) -> None:
    made = gateway(server, {"openai": "401", "anthropic": ""})
    made.complete("hola")

    assert made.get_status()["providers"][0]["status"] == "error"


def test_health_asks_for_the_free_list_of_models(server: LLMServer) -> None:
    providers = (entry(server, "openai"), entry(server, "anthropic", "401"), entry(server, "google", "hang"))
    made = LLMGateway(GatewayConfig(providers, limits=QUICK))

    assert made.health_check_all() == {"openai": True, "anthropic": False, "google": False}
    assert "x-api-key" in made.health_check("anthropic").detail
    assert not made.health_check("local").ok
    assert {received.method for received in server.received} == {"GET"}


def test_making_a_gateway_and_its_status_ask_nobody(server: LLMServer) -> None:
    gateway(server).get_status()

    assert server.received == []


# --- Connections ----------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", REMOTE)
def test_one_connection_serves_whole_answers_and_streams(server: LLMServer, provider: str) -> None:
    made = gateway(server, {provider: ""})
    for _ in range(3):
        made.complete("hola")
        list(made.stream("hola"))

    assert {received.connection for received in server.of(provider)} == {1}


def test_threads_share_one_gateway(server: LLMServer) -> None:
    made = gateway(server, {"openai": "500", "anthropic": "", "google": ""})

    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda _number: made.complete("hola").text, range(40)))

    assert texts == [DEFAULT_TEXT] * 40
    assert made.get_status()["providers"][1]["usage"]["calls"] == 40


def test_a_proxy_of_the_environment_is_used(server: LLMServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("no_proxy", raising=False)
    there = ProviderConfig(ProviderType.LOCAL, "m", "http://models.invalid/v1", Secret("local-key"))
    made = LLMGateway(GatewayConfig((there, entry(server, "openai")), limits=CALM))

    assert made.complete("hola").text == DEFAULT_TEXT
    assert asyncio.run(made.acomplete("hola")).text == DEFAULT_TEXT
    assert made.complete("hola", preferred_provider="openai").text == DEFAULT_TEXT

    hosts = [received.headers["host"] for received in server.received]
    assert hosts == ["models.invalid", "models.invalid", f"127.0.0.1:{server.port}"]


def test_an_unknown_host_is_a_failure_like_any_other(server: LLMServer) -> None:
    nowhere = ProviderConfig(ProviderType.LOCAL, "m", "http://models.invalid/v1")
    made = LLMGateway(GatewayConfig((nowhere, entry(server, "openai")), limits=CALM))

    completion = made.complete("hola")

    assert [attempt.outcome for attempt in completion.attempts] == ["transient", "transient", "ok"]


# --- Budgets --------------------------------------------------------------------------------------


class Books:
    """A budget in memory, to see what a gateway does with one."""

    def __init__(self, tokens: int = 10_000) -> None:
        self.tokens = tokens
        self.open: dict[int, int] = {}
        self.settled: list[tuple[int, int]] = []
        self._lock = threading.Lock()

    def reserve(self, user: str, *, tokens: int, cost_micros: int) -> int:
        with self._lock:
            if user == "broken":
                raise RuntimeError("no database")
            if sum(self.open.values()) + sum(used for used, _cost in self.settled) + tokens > self.tokens:
                raise BudgetExceeded("The budget of the day is spent.")
            number = len(self.open) + len(self.settled)
            self.open[number] = tokens
            return number

    def settle(self, reservation: int, *, tokens: int, cost_micros: int) -> None:
        with self._lock:
            del self.open[reservation]
            self.settled.append((tokens, cost_micros))


def test_a_call_reserves_its_most_and_settles_what_it_used(server: LLMServer) -> None:
    books = Books()
    made = gateway(server, budget=books)

    made.complete("hola", user="7")

    assert books.open == {}
    assert books.settled == [(12 + TOKENS, cost_micros(Usage(12, TOKENS), "gpt-4o-mini", PRICES))]


def test_a_spent_budget_asks_nobody(server: LLMServer) -> None:
    made = gateway(server, budget=Books(tokens=100))

    with pytest.raises(BudgetExceeded):
        made.complete("hola", user="7")
    with pytest.raises(BudgetExceeded):
        next(made.stream("hola", user="7"))

    assert server.received == []


@pytest.mark.parametrize(
    ("fault", "error"), [("cut", StreamInterrupted), ("reset-middle", StreamInterrupted), ("loop", Cancelled)]
)
def test_a_partial_stream_pays_for_what_came(server: LLMServer, fault: str, error: type[Exception]) -> None:
    books = Books()
    stream = gateway(server, {"openai": fault}, budget=books).stream("¿Qué es?", user="7")
    next(stream)
    if error is Cancelled:
        stream.cancel()

    with pytest.raises(error):
        list(stream)

    assert books.open == {}
    tokens, micros = books.settled[0]
    assert tokens >= estimate_tokens(stream.partial) > 0
    assert micros > 0


def test_a_stream_that_is_dropped_is_settled_too(server: LLMServer) -> None:
    books = Books()
    stream = gateway(server, {"anthropic": "loop"}, budget=books).stream("hola", user="7")
    next(stream)

    stream.close()

    assert books.open == {}
    assert books.settled[0][0] > 12


def test_a_stream_that_is_never_read_reserves_nothing(server: LLMServer) -> None:
    books = Books()
    gateway(server, budget=books).stream("hola", user="7").close()

    assert (books.open, books.settled) == ({}, [])


def test_failed_calls_give_back_all_that_they_reserved(server: LLMServer) -> None:
    books = Books()
    with pytest.raises(Exception, match="No provider"):
        gateway(server, {"openai": "401"}, budget=books).complete("hola", user="7")

    assert books.settled == [(0, 0)]


def test_calls_at_once_cannot_reserve_more_than_there_is(server: LLMServer) -> None:
    books = Books(tokens=1100)
    made = gateway(server, {"openai": "ok,delay=0.2"}, budget=books)

    def call(_number: int) -> str:
        try:
            return made.complete("hola", user="7").text
        except BudgetExceeded:
            return "refused"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(call, range(8)))

    assert outcomes.count(DEFAULT_TEXT) == 2
    assert len(server.of("openai")) == 2


def test_without_a_user_nobody_pays(server: LLMServer) -> None:
    books = Books(tokens=0)

    assert gateway(server, budget=books).complete("hola").text == DEFAULT_TEXT


# --- The cache of answers at temperature 0 --------------------------------------------------------


def test_equal_calls_at_temperature_0_ask_once(server: LLMServer) -> None:
    made = gateway(server, cache_size=10)

    first, second = (made.complete("hola", temperature=0) for _ in range(2))

    assert (first.cached, second.cached) == (False, True)
    assert second.text == first.text
    assert second.cost_usd == 0
    assert len(server.of("openai")) == 1


@pytest.mark.parametrize(
    "options", [{"temperature": 0.1}, {"temperature": 0, "max_tokens": 5}, {"temperature": 0, "stop": "x"}]
)
def test_other_calls_are_not_the_same(server: LLMServer, options: dict[str, Any]) -> None:
    made = gateway(server, cache_size=10)
    made.complete("hola", temperature=0)
    made.complete("hola", **options)

    assert len(server.of("openai")) == 2


def test_of_equal_calls_at_once_one_goes_and_the_others_wait(server: LLMServer) -> None:
    made = gateway(server, {"openai": "ok,delay=0.2"}, cache_size=10)

    with ThreadPoolExecutor(6) as pool:
        completions = list(pool.map(lambda _number: made.complete("hola", temperature=0), range(6)))

    assert {completion.text for completion in completions} == {DEFAULT_TEXT}
    assert sum(completion.cached for completion in completions) == 5
    assert len(server.of("openai")) == 1


def test_when_the_first_of_equal_calls_fails_the_next_one_goes(server: LLMServer) -> None:
    server.queue("openai", "401", "ok")
    made = gateway(server, {"openai": ""}, cache_size=10)

    def call(_number: int) -> str:
        try:
            return made.complete("hola", temperature=0).text
        except Exception as error:  # noqa: BLE001
            return type(error).__name__

    with ThreadPoolExecutor(3) as pool:
        outcomes = sorted(pool.map(call, range(3)))

    assert outcomes == ["AllProvidersFailed", DEFAULT_TEXT, DEFAULT_TEXT]


def test_a_call_that_waits_for_its_equal_can_be_cancelled(server: LLMServer) -> None:
    made = gateway(server, {"openai": "hang"}, cache_size=10)
    token, leaders = CancelToken(), CancelToken()
    with ThreadPoolExecutor(1) as pool:
        leader = pool.submit(made.complete, "h", temperature=0, cancel=leaders)
        assert server.wait_for(lambda: server.of("openai"))
        threading.Timer(0.05, token.cancel).start()

        with pytest.raises(Cancelled):
            made.complete("h", temperature=0, cancel=token)

        leaders.cancel()
        assert isinstance(leader.exception(1), Cancelled)
