"""The self-test and the examples, run as documented."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gateway.gateways import KEYS
from tests.llm_server import DEFAULT_TEXT, LLMServer

ROOT = Path(__file__).resolve().parents[2]
GATEWAY = ROOT / "services" / "llm_gateway"
NOBODY = {
    **{f"{name}_API_KEY": "" for name in ("OPENAI", "ANTHROPIC", "GOOGLE", "LOCAL")},
    **{f"{name}_BASE_URL": "" for name in ("OPENAI", "ANTHROPIC", "GOOGLE", "LOCAL")},
    "LOCAL_MODEL_PATH": "absent.gguf", "LLM_DEADLINE_S": "5",
}


def run(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a program in the gateway's folder, as the guide says."""
    return subprocess.run(
        [sys.executable, *command], cwd=GATEWAY, capture_output=True, text=True, check=False, encoding="utf-8",
        env={**os.environ, **NOBODY, **environ, "PYTHONIOENCODING": "utf-8"},
    )


def test_without_any_key_it_says_how_to_begin() -> None:
    done = run("test.py")

    assert (done.returncode, done.stderr) == (0, "")
    for said in ("openai", "falta OPENAI_API_KEY", "falta absent.gguf", ".env.example", "LOCAL_BASE_URL", "MODELS.md"):
        assert said in done.stdout


def test_it_tells_who_answers_how_fast_and_at_what_cost(server: LLMServer) -> None:
    done = run(
        "test.py", OPENAI_API_KEY=KEYS["openai"], OPENAI_BASE_URL=server.openai(),
        GOOGLE_API_KEY=KEYS["google"], GOOGLE_BASE_URL=server.google("fault/401"),
    )

    assert done.returncode == 0
    assert DEFAULT_TEXT in done.stdout
    assert "ms" in done.stdout
    assert "USD 0.0000" in done.stdout
    assert "NO RESPONDE (auth_failed)" in done.stdout
    assert "Responden 1 de 2" in done.stdout
    assert "canary" not in (done.stdout + done.stderr).lower()


def test_offline_it_asks_nobody(server: LLMServer) -> None:
    done = run("test.py", "--offline", OPENAI_API_KEY=KEYS["openai"], OPENAI_BASE_URL=server.openai())

    assert done.returncode == 0
    assert "gpt-4o-mini" in done.stdout
    assert server.received == []


def test_it_fails_when_nobody_answers(server: LLMServer) -> None:
    done = run("test.py", OPENAI_API_KEY=KEYS["openai"], OPENAI_BASE_URL=server.openai("fault/500"))

    assert done.returncode == 1
    assert "Responden 0 de 1" in done.stdout


def test_a_setting_that_makes_no_sense_is_named() -> None:
    done = run("test.py", LLM_IDLE_S="soon")

    assert done.returncode == 1
    assert "LLM_IDLE_S" in done.stdout


@pytest.mark.parametrize("example", ["basic.py", "streaming.py"])
def test_an_example_runs_with_and_without_a_provider(server: LLMServer, example: str) -> None:
    installed = {"PYTHONPATH": str(ROOT)}
    answered = run(f"examples/{example}", OPENAI_API_KEY="sk-a", OPENAI_BASE_URL=server.openai(), **installed)
    alone = run(f"examples/{example}", **installed)

    assert (answered.returncode, alone.returncode) == (0, 1)
    assert DEFAULT_TEXT in answered.stdout
    assert "ENV_GUIDE" in alone.stdout
    assert "Traceback" not in answered.stderr + alone.stderr
