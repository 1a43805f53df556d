"""The assistant over real sockets: two web processes, one model server, an answer stopped from the other process."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
import zlib
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from config.demo import HOST
from tests.e2e.conftest import ENVIRONMENT, manage, served
from tests.llm_server import LLMServer

pytestmark = pytest.mark.sqlite  # the servers have books of their own (ENVIRONMENT), whatever the suite runs on
EMAIL, PASSWORD = "profesora@example.com", "una-clave-de-prueba-9"
LIBRARY = """# Cuentas

## Mercaderías

Representa los bienes comprados para ser vendidos. Se debita por las compras. Se acredita por el costo de lo vendido.
Su saldo es deudor.
"""
QUESTION = {"question": "¿Cuándo se debita Mercaderías?", "stream": True}
FIRST_TOKEN_S = 1.0
CLOSED_S = 0.2
# What this machine's load may add to a figure that is of the program's making.
PATIENCE_S = 5.0


@pytest.fixture(scope="module")
def llm() -> Iterator[LLMServer]:
    with LLMServer() as server:
        yield server


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory, llm: LLMServer) -> Iterator[tuple[int, int]]:
    """Two web processes over the same books, cache and index; returns their ports."""
    folder = tmp_path_factory.mktemp("twins")
    (folder / "library").mkdir()
    (folder / "library" / "cuentas.md").write_text(LIBRARY, encoding="utf-8")
    environment = {
        **os.environ, **ENVIRONMENT, "DATA_DIR": str(folder / "data"), "CHAT_DATA_DIR": str(folder / "library"),
        "CHAT_DENSE": "0", "OPENAI_API_KEY": "sk-of-the-test", "OPENAI_BASE_URL": llm.openai(), "ANTHROPIC_API_KEY": "",
        "GOOGLE_API_KEY": "", "LOCAL_BASE_URL": "", "LOCAL_MODEL_PATH": str(folder / "absent.gguf"),
        "DJANGO_SUPERUSER_EMAIL": EMAIL, "DJANGO_SUPERUSER_PASSWORD": PASSWORD, "DJANGO_SUPERUSER_NAME": "Profesora",
    }
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "createsuperuser", "--noinput")
    manage(environment, "init_chat", "--no-vectors")
    with served(environment) as one, served(environment) as other:
        yield one, other


@pytest.fixture(scope="module")
def headers(twins: tuple[int, int]) -> dict[str, str]:
    with post(twins[0], "/api/auth/login/", {"email": EMAIL, "password": PASSWORD}) as answer:
        token = json.loads(answer.read())["access"]
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def heard(llm: LLMServer) -> LLMServer:
    llm.received.clear()
    llm.always("openai", "ok")
    return llm


@contextlib.contextmanager
def post(port: int, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Iterator[HTTPResponse]:
    connection = HTTPConnection(HOST, port, timeout=20)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **(headers or {})})
        yield connection.getresponse()
    finally:
        connection.close()


def events(answer: HTTPResponse) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each event as it comes."""
    name = ""
    for line in answer:
        text = line.decode().rstrip("\n")
        if text.startswith("event: "):
            name = text.removeprefix("event: ")
        elif text.startswith("data: "):
            yield name, json.loads(text.removeprefix("data: "))


def test_an_answer_begins_at_once_and_asks_the_model_once(twins, headers, heard):
    heard.text = "Mercaderías se debita por las compras [1]."
    heard.always("openai", "ok,delay=0.05")
    for port in twins:  # each process loads its index at its first question
        with post(port, "/api/chat/query/", {"question": "¿Cuándo se acredita Mercaderías?"}, headers) as answer:
            answer.read()
    heard.received.clear()

    started = time.monotonic()
    with post(twins[0], "/api/chat/query/", QUESTION, headers) as answer:
        told, first_token_s = [], 0.0
        for name, data in events(answer):
            told.append((name, data))
            if name == "token":
                first_token_s = first_token_s or time.monotonic() - started

    assert told[0][0] == "meta"
    assert told[-1][0] == "done"
    assert told[-1][1]["answer"] == "Mercaderías se debita por las compras. [1]"
    assert len(heard.of("openai")) == 1
    assert first_token_s < FIRST_TOKEN_S + PATIENCE_S


def test_the_other_process_stops_it_upstream_too(twins, headers, heard):
    heard.always("openai", "loop")

    with post(twins[0], "/api/chat/query/", QUESTION | {"request_id": "larga", "question": "¿Qué es Mercaderías?"},
              headers) as answer:
        stream = events(answer)
        for _event in range(5):
            next(stream)
        stopped_at = time.monotonic()
        with post(twins[1], "/api/chat/cancel/", {"request_id": "larga"}, headers) as cancelled:
            assert cancelled.status == 200
        told = list(stream)

    request = heard.of("openai")[0]
    assert heard.wait_for(lambda: request.closed_at is not None)
    assert request.closed_at is not None
    assert request.closed_at - stopped_at < CLOSED_S + PATIENCE_S
    assert told[-1][0] == "cancelled"
    assert [name for name, _data in told].count("cancelled") == 1
    assert {name for name, _data in told} <= {"token", "cancelled"}
    with post(twins[0], "/api/chat/cancel/", {"request_id": "larga"}, headers) as again:
        assert again.status == 404


def test_a_model_that_is_silent_is_stopped_from_the_other_process(twins, headers, heard):
    heard.always("openai", "hang-first-token")

    with post(twins[0], "/api/chat/query/", QUESTION | {"request_id": "muda", "question": "saldo de Mercaderías"},
              headers) as answer:
        stream = events(answer)
        assert next(stream)[0] == "meta"
        assert heard.wait_for(lambda: heard.of("openai"), PATIENCE_S)
        with post(twins[1], "/api/chat/cancel/", {"request_id": "muda"}, headers) as cancelled:
            assert cancelled.status == 200
        assert [name for name, _data in stream] == ["cancelled"]

    assert heard.wait_for(lambda: heard.of("openai")[0].closed_at is not None)
    assert len(heard.of("openai")) == 1


def test_who_hangs_up_stops_the_model(twins, headers, heard):
    heard.always("openai", "loop")

    with post(twins[0], "/api/chat/query/", QUESTION | {"question": "¿Qué representa Mercaderías?"}, headers) as answer:
        stream = events(answer)
        for _event in range(4):
            next(stream)

    assert heard.wait_for(lambda: heard.of("openai")[0].closed_at is not None, PATIENCE_S)


def test_who_hangs_up_on_a_plain_question_stops_the_model(twins, headers, heard):
    heard.always("openai", "hang-first-token")
    connection = HTTPConnection(HOST, twins[0])
    connection.request("POST", "/api/chat/query/", json.dumps({"question": "¿Para qué sirve Mercaderías?"}), {
        "Content-Type": "application/json", **headers,
    })
    assert heard.wait_for(lambda: heard.of("openai"), 4 * PATIENCE_S)

    connection.close()
    hung_up_at = time.monotonic()

    request = heard.of("openai")[0]
    assert heard.wait_for(lambda: request.closed_at is not None, PATIENCE_S)
    assert request.closed_at is not None
    assert request.closed_at - hung_up_at < CLOSED_S + PATIENCE_S


def test_while_a_file_is_read_others_write(twins, headers):
    done = threading.Event()

    def upload():
        head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        body = head + slow_pdf() + b"\r\n--b--\r\n"
        connection = HTTPConnection(HOST, twins[0], timeout=60)
        connection.request("POST", "/api/chat/documents/", body, headers | {
            "Content-Type": "multipart/form-data; boundary=b",
        })
        assert connection.getresponse().status in {201, 400}
        done.set()

    thread = threading.Thread(target=upload)
    thread.start()
    time.sleep(0.5)
    with post(twins[1], "/api/chat/query/", {"question": "¿Quién ganó el mundial de fútbol?"}, headers) as answer:
        assert answer.status == 200
        assert not done.is_set()
    thread.join()


def slow_pdf() -> bytes:
    """A small page that takes seconds to read."""
    content = zlib.compress(b"BT /F1 12 Tf " + b"(a) Tj 1 0 0 1 5 5 Tm " * 300_000 + b"ET")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        places.append(b"%010d 00000 n \n" % len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(places)
    return body + table + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(body)


@pytest.mark.parametrize("fault", ["500", "truncated", "html", "error-middle", "empty"])
def test_every_stream_has_one_end(twins, headers, heard, fault):
    heard.always("openai", fault)

    with post(twins[1], "/api/chat/query/", QUESTION | {"question": f"¿Cuándo se debita Mercaderías {len(fault)}?"},
              headers) as answer:
        names = [name for name, _data in events(answer)]

    assert names[0] == "meta"
    assert names[-1] in {"done", "error"}
    assert sum(name in {"done", "error", "cancelled"} for name in names) == 1
