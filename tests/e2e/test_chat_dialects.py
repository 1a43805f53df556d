"""What a user sees of models that fail, by Anthropic's and Google's dialects, under ASGI and under WSGI."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from config.demo import HOST, web_command
from tests.e2e.conftest import ENVIRONMENT, manage, served
from tests.llm_server import LLMServer

pytestmark = pytest.mark.sqlite

EMAIL, PASSWORD = "profesora@example.com", "una-clave-de-prueba-9"
LIBRARY = "# Cuentas\n\n## Mercaderías\n\nSe debita por las compras. Se acredita por el costo de lo vendido.\n"
GOOD = "Mercaderías se debita por las compras [1]."
# In this order: what closes a breaker for minutes comes last.
COME_BACK = "429-retry-after-seconds,wait=5"
FAULTS = ("ok", "cut", "garbage", "hang-first-token", "500", COME_BACK, "401")
SERVERS = {"asgi": web_command, "wsgi": lambda python, port: [python, "-m", "tests.e2e.wsgi_server", str(port)]}
PATIENCE_S = 20
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def llm() -> Iterator[LLMServer]:
    with LLMServer() as server:
        server.text = GOOD
        yield server


@pytest.fixture(scope="module", params=[("asgi", "anthropic"), ("wsgi", "google")], ids="-".join)
def place(request, tmp_path_factory, llm) -> Iterator[tuple[int, str, dict[str, str]]]:
    """A server with one model; its port, the model's dialect and a user's headers."""
    server, dialect = request.param
    folder = tmp_path_factory.mktemp(dialect)
    (folder / "library").mkdir()
    (folder / "library" / "cuentas.md").write_text(LIBRARY, encoding="utf-8")
    keys = {f"{name}_API_KEY": "" for name in ("OPENAI", "ANTHROPIC", "GOOGLE")}
    environment = {
        **os.environ, **ENVIRONMENT, **keys, "DATA_DIR": str(folder / "data"), "CHAT_DENSE": "0",
        "CHAT_DATA_DIR": str(folder / "library"), "LOCAL_BASE_URL": "", "LOCAL_MODEL_PATH": str(folder / "absent.gguf"),
        f"{dialect.upper()}_API_KEY": "key-of-the-test", f"{dialect.upper()}_BASE_URL": llm.anthropic(),
        "LLM_FIRST_TOKEN_S": "1", "LLM_IDLE_S": "1", "LLM_DEADLINE_S": "5", "LLM_BREAKER_S": "0.2",
        "DJANGO_SUPERUSER_EMAIL": EMAIL, "DJANGO_SUPERUSER_PASSWORD": PASSWORD, "DJANGO_SUPERUSER_NAME": "Profesora",
    }
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "createsuperuser", "--noinput")
    manage(environment, "init_chat", "--no-vectors")
    with served(environment, SERVERS[server]) as port:
        status, body = post(port, "/api/auth/login/", {"email": EMAIL, "password": PASSWORD}, {})
        assert status == 200
        yield port, dialect, {"Authorization": f"Bearer {json.loads(body)['access']}"}


def post(port: int, path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, str]:
    connection = HTTPConnection(HOST, port, timeout=PATIENCE_S)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def question() -> str:
    """A question that nobody asked before: answers are kept."""
    return f"¿Cuándo se debita Mercaderías{'?' * next(_numbers)}"


def until_a_model_answers(place: tuple[int, str, dict[str, str]], llm: LLMServer) -> None:
    """Wait for the breaker that a fault has opened."""
    port, dialect, headers = place
    llm.always(dialect, "ok")
    until = time.monotonic() + PATIENCE_S
    while dialect not in post(port, "/api/chat/query/", {"question": question()}, headers)[1]:
        assert time.monotonic() < until
        time.sleep(0.1)


def test_every_fault_ends_in_an_answer_or_a_clear_error(place, llm):
    port, dialect, headers = place
    for fault in FAULTS:
        until_a_model_answers(place, llm)
        llm.always(dialect, fault)
        asked = len(llm.of(dialect))
        status, body = post(port, "/api/chat/query/", {"question": question()}, headers)
        answer = json.loads(body)
        assert (status, "debita por las compras" in answer["answer"]) == (200, True), fault
        assert answer["provider"] == (dialect if fault == "ok" else "extractivo"), fault

        _status, body = post(port, "/api/chat/query/", {"question": question(), "stream": True}, headers)
        events = [block.split("\n") for block in body.split("\n\n") if block.startswith("event:")]
        names = [lines[0].removeprefix("event: ") for lines in events]
        end = json.loads(events[-1][1].removeprefix("data: "))
        assert names[0] == "meta", fault
        assert sum(name in {"done", "error", "cancelled"} for name in names) == 1, fault
        if names[-1] == "error":
            assert end["code"] != "internal_error", fault
            assert end["error"], fault
        else:
            assert names[-1] == "done", fault
        if fault == COME_BACK:  # nobody waits for it, and it is left alone until then
            assert len(llm.of(dialect)) == asked + 1
    assert len(llm.of(dialect)) >= len(FAULTS)
