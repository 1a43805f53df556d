"""The memory of a web process on the demo's books: started, after pages, questions with and without vectors, a crowd.

Beside the resident memory stands what of it is the process's own, not shared with others or with the disk's cache.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.harness import Figure, Server, Stage, served, stage

PASSWORD = "memoria-de-la-demo-7"
PAGES = (
    "/api/companies/", "/api/accounts/", "/api/trans/", "/api/dash/stats/", "/api/users/", "/api/exercises/",
    "/api/reports/sumas-y-saldos/", "/api/reports/situacion-patrimonial/", "/api/libros/", "/api/chat/history/",
    "/api/chat/status/",
)
FEW, MANY = 50, 1_000
AT_ONCE, TURNS = 8, 10
HERE = Path(__file__).parent


def figures() -> list[Figure]:
    """Serve the demo once with the words alone, once with vectors."""
    quotas = dict.fromkeys(
        ("CHAT_QUESTIONS_PER_DAY", "CONSULTOR_QUESTIONS_PER_DAY", "CONSULTOR_QUESTIONS_PER_MINUTE"), "10000"
    )
    with stage(DEMO_PASSWORD=PASSWORD, **quotas) as here:
        here.manage("init_dashboard_data")
        here.manage("init_chat")
        return [*_words_alone(here), *_with_vectors(here)]


def _words_alone(here: Stage) -> Iterator[Figure]:
    without = Stage(here.folder, {**here.environment, "CHAT_DENSE": "false"})
    with served(without, log_in=False) as server:
        yield _figure("web process, started", server)
        _enter(server)
        for page in PAGES:
            server.call("GET", page)
        yield _figure("… after pages", server)
        _ask(server, FEW)
        yield _figure(f"… after {FEW} questions, words alone", server, target=90)


def _with_vectors(here: Stage) -> Iterator[Figure]:
    with served(here, log_in=False) as server:
        _enter(server)
        _ask(server, FEW)
        yield _figure(f"web process, after {FEW} questions, with vectors", server, target=110)
        _ask(server, MANY)
        yield _figure(f"… after {MANY:,} more", server)
        _consult(server, 1)
        yield _figure("… after a question about the books", server)
        _consult(server, 200)
        yield _figure("… after 200 of them", server)
        _crowd(server)
        yield _figure(f"… after {AT_ONCE} readers at once", server)


def _figure(name: str, server: Server, target: float | None = None) -> Figure:
    own = server.memory_mb("Private_Dirty")
    return Figure(name, server.memory_mb("Rss"), target, f"its own: {own:.1f}", "MB resident")


def _enter(server: Server) -> None:
    from apps.dash.demo.people import TEACHER_EMAIL

    server.log_in(TEACHER_EMAIL, PASSWORD)


def _ask(server: Server, count: int) -> None:
    lines = (HERE / "chat" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = itertools.cycle(json.loads(line)["question"] for line in lines)
    for number, question in enumerate(itertools.islice(questions, count)):
        # What has been asked before is answered from the cache.
        again = f" ({number})" if number >= len(lines) else ""
        server.call("POST", "/api/chat/query/", {"question": question + again})


def _consult(server: Server, count: int) -> None:
    lines = (HERE / "consultor" / "questions.tsv").read_text(encoding="utf-8").splitlines()
    questions = [line.split("\t")[1] for line in lines if "\t" in line and not line.startswith("#")]
    for question in questions[:count]:
        server.call("POST", "/api/consultor/query/", {"question": question, "execute": True})


def _crowd(server: Server) -> None:
    """Let several readers turn the same pages at once."""
    def read(one: Server) -> None:
        for page in PAGES * TURNS:
            one.call("GET", page)

    readers = [server.another() for _reader in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        list(crowd.map(read, readers))
