"""Reading: lists, the dashboard and the trial balance, as the books grow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks import books
from benchmarks.harness import Figure, Server, Stage, cpu_ms, served, stage

SIZES = (100, 1_000, 10_000, 100_000)
LIST = "/api/trans/?page_size=100"


def figures() -> list[Figure]:
    """Measure at each size; the peer answers the same list by plain ModelSerializers."""
    found: list[Figure] = []
    with stage() as here:
        here.enter()
        books.open_chart()
        for size in SIZES:
            books.fill(size)
            found += _at(size, here)
    return found


def _at(size: int, here: Stage) -> list[Figure]:
    stored = f"{size:,} stored"
    with served(here) as server:
        found = [Figure(f"GET /api/dash/stats/, {stored}", _get(server, "/api/dash/stats/"), target=6)]
        if size >= 1_000:
            listed = Figure(f"GET {LIST}, {stored}", _get(server, LIST), target=15)
            found.append(listed)
        if size == SIZES[-1]:
            found.append(Figure("GET /api/accounts/, 250 rows", _get(server, "/api/accounts/"), target=12))
            found.append(Figure(f"trial balance, {size * 2:,} entries", cpu_ms(books.trial_balance), target=5))
    if size >= 1_000:
        with served(here, settings="benchmarks.peer_drf.settings") as peer:
            listed.peer = f"ModelSerializers, prefetched: {_get(peer, '/api/trans/?page_size=100'):.1f} ms"
    return found


def _get(server: Server, path: str) -> float:
    ask: Callable[[], Any] = lambda: server.call("GET", path)  # noqa: E731
    return server.cpu_ms(ask)
