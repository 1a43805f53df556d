"""The documented example: `cd services/chat && python ../llm_gateway/examples/rag_example.py`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.llm_server import LLMServer

CHAT = Path(__file__).resolve().parents[1]
ROOT = CHAT.parents[1]


@pytest.fixture
def run(tmp_path):
    """Run the example as documented, with nothing but what a bare machine has."""
    def _run(*questions, **variables):
        environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "CHAT_DENSE": "0",
            "CHAT_INDEX_DIR": str(tmp_path / "index"), "LOCAL_MODEL_PATH": str(tmp_path / "absent.gguf"),
            **dict.fromkeys(("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "LOCAL_BASE_URL"), ""),
        }
        return subprocess.run(
            [sys.executable, "../llm_gateway/examples/rag_example.py", *questions], cwd=CHAT, text=True,
            env=environment | variables, capture_output=True, timeout=60, check=False,
        )

    return _run


def test_it_answers_without_a_key_and_without_a_database(run):
    done = run()

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("Pregunta: ") == 5
    assert "La alícuota general del IVA es del 21 %. [1]" in done.stdout
    assert "conservarse por diez años" in done.stdout
    assert "> Cuántos años hay que conservar los libros y los comprobantes (" in done.stdout
    assert done.stdout.rstrip().endswith("no encontré un pasaje que responda a esa pregunta.")


def test_it_asks_a_model_where_there_is_one(run):
    with LLMServer() as server:
        server.text = "La alícuota general del IVA es del 21 % [1]."
        done = run("¿Cuál es la alícuota general del IVA?", OPENAI_API_KEY="sk-a", OPENAI_BASE_URL=server.openai())

    assert done.returncode == 0
    assert "Respuesta (openai, " in done.stdout
    assert len(server.received) == 1
