"""Keys appear nowhere but in the header of a request to their own provider."""

from __future__ import annotations

import io
import logging
import pickle
import traceback
from collections.abc import Iterator
from types import FrameType

import pytest

from services.llm_gateway import AllProvidersFailed, ConfigurationError, GatewayConfig, GatewayError, ProviderType
from services.llm_gateway.redact import Secret, redact
from tests.gateway.gateways import CALM, KEYS, QUICK, REMOTE, ask, entry, gateway
from tests.llm_server import LLMServer

CANARY = "canary"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, by anybody, at any level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s %(args)s %(exc_info)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


def everything_about(error: BaseException) -> str:
    """What a log, a debug page and a pickling worker could show of an error and of what led to it."""
    shown = ["".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())]
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        shown += [repr(error), str(error), repr(vars(error)), repr(error.args)]
        shown += [repr(frame.f_locals) for frame in frames_of(error)]
        error = error.__cause__ or error.__context__
    return "\n".join(shown).lower()


def frames_of(error: BaseException) -> Iterator[FrameType]:
    step = error.__traceback__
    while step is not None:
        if "/tests/" not in step.tb_frame.f_code.co_filename:
            yield step.tb_frame
        step = step.tb_next


@pytest.mark.parametrize("way", ["whole", "stream"])
@pytest.mark.parametrize("provider", [*REMOTE, pytest.param("local", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "fault",
    ["401", "echo-key", "cut", "error-first",
     *(pytest.param(name, marks=pytest.mark.slow) for name in ("reset", "hang", "html", "redirect"))],
)
def test_no_error_log_or_status_shows_a_key(
    server: LLMServer, log: io.StringIO, fault: str, provider: str, way: str
) -> None:
    made = gateway(server, {provider: fault}, limits=QUICK if fault == "hang" else CALM)

    with pytest.raises(GatewayError) as raised:
        ask(made, way)

    assert server.of(provider)[0].key == KEYS[provider]
    attempts = getattr(raised.value, "attempts", ())
    for text in (everything_about(raised.value), log.getvalue(), repr(made.get_status()), repr(attempts)):
        assert CANARY not in text.lower().replace("test_gateway_keys", "")


def test_no_key_goes_where_a_redirect_points(server: LLMServer) -> None:
    with pytest.raises(AllProvidersFailed):
        gateway(server, {"openai": "redirect"}).complete("hola")

    assert server.of("elsewhere") == []


def test_no_key_travels_in_an_address(server: LLMServer) -> None:
    made = gateway(server, {"google": ""})
    made.complete("hola")
    ask(made, "stream")

    assert made.health_check_all() == {ProviderType.GOOGLE: True}
    assert all(CANARY not in f"{one.path}?{one.query}".lower() for one in server.received)


def test_the_configuration_can_be_printed(server: LLMServer) -> None:
    config = GatewayConfig(tuple(entry(server, name) for name in KEYS))

    assert CANARY not in repr(config).lower()


def test_a_secret_is_not_pickled() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("canary"))


@pytest.mark.parametrize("key", ["sk-canary\n", "sk-canary 2", "sk-ca\u00f1ary", "“sk-canary”"])
def test_a_key_that_cannot_be_one_is_a_fault_that_does_not_quote_it(key: str) -> None:
    config = GatewayConfig.from_environment({"OPENAI_API_KEY": key})

    row = config.providers[0]
    assert row.configured is (key.strip() == "sk-canary")
    assert CANARY not in str(row.fault)


def test_a_setting_that_makes_no_sense_is_named_and_not_quoted() -> None:
    with pytest.raises(ConfigurationError, match="LLM_PRICES") as raised:
        GatewayConfig.from_environment({"LLM_PRICES": "sk-canary-0123456789"})

    assert CANARY not in repr(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-canary0123456789.",
        "POST /v1beta/models/x:generateContent?key=canary-0123&alt=sse failed",
        "{'authorization': 'Bearer canary.0123', 'x-api-key': 'canary-0123', \"x-goog-api-key\": \"canary\"}",
        "x-goog-api-key: canary0123",
        "AIzaSyCanary0123456789",
        "sk-ant-api03-canary0123",
    ],
)
def test_what_looks_like_a_key_is_taken_out_of_any_text(text: str) -> None:
    assert CANARY not in redact(text).lower()
