"""A transaction of 10,000 lines, and the memory of a web process that has served it all."""

from __future__ import annotations

import itertools
import time

from benchmarks import books
from benchmarks.harness import Figure, served, stage

LINES = 10_000
STORED = 2_000


def figures() -> list[Figure]:
    """Post the large one, then read lists, schema and figures, and look at the process."""
    with stage() as here:
        here.enter()
        books.open_chart()
        books.fill(STORED)
        accounts = itertools.cycle(books.postable())
        lines = [
            {"acc_id": next(accounts), **({"debit": 100} if number % 2 else {"credit": 100})} for number in range(LINES)
        ]
        with served(here) as server:
            at_start = server.resident_mb()
            start = time.perf_counter()
            large = server.call("POST", "/api/trans/", {"date": "2026-06-30", "legend": "Resumen", "entries": lines})
            seconds = time.perf_counter() - start
            server.call("DELETE", f"/api/trans/{large['trans_id']}/")
            for path in ("/api/trans/?page_size=100", "/api/trans/recent/", "/api/accounts/", "/api/dash/stats/") * 20:
                server.call("GET", path)
            server.call("GET", "/api/trans/?page_size=1000")
            return [
                Figure(f"post {LINES:,} lines, HTTP", seconds, target=3, unit="s"),
                Figure("web process, started", at_start, unit="MB resident"),
                Figure("web process, after all of that", server.resident_mb(), target=90, unit="MB resident"),
            ]
