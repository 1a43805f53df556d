"""The breaker: its states under a clock of ours, and outages with real calls under threads."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from services.llm_gateway import (
    AuthFailed,
    DeadlineExceeded,
    EmptyResponse,
    Failure,
    ModelUnavailable,
    QuotaExhausted,
    RateLimited,
    Refused,
    Timeout,
    Transient,
)
from services.llm_gateway.breaker import Admission, Breaker
from tests.gateway.gateways import CALM, gateway
from tests.llm_server import DEFAULT_TEXT, LLMServer


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock=clock)


def fail(breaker: Breaker, failure: Failure, times: int = 1) -> None:
    for _ in range(times):
        breaker.fail(breaker.force(), failure)


def wait_s(breaker: Breaker, clock: Clock) -> float:
    return breaker.reopens_at - clock.now


@pytest.mark.parametrize("failure", [Transient(), Timeout()])
def test_the_second_transient_failure_in_a_row_opens_for_five_seconds(
    breaker: Breaker, clock: Clock, failure: Failure
) -> None:
    fail(breaker, failure)
    assert breaker.state().state == "closed"

    fail(breaker, failure)

    assert breaker.admit() is None
    assert 4 <= wait_s(breaker, clock) <= 5


def test_a_success_between_two_failures_keeps_it_closed(breaker: Breaker) -> None:
    fail(breaker, Transient())
    breaker.succeed(breaker.force())
    fail(breaker, Transient())

    assert breaker.state().state == "closed"


@pytest.mark.parametrize(
    ("failure", "seconds"),
    [
        (RateLimited(retry_after_s=7), 7), (RateLimited(), 10), (QuotaExhausted(), 600),
        (QuotaExhausted(retry_after_s=30), 30), (AuthFailed(), 300), (ModelUnavailable(), 300),
    ],
)
def test_what_only_time_or_people_can_mend_opens_at_once(
    breaker: Breaker, clock: Clock, failure: Failure, seconds: float
) -> None:
    fail(breaker, failure)

    assert wait_s(breaker, clock) == seconds
    assert breaker.reason == failure.code


def test_only_failures_that_trip_are_told_to_it() -> None:
    trips = {failure for failure in (Refused, EmptyResponse, Transient, Timeout, RateLimited) if failure.trips}

    assert trips == {Transient, Timeout, RateLimited}


def test_one_probe_is_let_through_when_it_may_reopen(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, Transient(), 2)
    clock.now += 5

    probe = breaker.admit()

    assert probe is not None
    assert probe.admission is Admission.PROBE
    assert breaker.admit() is None
    assert breaker.state().state == "half_open"
    breaker.succeed(probe)
    assert breaker.admit().admission is Admission.NORMAL


def test_failed_probes_double_the_wait_up_to_a_minute(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, Transient(), 2)
    waits = []
    for _ in range(5):
        clock.now = breaker.reopens_at
        breaker.fail(breaker.admit(), Transient())
        waits.append(wait_s(breaker, clock))

    for wait, most in zip(waits, [10, 20, 40, 60, 60], strict=True):
        assert 0.8 * most <= wait <= most


def test_the_late_failures_of_one_incident_do_not_escalate(breaker: Breaker, clock: Clock) -> None:
    permits = [breaker.admit() for _ in range(8)]
    for permit in permits:
        breaker.fail(permit, Transient())
    reopens_at = breaker.reopens_at

    fail(breaker, Transient(), 3)  # asked although open

    assert breaker.reopens_at == reopens_at
    assert wait_s(breaker, clock) <= 5


def test_a_probe_that_is_given_back_lets_the_next_one_try(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, Transient(), 2)
    clock.now += 5
    breaker.release(breaker.admit())

    assert breaker.admit().admission is Admission.PROBE


def test_a_success_of_a_call_from_before_it_opened_does_not_close_it(breaker: Breaker) -> None:
    early = breaker.admit()
    fail(breaker, AuthFailed())

    breaker.succeed(early)

    assert breaker.state().state == "open"


def test_of_two_threads_at_the_half_open_moment_one_probes(server: LLMServer) -> None:
    made = gateway(server, {"openai": "", "anthropic": ""})
    server.queue("openai", "429-retry-after-ms,wait=0.2", "ok,delay=0.05", "ok", "ok")
    made.complete("hola")
    assert made.get_status()["providers"][0]["status"] == "quota_exceeded"
    time.sleep(0.25)
    barrier = threading.Barrier(2)

    def call(_number: int) -> str:
        barrier.wait()
        return made.complete("hola").provider

    with ThreadPoolExecutor(2) as pool:
        answered_by = sorted(pool.map(call, range(2)))

    assert answered_by == ["anthropic", "openai"]
    assert made.complete("hola").provider == "openai"
    assert made.get_status()["providers"][0]["status"] == "available"


def test_a_call_whose_time_is_up_does_not_keep_the_probe(server: LLMServer) -> None:
    made = gateway(server, {"openai": "", "anthropic": ""})
    server.queue("openai", "429-retry-after-ms,wait=0.1")
    assert made.complete("hola").provider == "anthropic"
    time.sleep(0.15)
    with pytest.raises(DeadlineExceeded):
        made.complete("hola", deadline_s=1e-9)

    assert made.complete("hola").provider == "openai"


@pytest.mark.parametrize("fault", ["500", "reset", "429-retry-after-ms,wait=0.05"])
def test_an_outage_of_twelve_requests_fails_no_caller_and_is_recovered_from(server: LLMServer, fault: str) -> None:
    made = gateway(server, {"openai": "", "anthropic": ""}, limits=replace(CALM, breaker_s=0.05))
    server.queue("openai", *[fault] * 12)
    answered_by: list[str] = []
    until = time.monotonic() + 10

    def caller(_number: int) -> None:
        while answered_by.count("openai") < 8 and time.monotonic() < until:
            completion = made.complete("hola")
            assert completion.text == DEFAULT_TEXT
            answered_by.append(completion.provider)
            time.sleep(0.005)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(caller, range(4)))

    assert answered_by[0] == "anthropic"
    assert answered_by.count("openai") >= 8


def test_when_all_are_open_the_one_that_reopens_soonest_is_tried(server: LLMServer) -> None:
    made = gateway(server, {"openai": "", "anthropic": ""})
    server.queue("openai", "401")
    server.queue("anthropic", "429-retry-after-seconds,wait=60")
    with pytest.raises(Exception, match="No provider"):
        made.complete("hola")

    assert made.complete("hola").provider == "anthropic"
    assert [len(server.of(name)) for name in ("openai", "anthropic")] == [1, 2]


def test_the_calls_that_fail_for_their_own_sake_do_not_trip(server: LLMServer) -> None:
    made = gateway(server, {"openai": ""})
    for fault in ("context", "400", "refusal", "empty", "empty"):
        server.queue("openai", fault)
    for _ in range(4):
        with pytest.raises(Exception, match=r"."):
            made.complete("hola")

    assert made.get_status()["providers"][0]["breaker"]["state"] == "closed"
    assert made.complete("hola").text == DEFAULT_TEXT
