"""A web server of its own, as `make run` starts it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from config.demo import HOST, web_command

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 30
ENVIRONMENT = {
    "DEBUG": "false", "SECRET_KEY": "of-the-tests-server-alone-0123456789-0123456789", "ALLOWED_HOSTS": HOST,
    "DATABASE_URL": "", "REDIS_URL": "", "LOG_LEVEL": "ERROR", "LOGIN_FAILURES_PER_ADDRESS": "5",
    "UPLOAD_BYTES_MAX": "100000", "DJANGO_SETTINGS_MODULE": "config.settings",
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve empty books on SQLite and return the port."""
    environment = {**os.environ, **ENVIRONMENT, "DATA_DIR": str(tmp_path_factory.mktemp("data"))}
    manage(environment, "migrate", "--verbosity", "0")
    with served(environment) as chosen:
        yield chosen


def manage(environment: dict[str, str], *words: str) -> None:
    """Run a command of manage.py."""
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True, capture_output=True)


@contextlib.contextmanager
def served(environment: dict[str, str], command: Callable[[str, int], list[str]] = web_command) -> Iterator[int]:
    """Serve in a process of its own, which `command` starts with an interpreter and a port; returns the port."""
    with socket.create_server((HOST, 0)) as probe:  # one that no other test's server was given, nor will soon be
        chosen = probe.getsockname()[1]
    process = subprocess.Popen(command(sys.executable, chosen), cwd=ROOT, env=environment)
    try:
        _await_answer(chosen, process)
        yield chosen
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await_answer(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        connection = HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
