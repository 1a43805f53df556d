"""The model on this machine: real generations by a tiny GGUF."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import gguf
import numpy as np
import pytest
from gguf import GGMLQuantizationType as Kind

from services.llm_gateway import (
    AllProvidersFailed,
    Cancelled,
    DeadlineExceeded,
    Finish,
    GatewayError,
    LLMGateway,
    ProviderType,
    StreamInterrupted,
    Timeout,
)
from services.llm_gateway.control import CancelToken
from services.llm_gateway.providers.local_provider import LocalEngine
from tests.llm_server import DEFAULT_TEXT, LLMServer
from tests.tiny_gguf import SENTENCE, pack_q3_k, pack_q6_k

MakeGateway = Callable[..., LLMGateway]
LONG_S = "600"


def environ(path: Path, **more: str) -> dict[str, str]:
    return {"LOCAL_MODEL_PATH": str(path), "LOCAL_CONTEXT_TOKENS": "512", "LOCAL_UNLOAD_AFTER_S": LONG_S, **more}


def engine_of(gateway: LLMGateway) -> LocalEngine:
    (target,) = (target for target in gateway._targets if target.provider is ProviderType.LOCAL)
    return target.engine


def process_of(gateway: LLMGateway) -> subprocess.Popen[str]:
    return engine_of(gateway)._loading.result().process


def outcomes(error: AllProvidersFailed) -> list[str]:
    return [attempt.outcome for attempt in error.attempts]


def wait_for(condition: Callable[[], object], timeout_s: float = 5.0) -> bool:
    until = time.monotonic() + timeout_s
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return bool(condition())


@pytest.fixture
def looping(make_gateway: MakeGateway, tiny: dict[str, Path]) -> LLMGateway:
    """A gateway whose model never ends by itself."""
    return make_gateway(environ(tiny["loop"], LOCAL_CONTEXT_TOKENS="100000", LOCAL_SLOTS="1", LOCAL_QUEUE_MAX="1"))


# --- Answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["sentence", "q3_k_s"])
def test_a_local_model_answers_in_both_file_types(
    make_gateway: MakeGateway, tiny: dict[str, Path], model: str
) -> None:
    got = make_gateway(environ(tiny[model])).complete("¿Qué es un asiento?", "Respondé breve.")

    assert (got.text, got.finish, got.provider) == (SENTENCE, Finish.STOP, ProviderType.LOCAL)
    assert got.usage.completion_tokens == 23
    assert not got.usage.estimated
    assert got.cost_usd == 0


def test_a_stream_never_cuts_a_character(make_gateway: MakeGateway, tiny: dict[str, Path]) -> None:
    pieces = list(make_gateway(environ(tiny["sentence"])).stream("Hola"))

    assert "".join(pieces) == SENTENCE
    assert {"ñ", "🧾"} <= set(pieces)


def test_an_event_loop_is_answered_too(make_gateway: MakeGateway, tiny: dict[str, Path]) -> None:
    async def ask(gateway: LLMGateway) -> tuple[str, list[str]]:
        whole = await gateway.agenerate("Hola")
        pieces = [piece async for piece in gateway.astream("Hola")]
        await gateway.ashutdown()
        return whole, pieces

    whole, pieces = asyncio.run(ask(make_gateway(environ(tiny["sentence"]))))

    assert whole == "".join(pieces) == SENTENCE


def test_an_answer_ends_at_max_tokens(looping: LLMGateway) -> None:
    got = looping.complete("Hola", max_tokens=30)

    assert got.finish is Finish.LENGTH
    assert got.usage.completion_tokens == 30
    assert got.text.startswith(SENTENCE + "Todo")


def test_an_answer_ends_before_a_stop_sequence(looping: LLMGateway) -> None:
    assert looping.complete("Hola", stop=[" cierra"]).text == "Todo asiento suma cero, y el año"


def test_a_schema_constrains_what_the_model_may_say(make_gateway: MakeGateway, tiny: dict[str, Path]) -> None:
    schema = {
        "type": "object", "properties": {"lado": {"enum": ["debe", "haber"]}}, "required": ["lado"],
        "additionalProperties": False,
    }

    got = make_gateway(environ(tiny["sentence"])).complete("¿De qué lado?", schema=schema, temperature=0)

    assert got.data["lado"] in {"debe", "haber"}


def test_a_prompt_that_does_not_fit_is_said_to_be_too_long(make_gateway: MakeGateway, tiny: dict[str, Path]) -> None:
    gateway = make_gateway(environ(tiny["sentence"]))

    with pytest.raises(AllProvidersFailed) as raised:
        gateway.generate("x" * 600)

    assert outcomes(raised.value) == ["context_too_long"]
    assert gateway.generate("Hola") == SENTENCE


# --- Loading ----------------------------------------------------------------------------------------------------------


def test_nothing_is_loaded_before_the_first_call(make_gateway: MakeGateway, tiny: dict[str, Path]) -> None:
    gateway = make_gateway(environ(tiny["sentence"]))
    assert gateway.health_check("local").ok
    assert [row["loaded"] for row in gateway.get_status()["providers"]] == [False] * 4

    gateway.generate("Hola")

    assert engine_of(gateway).loaded
    assert "xllamacpp" not in sys.modules


def test_eight_callers_share_one_model(make_gateway: MakeGateway, tiny: dict[str, Path]) -> None:
    gateway = make_gateway(environ(tiny["sentence"]))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: gateway.generate("Hola"), range(24)))

    assert answers == [SENTENCE] * 24
    assert len(_model_processes()) == 1


def test_the_model_is_unloaded_when_nobody_asks_and_loaded_again(
    make_gateway: MakeGateway, tiny: dict[str, Path]
) -> None:
    gateway = make_gateway(environ(tiny["sentence"], LOCAL_UNLOAD_AFTER_S="0.3"))
    gateway.generate("Hola")
    process = process_of(gateway)

    assert wait_for(lambda: process.poll() is not None)
    assert not engine_of(gateway).loaded
    assert gateway.generate("Hola") == SENTENCE


def test_the_model_stays_while_somebody_listens(make_gateway: MakeGateway, tiny: dict[str, Path]) -> None:
    gateway = make_gateway(environ(tiny["sentence"], LOCAL_UNLOAD_AFTER_S="0.1"))
    with gateway.stream("Hola") as stream:
        next(stream)
        time.sleep(0.4)
        assert engine_of(gateway).loaded
        assert "".join(stream).startswith(" as")


def test_a_model_whose_process_died_is_loaded_again(make_gateway: MakeGateway, tiny: dict[str, Path]) -> None:
    gateway = make_gateway(environ(tiny["sentence"]))
    gateway.generate("Hola")

    process_of(gateway).kill()

    assert gateway.generate("Hola") == SENTENCE


def test_shutdown_ends_the_model_s_process(make_gateway: MakeGateway, tiny: dict[str, Path]) -> None:
    gateway = make_gateway(environ(tiny["sentence"]))
    gateway.generate("Hola")
    process = process_of(gateway)

    gateway.shutdown()

    assert process.returncode is not None


def test_shutdown_ends_running_calls_and_nothing_is_loaded_again(looping: LLMGateway) -> None:
    stream = looping.stream("Hola", max_tokens=90_000)
    next(stream)
    with ThreadPoolExecutor(1) as pool:
        whole = pool.submit(looping.complete, "Hola", max_tokens=90_000)
        time.sleep(0.2)

        looping.shutdown()

        with pytest.raises(GatewayError):
            list(stream)
        assert isinstance(whole.exception(5), GatewayError)
    assert _model_processes() == []


def test_a_model_that_dies_in_mid_stream_is_said_to_have_broken_off(looping: LLMGateway) -> None:
    stream = looping.stream("Hola", max_tokens=90_000)
    next(stream)

    process_of(looping).kill()

    with pytest.raises(StreamInterrupted) as raised:
        list(stream)
    assert raised.value.partial.startswith("Todo")
    assert looping.complete("Hola", max_tokens=2).text == "Todo as"


def test_the_model_dies_with_the_process_that_loaded_it(tiny: dict[str, Path]) -> None:
    script = (
        "import os, signal, sys\n"
        "from services.llm_gateway.gateway import LLMGateway\n"
        "gateway = LLMGateway()\n"
        "gateway.generate('Hola')\n"
        "print(gateway._targets[-1].engine._loading.result().process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | environ(tiny["sentence"]), capture_output=True, text=True,
        check=False,
    )

    assert ran.returncode == -signal.SIGKILL
    assert wait_for(lambda: not _runs(int(ran.stdout)))


def test_a_fork_has_a_model_of_its_own_and_leaves_the_parent_s(
    make_gateway: MakeGateway, tiny: dict[str, Path]
) -> None:
    gateway = make_gateway(environ(tiny["sentence"]))
    gateway.generate("Hola")

    child = os.fork()
    if child == 0:  # pragma: no cover - it reports by its exit code
        with contextlib.suppress(BaseException):
            signal.alarm(20)
            answered = gateway.generate("Hola") == SENTENCE
            gateway.shutdown()
            os._exit(0 if answered else 1)
        os._exit(2)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert process_of(gateway).poll() is None
    assert gateway.generate("Hola") == SENTENCE


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_a_stream_cancelled_from_another_thread_frees_its_place(looping: LLMGateway) -> None:
    stream = looping.stream("Hola", max_tokens=90_000)
    next(stream)
    cancelled_at = []
    threading.Timer(0.1, lambda: (cancelled_at.append(time.monotonic()), stream.cancel())).start()

    with pytest.raises(Cancelled):
        list(stream)

    assert time.monotonic() - cancelled_at[0] < 0.2
    assert looping.complete("Hola", max_tokens=2).text == "Todo as"


def test_a_full_queue_is_said_at_once_and_a_place_is_given_in_turn(looping: LLMGateway) -> None:
    engine = engine_of(looping)
    until = time.monotonic() + 20
    places = [engine.lease(CancelToken(), until) for _ in range(2)]

    with pytest.raises(AllProvidersFailed) as raised:
        looping.complete("Hola", max_tokens=2, deadline_s=0.9)
    assert outcomes(raised.value) == ["rate_limited"]
    assert "busy" in str(raised.value)

    threading.Timer(0.3, places[0].release).start()
    assert looping.complete("Hola", max_tokens=2).text == "Todo as"
    places[1].release()


def test_the_deadline_holds_for_a_model_that_would_go_on(looping: LLMGateway) -> None:
    looping.complete("Hola", max_tokens=2)
    began = time.monotonic()

    with pytest.raises(DeadlineExceeded):
        looping.complete("Hola", max_tokens=90_000, deadline_s=0.5)

    assert time.monotonic() - began < 0.8


def test_loading_goes_on_after_a_call_that_could_not_wait_for_it(
    make_gateway: MakeGateway, tiny: dict[str, Path]
) -> None:
    engine = engine_of(make_gateway(environ(tiny["sentence"])))

    with pytest.raises(Timeout):
        engine.lease(CancelToken(), time.monotonic() + 0.01)

    assert wait_for(lambda: engine.loaded)


def test_a_call_that_waits_for_the_model_can_be_cancelled(
    make_gateway: MakeGateway, tiny: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_of(make_gateway(environ(tiny["sentence"])))
    monkeypatch.setattr(engine, "_load", Future)  # a model that takes for ever to load
    token = CancelToken()
    threading.Timer(0.05, token.cancel).start()
    began = time.monotonic()

    with pytest.raises(Cancelled):
        engine.lease(token, began + 20)

    assert time.monotonic() - began < 0.25
    assert engine._leases == 0


# --- Failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "reason"), [("truncated", "corrupted or incomplete"), ("wrong", "is not a GGUF file")]
)
def test_a_bad_file_is_named_with_its_remedy(
    make_gateway: MakeGateway, tiny: dict[str, Path], model: str, reason: str
) -> None:
    gateway = make_gateway(environ(tiny[model]))

    with pytest.raises(AllProvidersFailed) as raised:
        gateway.generate("Hola")

    assert outcomes(raised.value) == ["model_unavailable"]
    for part in (f"{model}.gguf", reason, "Meta-Llama-3.1-8B-Instruct-Q3_K_S.gguf", "LOCAL_MODEL_PATH"):
        assert part in str(raised.value)
    assert str(tiny[model].parent) not in str(raised.value)


def test_a_relative_path_starts_at_the_root_of_the_project(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(environ(Path("tests/tiny_gguf.py")))

    assert gateway.config.providers[-1].configured


def test_an_absent_file_is_not_configured_and_says_what_to_do(
    make_gateway: MakeGateway, tiny: dict[str, Path]
) -> None:
    gateway = make_gateway(environ(tiny["absent"]))
    (row,) = (row for row in gateway.get_status()["providers"] if row["provider"] == "local")

    assert row["status"] == "unavailable"
    for part in ("absent.gguf", "Meta-Llama-3.1-8B-Instruct-Q3_K_S.gguf", "LOCAL_MODEL_PATH", "MODELS.md"):
        assert part in row["error_message"]


def test_a_file_that_vanished_is_noticed_by_status_and_call(make_gateway: MakeGateway, tmp_path: Path) -> None:
    path = tmp_path / "here.gguf"
    path.write_bytes(b"GGUF")
    gateway = make_gateway(environ(path))
    path.unlink()

    assert gateway.get_status()["providers"][-1]["status"] == "unavailable"
    with pytest.raises(AllProvidersFailed, match="No such file"):
        gateway.generate("Hola")


# --- In place of a model of our own -----------------------------------------------------------------------------------


def test_any_compatible_server_serves_as_the_local_model(make_gateway: MakeGateway, server: LLMServer) -> None:
    gateway = make_gateway({"LOCAL_BASE_URL": server.openai("as/local"), "LOCAL_MODEL": "llama3.1:8b"})

    got = gateway.complete("Hola")

    assert (got.text, got.provider, got.cost_usd) == (DEFAULT_TEXT, ProviderType.LOCAL, 0)
    (received,) = server.of("local")
    assert received.json["model"] == "llama3.1:8b"
    assert received.key == ""


# --- The tiny model itself --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pack", "kind", "low", "high"), [(pack_q3_k, Kind.Q3_K, -4, 3), (pack_q6_k, Kind.Q6_K, -32, 31)]
)
def test_the_quantised_types_hold_small_whole_numbers_exactly(
    pack: Callable[..., np.ndarray], kind: Kind, low: int, high: int
) -> None:
    weights = np.random.default_rng(7).integers(low, high + 1, size=(5, 512)).astype(np.int8)

    assert (gguf.quants.dequantize(pack(weights, 0.5), kind) == weights * 0.5).all()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _model_processes() -> list[str]:
    """The command lines of this process's children that serve a model."""
    children = [pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    commands = [Path(f"/proc/{pid}/cmdline").read_text() for pid in children]
    return [command for command in commands if "local_server.py" in command]
