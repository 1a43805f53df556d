"""Starting and ending the local model's process (local_server.py)."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from services.llm_gateway.calls import ProviderType
from services.llm_gateway.config import LocalLimits
from services.llm_gateway.environment import HOW_TO_GET_A_MODEL
from services.llm_gateway.errors import ModelUnavailable
from services.llm_gateway.providers.openai_provider import OpenAIDialect
from services.llm_gateway.redact import Secret

_SCRIPT = Path(__file__).with_name("local_server.py")
_CONNECTIONS_MAX = 128
_STOP_S = 2.0
_LLAMA_PREFIX = re.compile(r"^.* E (\w+: )?(error loading model: )?")


@dataclass(frozen=True, slots=True)
class LocalServer:
    """The running process, and the dialect that knows its address and key."""

    process: subprocess.Popen[str]
    dialect: OpenAIDialect

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def close_pipes(self) -> None:
        """Let go of the process: it ends when nobody holds its input."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def stop(self) -> None:
        """End the process; by force after two seconds."""
        self.close_pipes()
        try:
            self.process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_server(path: Path, model: str, limits: LocalLimits) -> LocalServer:
    """Start the process and wait, however long, until the model is loaded; raise ModelUnavailable."""
    key = secrets.token_urlsafe(24)
    settings = {
        "path": str(path), "model": model, "key": key, "slots": limits.slots, "context_tokens": limits.context_tokens,
        "threads": max(1, _processors() - 1),  # one is left to whoever serves the pages
        "connections": min(limits.slots + limits.queue_max + 2, _CONNECTIONS_MAX),
    }
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - our own script, by the interpreter that runs us
            [sys.executable, "-P", str(_SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True
        )
        answer = _tell(process, settings)
        if "address" in answer:
            dialect = OpenAIDialect(ProviderType.LOCAL, base_url=f"{answer['address']}/v1", key=Secret(key))
            return LocalServer(process, dialect)
        LocalServer(process, OpenAIDialect(ProviderType.LOCAL)).stop()
        said.seek(0)
        errors = [line for line in said.read().decode("utf-8", "replace").splitlines() if "error" in line.lower()]
    reason = errors[0] if errors else answer.get("fault", f"its process ended with code {process.returncode}")
    reason = _LLAMA_PREFIX.sub("", reason).replace(str(path), path.name)
    raise ModelUnavailable(f"{path.name} could not be loaded ({reason}). {HOW_TO_GET_A_MODEL}")


def _tell(process: subprocess.Popen[str], settings: dict[str, object]) -> dict[str, str]:
    """Give the process its settings and return its answer, empty when it died first."""
    if process.stdin is None or process.stdout is None:
        return {}
    try:
        process.stdin.write(json.dumps(settings) + "\n")
        process.stdin.flush()
        answer: dict[str, str] = json.loads(process.stdout.readline() or "{}")
    except BrokenPipeError:
        return {}
    return answer


def _processors() -> int:
    """Return how many processors this process may use, which in a container is less than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
