"""A place to measure in: data of its own, real servers, CPU by the kernel's count, one table."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EMAIL, PASSWORD = "bench@example.com", "pass1234"
# What an installation has, without the tools of development: `make bench` makes it.
WEB_PYTHON = ROOT / "benchmarks" / ".venv-web" / "bin" / "python"
START_TIMEOUT_S = 30
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
QUIET = 0.1
ROUNDS, ROUNDS_MAX = 9, 120


@dataclass
class Figure:
    """One line of the table; `target` is the most that `measured` may be."""

    name: str
    measured: float
    target: float | None = None
    peer: str = ""
    unit: str = "ms CPU"

    @property
    def misses(self) -> bool:
        """Whether the measured figure is over its target."""
        return self.target is not None and self.measured > self.target

    def row(self) -> str:
        """Return the figure as a row of the table."""
        target = "" if self.target is None else f"{self.target:g}"
        verdict = "" if self.target is None else ("**over**" if self.misses else "ok")
        return f"| {self.name} | {target} | {self.measured:.2f} | {self.unit} | {verdict} | {self.peer} |"


def table(figures: list[Figure]) -> str:
    """Return the figures as Markdown."""
    head = ["| figure | target, at most | measured | unit | | peer, same run |", "|---|---:|---:|---|---|---|"]
    return "\n".join([*head, *(figure.row() for figure in figures)])


def machine() -> str:
    """Return what the figures were measured on."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {platform.system()}"


def yardstick_ms() -> float:
    """Return the CPU milliseconds of a fixed piece of Python, about one on the machine of the targets."""
    start = time.thread_time()
    seen = {}
    for number in range(7_500):
        seen[number % 1000] = str(number)
    return (time.thread_time() - start) * 1000


def quiet_median(own_cpu_ms: Callable[[], float], act: Callable[[], Any], *, calls: int = 10) -> float:
    """Return the CPU milliseconds per call of `act`, by the clock `own_cpu_ms`, on a quiet machine.

    A neighbour on the same core makes the same instructions cost up to twice the CPU time. So rounds
    of `calls` are taken until ROUNDS of them had at most QUIET of the machine's time used by others;
    where that never happens, the quietest of ROUNDS_MAX count.
    """
    taken: list[tuple[float, float]] = []  # (share of the time that others used, ms per call)
    while len(taken) < ROUNDS_MAX and sum(share <= QUIET for share, _cost in taken) < ROUNDS:
        start, busy, used, own = time.perf_counter(), _busy_ms(), time.process_time(), own_cpu_ms()
        for _call in range(calls):
            act()
        cost = own_cpu_ms() - own
        ours = cost if own_cpu_ms is own_process_ms else cost + (time.process_time() - used) * 1000
        wall = (time.perf_counter() - start) * 1000
        taken.append(((_busy_ms() - busy - ours) / wall, cost / calls))
    taken.sort()
    return statistics.median(cost for _share, cost in taken[:ROUNDS])


def own_process_ms() -> float:
    """Return the CPU milliseconds that this process has used."""
    return time.process_time() * 1000


def cpu_ms(act: Callable[[], Any]) -> float:
    """Return this process's CPU milliseconds per call, on a quiet machine."""
    act()
    return quiet_median(own_process_ms, act)


def _busy_ms() -> float:
    """Return the CPU milliseconds that all have used since boot, a hypervisor's theft included."""
    user, nice, system, _idle, _waiting, irq, softirq, steal = Path("/proc/stat").read_text().split()[1:9]
    return sum(map(int, (user, nice, system, irq, softirq, steal))) * TICK_MS


@dataclass
class Stage:
    """A data folder of its own, migrated, with a user of rol 0."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def manage(self, *words: str) -> None:
        """Run a management command; its failure stops the benchmark."""
        subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL
        )

    def enter(self) -> None:
        """Make this process one of the project's, working on the stage's data. Once per process."""
        os.environ.update(self.environment)
        import django

        django.setup()


@contextlib.contextmanager
def stage(**environment: str) -> Iterator[Stage]:
    """Yield a stage; its folder is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mosaite-bench-") as folder:
        made = Stage(Path(folder), {
            **os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": folder, "DATABASE_URL": "",
            "DEBUG": "false", "SECRET_KEY": "benchmarks-keep-no-secret-worth-keeping-from-anyone",
            "ALLOWED_HOSTS": "127.0.0.1", "LOG_LEVEL": "WARNING", **environment,
            "DJANGO_SUPERUSER_EMAIL": EMAIL, "DJANGO_SUPERUSER_NAME": "Bench", "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        })
        made.manage("migrate", "--verbosity", "0")
        made.manage("createsuperuser", "--noinput", "--verbosity", "0")
        yield made


class Server:
    """A running web process and one kept-alive connection to it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Content-Type": "application/json"}

    def another(self) -> Server:
        """Return another connection of the same user's."""
        other = Server(self.process, self.port)
        other.headers = self.headers
        return other

    def log_in(self, email: str = EMAIL, password: str = PASSWORD) -> None:
        """Carry a user's token from now on, by default that of the stage's."""
        tokens = self.call("POST", "/api/auth/login/", {"email": email, "password": password})
        self.headers["Authorization"] = f"Bearer {tokens['access']}"

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Return the parsed answer; RuntimeError when it is no success."""
        raw = None if body is None else json.dumps(body).encode()
        self.connection.request(method, path, raw, self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return json.loads(content) if content else None

    def cpu_used_ms(self) -> float:
        """Return the milliseconds that the process's threads, none of which has ended, were on a CPU."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6

    def resident_mb(self) -> float:
        """Return the resident memory of the process in megabytes."""
        return self.memory_mb("Rss")

    def memory_mb(self, kind: str) -> float:
        """Return the megabytes of a kind of /proc/PID/smaps_rollup: Rss, Pss, Private_Dirty, Anonymous."""
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return int(rollup.partition(f"\n{kind}:")[2].split()[0]) / 1024

    def cpu_ms(self, act: Callable[[], Any]) -> float:
        """Return the server's CPU milliseconds per call, on a quiet machine."""
        for _warming in range(5):
            act()
        return quiet_median(self.cpu_used_ms, act)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(on: Stage, *, settings: str = "config.settings", log_in: bool = True) -> Iterator[Server]:
    """Yield the web process as `make run` starts it, and a connection to it."""
    from config.demo import WEB_ENVIRONMENT, web_command  # the peers' own Python has no config

    port = _free_port()
    process = subprocess.Popen(
        web_command(str(WEB_PYTHON), port),
        cwd=ROOT, env={**WEB_ENVIRONMENT, **on.environment, "DJANGO_SETTINGS_MODULE": settings},
    )
    try:
        server = Server(process, port)
        _await_answer(server)
        if log_in:
            server.log_in()
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await_answer(server: Server) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            server.call("GET", "/healthz")
        except OSError:
            server.connection.close()
            if time.monotonic() > deadline or server.process.poll() is not None:
                raise
            time.sleep(0.1)
        else:
            return
