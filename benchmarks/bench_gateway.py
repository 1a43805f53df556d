"""Measure the gateway beside LiteLLM's Router and OpenAI's SDK, in one run: `make bench-gateway`.

Prints a table of target, ours and peers, and exits with 1 when ours misses a target. All talk to
the tests' own server. Calls are interleaved, so that whatever else the machine does hits all alike.
"""

from __future__ import annotations

import gc
import itertools
import json
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.gateway_clients import CLIENTS, TIMEOUT_S, Client
from tests.llm_server import LLMServer

ROOT = Path(__file__).resolve().parent.parent
PEERS = ("openai SDK", "LiteLLM Router")
CALLS = 300
STREAMS = 80
REPEATS = 5
VENDORS = ("openai", "anthropic", "google.genai", "litellm")


@dataclass(frozen=True)
class Row:
    """One figure: what, the target, the values by client; the unit is in the name."""

    name: str
    target: str
    values: dict[str, float | str]
    met: bool | None = None


# --- Import and construction: each in a process of its own ------------------------------------------------------------


def weigh(name: str, url: str) -> dict[str, object]:
    """Return memory and time of import and construction, then of the first call, in this fresh process."""
    before_mb, began = _resident_mb(), time.perf_counter()
    client = CLIENTS[name](url, url)
    took_ms = (time.perf_counter() - began) * 1000
    made_mb = _resident_mb()
    client.ask()
    return {
        "mb": made_mb - before_mb, "ms": took_ms, "mb after a call": _resident_mb() - before_mb,
        "vendors": sum(vendor in sys.modules for vendor in VENDORS),
    }


def _resident_mb() -> float:
    gc.collect()
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def weights() -> Iterator[Row]:
    with LLMServer() as server:
        runs = {name: [_weigh_elsewhere(name, server.openai()) for _ in range(3)] for name in CLIENTS}
    weighed = {
        part: {name: statistics.median(run[part] for run in runs[name]) for name in CLIENTS} for part in runs["bare"][0]
    }
    row = weighed["mb"]
    yield Row("import and construction, MB", "<= 35", row, row["ours"] <= 35)
    row = weighed["mb after a call"]
    yield Row("the same with the first call, MB", "<= 35", row, row["ours"] <= 35)
    yield Row("import and construction, ms", "", weighed["ms"])
    row = weighed["vendors"]
    yield Row("vendors' SDKs in sys.modules after it", "0", row, row["ours"] == 0)


def _weigh_elsewhere(name: str, url: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.bench_gateway", "weigh", name, url]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    weighed: dict[str, float] = json.loads(said.splitlines()[-1])
    return weighed


# --- Overhead: the server in a process of its own ---------------------------------------------------------------------


@contextmanager
def server_elsewhere() -> Iterator[str]:
    """Serve in another process; give the root of its URLs."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.llm_server"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process.stdout.readline().strip().partition("=")[2].removesuffix("/v1")
        finally:
            process.terminate()


def overheads() -> Iterator[Row]:
    with server_elsewhere() as root:
        plain = f"{root}/as/local/v1"
        yield from _compare("call", CALLS, plain, lambda client: client.ask())
        tokens = f"{root}/as/local/fault/ok,tokens=50/v1"
        yield from _compare("50-token stream", STREAMS, tokens, lambda client: sum(1 for _ in client.stream()))


def _compare(what: str, count: int, url: str, use: Callable[[Client], object]) -> Iterator[Row]:
    clients = {name: make(url, url) for name, make in CLIENTS.items()}
    wall: dict[str, list[float]] = {name: [] for name in clients}
    cpu: dict[str, list[float]] = {name: [] for name in clients}
    for turn in range(count + 10):
        for name, client in random.sample(list(clients.items()), len(clients)):
            began, began_cpu = time.perf_counter(), time.thread_time()
            use(client)
            if turn >= 10:
                wall[name].append((time.perf_counter() - began) * 1000)
                cpu[name].append((time.thread_time() - began_cpu) * 1000)
    for client in clients.values():
        client.close()
    # Whatever else the machine does only adds to a time: the first decile is nearest to what the client costs.
    quiet = {name: statistics.quantiles(times, n=10)[0] for name, times in wall.items()}
    if what == "call":
        over = {name: value - quiet["bare"] for name, value in quiet.items()}
        yield Row("overhead per call over bare, ms", "<= 0.5", over, over["ours"] <= 0.5)
    else:
        times = {name: value / quiet["bare"] for name, value in quiet.items()}
        yield Row(f"{what}, times bare", "<= 1.5", times, times["ours"] <= 1.5)
    yield Row(f"{what}, first decile ms", "", quiet)
    middle = {name: statistics.median(times) for name, times in wall.items()}
    worst = {name: statistics.quantiles(times, n=20)[-1] for name, times in wall.items()}
    yield Row(f"{what}, median ms", "", middle)
    yield Row(f"{what}, p95 ms", "", worst)
    yield Row(f"{what}, median CPU ms", "", {name: statistics.median(times) for name, times in cpu.items()})


# --- Failures ---------------------------------------------------------------------------------------------------------


def fallbacks() -> Iterator[Row]:
    for fault, limit_s in [("500", 0.3), ("429", 0.3), ("quota", 0.3), ("hang", TIMEOUT_S + 0.1)]:
        row = {name: _fallback(name, fault) for name in ("ours", *PEERS)}
        yield Row(f"second provider after {fault}, s", f"<= {limit_s:g}", row, _at_most(row["ours"], limit_s))


def _fallback(name: str, fault: str) -> float | str:
    times = []
    for _ in range(REPEATS):  # a new client each time: what it has learnt of the failure must not help it
        with LLMServer() as server:
            client = CLIENTS[name](server.openai("as/local", f"fault/{fault}"), server.openai("as/second"))
            began = time.perf_counter()
            try:
                client.ask()
            except Exception as error:  # noqa: BLE001 - whatever a peer raises is its result
                return type(error).__name__
            times.append(time.perf_counter() - began)
            client.close()
    return statistics.median(times)


def outage() -> Iterator[Row]:
    row = {name: _callers_that_failed(name) for name in ("ours", *PEERS)}
    yield Row("12-request outage, 4 threads: callers that fail of 40", "0", row, row["ours"] == 0)


def _callers_that_failed(name: str) -> int:
    with LLMServer() as server:
        client = CLIENTS[name](server.openai("as/local"), server.openai("as/second"))
        client.ask()
        server.queue("local", *["500"] * 12)

        def fails(_turn: int) -> bool:
            try:
                return not client.ask()
            except Exception:  # noqa: BLE001 - whatever a peer raises is a failed caller
                return True

        with ThreadPoolExecutor(4) as pool:
            failed = sum(pool.map(fails, range(40)))
        client.close()
    return failed


def cancels() -> Iterator[Row]:
    row = {name: _cancel(name) for name in ("ours", *PEERS)}
    yield Row("close of a stalled stream seen upstream, s", "<= 0.2", row, _at_most(row["ours"], 0.2))
    value = {"ours": _cancel_from_a_thread()}
    yield Row("cancel by another thread seen upstream, s", "<= 0.2", value, _at_most(value["ours"], 0.2))


def _cancel(name: str) -> float | str:
    with LLMServer() as server:
        client = CLIENTS[name](server.openai("as/local", "fault/loop"), server.openai("as/second"))
        pieces = client.stream()
        list(itertools.islice(pieces, 5))
        left_at = time.monotonic()
        pieces.close()
        return _seen_after(server, left_at)


def _cancel_from_a_thread() -> float | str:
    with LLMServer() as server:
        pieces = CLIENTS["ours"](server.openai("as/local", "fault/stall"), server.openai("as/second")).stream()
        next(pieces)
        left_at = []
        threading.Timer(0.2, lambda: (left_at.append(time.monotonic()), pieces.cancel())).start()
        try:
            list(pieces)
        except Exception:  # noqa: BLE001 - the reader learns that it was cancelled
            return _seen_after(server, left_at[0])
    return "not cancelled"


def _seen_after(server: LLMServer, left_at: float) -> float | str:
    if not server.wait_for(lambda: server.of("local")[0].closed_at, timeout_s=5):
        return "> 5"
    return max(0.0, server.of("local")[0].closed_at - left_at)


def _at_most(value: float | str, limit: float) -> bool:
    return not isinstance(value, str) and value <= limit


# --- The table --------------------------------------------------------------------------------------------------------


def main() -> int:
    """Run everything; return 1 when ours misses a target."""
    print(f"Python {sys.version.split()[0]}, httpx2 {version('httpx2')}, openai {version('openai')},"
          f" litellm {version('litellm')}; {CALLS} calls, {STREAMS} streams\n")
    columns = ["ours", "bare", *PEERS]
    print(f"{'figure':<54}{'target':>9}" + "".join(f"{name:>17}" for name in columns))
    missed = 0
    for row in itertools.chain(weights(), overheads(), fallbacks(), outage(), cancels()):
        values = "".join(f"{_shown(row.values.get(name, '')):>17}" for name in columns)
        verdict = {None: "", True: "  met", False: "  MISSED"}[row.met]
        missed += row.met is False
        print(f"{row.name:<54}{row.target:>9}{values}{verdict}", flush=True)
    return 1 if missed else 0


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


if __name__ == "__main__":
    if sys.argv[1:2] == ["weigh"]:
        print(json.dumps(weigh(*sys.argv[2:])))
    else:
        sys.exit(main())
