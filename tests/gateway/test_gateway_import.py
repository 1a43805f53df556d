"""Importing: from any folder, one module, nothing opened, nothing heavy; and a process that forks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from services.llm_gateway import LLMGateway, configure, get_gateway
from tests.gateway.gateways import gateway
from tests.llm_server import DEFAULT_TEXT, LLMServer

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "openai", "anthropic", "google.genai", "xllamacpp", "torch", "httpx", "httpx2", "jsonschema", "django", "numpy",
)
MEMORY_MAX_MB = 35


def python(code: str, *, folder: Path = ROOT, path: Path | None = ROOT) -> str:
    """What a fresh interpreter prints; `path` is what an installation puts on its path."""
    environ = {name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_BASE_URL"))}
    environ["PYTHONPATH"] = str(path) if path else ""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


@pytest.mark.parametrize("folder", ["", "services", "services/llm_gateway", "services/llm_gateway/providers", "/"])
def test_the_facade_is_the_same_module_from_any_folder(folder: str) -> None:
    code = (
        "import llm_gateway, services.llm_gateway as own;"
        "print(llm_gateway.LLMGateway is own.LLMGateway and llm_gateway.get_gateway() is own.get_gateway())"
    )

    assert python(code, folder=ROOT / folder) == "True"


def test_the_documented_path_to_the_services_gives_the_same_module_too() -> None:
    """Old installations put `services` first on the path: `llm_gateway` is then the package itself."""
    code = (
        "import llm_gateway, services.llm_gateway as own;"
        "print(llm_gateway.get_gateway() is own.get_gateway(), llm_gateway.LLMGateway is own.LLMGateway)"
    )

    assert python(code, folder=Path("/"), path=ROOT / "services") == "True True"


def test_the_facade_exports_what_the_library_does() -> None:
    import llm_gateway
    import services.llm_gateway as own

    assert set(own.__all__) <= set(vars(llm_gateway))
    assert {
        "get_gateway", "LLMGateway", "ProviderType", "ProviderStatus", "print_configuration_status",
        "get_configured_providers", "LOCAL_MODEL_PATH", "DEFAULT_MODELS",
    } <= set(own.__all__)


def test_importing_and_making_a_gateway_loads_nothing_heavy_and_fits_the_memory() -> None:
    code = f"""
import sys, json
import llm_gateway
gateway = llm_gateway.get_gateway()
gateway.get_status()
resident = next(line for line in open('/proc/self/status') if line.startswith('VmRSS'))
print(json.dumps([[name for name in {HEAVY!r} if name in sys.modules], int(resident.split()[1]) / 1024]))
"""
    loaded, memory_mb = json.loads(python(code))

    assert loaded == []
    assert memory_mb < MEMORY_MAX_MB


def test_importing_opens_no_file_but_python_itself() -> None:
    code = """
import builtins, io, pathlib, sys
opened = []
def audit(event, args):
    if event == "open" and isinstance(args[0], str) and not args[0].endswith((".py", ".pyc")):
        opened.append(args[0])
import dotenv, asyncio, logging, json, ssl
sys.addaudithook(audit)
import llm_gateway
print([name for name in opened if "llm_gateway" in name or ".env" in name or name.endswith(".gguf")])
"""

    assert python(code) == "[]"


def test_a_call_imports_no_vendors_sdk(server: LLMServer) -> None:
    code = f"""
import sys
from services.llm_gateway import *
from services.llm_gateway.redact import Secret
made = LLMGateway(GatewayConfig((ProviderConfig(ProviderType.OPENAI, "m", {server.openai()!r}, Secret("sk-a")),)))
made.complete("hola"); list(made.stream("hola"))
print([name for name in ("openai", "anthropic", "google.genai", "torch", "httpx", "requests") if name in sys.modules])
"""

    assert python(code) == "[]"


def test_the_process_has_one_gateway_and_a_new_one_after_a_shutdown() -> None:
    first = get_gateway()
    assert get_gateway() is first

    first.shutdown()

    second = get_gateway()
    assert second is not first
    assert isinstance(second, LLMGateway)
    second.shutdown()


def test_a_host_says_what_the_gateway_is_made_with() -> None:
    class NoMeans:
        def reserve(self, user: str, *, tokens: int, cost_micros: int) -> None: ...
        def settle(self, reservation: None, *, tokens: int, cost_micros: int) -> None: ...

    code_free = NoMeans()
    configure(budget=code_free)
    try:
        get_gateway().shutdown()
        assert get_gateway()._budget is code_free
    finally:
        configure()
        get_gateway().shutdown()


def test_a_forked_child_asks_over_connections_of_its_own(server: LLMServer) -> None:
    made = gateway(server)
    made.complete("hola")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(5)
        try:
            text = made.complete("desde el hijo").text + "".join(made.stream("hola"))
        except BaseException as error:  # noqa: BLE001
            text = repr(error)
        os.write(writer, text.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answered = pipe.read()
    os.waitpid(child, 0)

    assert answered == DEFAULT_TEXT * 2
    assert made.complete("hola").text == DEFAULT_TEXT
    connections = [received.connection for received in server.of("openai")]
    assert connections[0] == connections[-1]
    assert connections[1] != connections[0]


def test_a_child_forked_in_mid_call_is_not_locked(server: LLMServer) -> None:
    made = gateway(server, {"openai": "loop"})
    stream = made.stream("hola")
    next(stream)
    with made._targets[0].breaker("gpt-4o-mini")._lock, made._ledger._lock:
        child = os.fork()
        if child == 0:
            signal.alarm(5)
            made.get_status()
            os._exit(7)
        _pid, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 7
    stream.close()
