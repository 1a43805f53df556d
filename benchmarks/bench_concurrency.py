"""Sixteen writers on the same books, four postings of five on one account, beside read-modify-write.

`make bench-concurrency` or `python -m benchmarks.bench_concurrency [--seconds 60]`; on SQLite, and on
PostgreSQL where TEST_POSTGRESQL_URL names a server (in a database of its own, dropped afterwards).
Exits with 1 when a balance is lost, a number missing, an error reaches a writer, or PostgreSQL takes
fewer than 80 postings a second.

The writers are four processes of four threads, each thread with a connection: four web workers.
Every fifth transaction is verified and closed as well, outside the latency that is told.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from benchmarks import books
from benchmarks.harness import ROOT, Stage, machine, stage

COMMAND = [sys.executable, "-m", "benchmarks.bench_concurrency"]
PROCESSES, THREADS = 4, 4
ACCOUNTS = 100
HOT_SHARE = 0.8
PER_SECOND_MIN = 80
PEER_SHARE = 0.25  # of the seconds: it has lost by then what it loses


@dataclass
class Work:
    """What a writer did."""

    latencies_ms: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)

    def take(self, other: Work) -> None:
        """Add another's work."""
        self.latencies_ms += other.latencies_ms
        for name, count in other.errors.items():
            self.errors[name] = self.errors.get(name, 0) + count


@dataclass
class Result:
    """A line of the table."""

    engine: str
    way: str
    work: Work
    seconds: float
    lost: int
    gapless: str

    @property
    def per_second(self) -> float:
        """Postings acknowledged in a second."""
        return len(self.work.latencies_ms) / self.seconds

    def row(self) -> str:
        """Return the line in Markdown."""
        taken = sorted(self.work.latencies_ms)
        p50, p99 = statistics.median(taken), taken[int(len(taken) * 0.99)]
        errors = ", ".join(f"{count} {name}" for name, count in sorted(self.work.errors.items())) or "none"
        return (
            f"| {self.engine} | {self.way} | {self.per_second:.0f} | {p50:.0f} | {p99:.0f} | {taken[-1]:.0f} |"
            f" {errors} | {self.lost} of {ACCOUNTS} | {self.gapless} |"
        )


HEAD = (
    "| engine | way | postings/s | p50 ms | p99 ms | max ms | errors | lost balances | numbers |\n"
    "|---|---|---:|---:|---:|---:|---|---:|---|"
)


# --- The writers ------------------------------------------------------------------------------------


def through_the_action(accounts: list[int], dice: random.Random) -> Callable[[], Callable[[], None] | None]:
    """Return a call that posts; where the transaction is to be closed it returns the call for that."""
    from apps.trans import actions
    from ledger.entries import Draft, Line

    user, company = books.actors()
    who = {"acting_user": user, "company": company}

    def post() -> Callable[[], None] | None:
        debit, credit = _pair(accounts, dice)
        amount = dice.randrange(1, 100_000)
        lines = (Line(debit, debit=amount), Line(credit, credit=amount))
        posted = actions.post_transaction(Draft(books.FIRST_DAY, "Venta", lines), **who)
        return (lambda: _settle(posted.pk, who)) if dice.random() < 0.2 else None

    return post


def _settle(trans_id: int, who: dict[str, Any]) -> None:
    from apps.trans import actions

    actions.toggle_status(trans_id, **who)
    actions.close_transaction(trans_id, **who)


def by_read_modify_write(accounts: list[int], dice: random.Random) -> Callable[[], None]:
    """Return a call that posts as a first tutorial does: read the balance, add, save; Django's defaults."""
    from django.db import connection, transaction

    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.transaction_mode = None

    def post() -> None:
        sides, amount = list(zip(("debits", "credits"), _pair(accounts, dice), strict=True)), dice.randrange(1, 100_000)
        with transaction.atomic(), connection.cursor() as cursor:
            balances = []
            for side, account in sides:
                cursor.execute(f"SELECT {side} FROM peer_accounts WHERE id = %s", [account])
                balances.append(cursor.fetchone()[0])
            for (side, account), balance in zip(sides, balances, strict=True):
                insert = "INSERT INTO peer_lines (account_id, side, amount) VALUES (%s, %s, %s)"
                cursor.execute(insert, [account, side, amount])
                cursor.execute(f"UPDATE peer_accounts SET {side} = %s WHERE id = %s", [balance + amount, account])

    return post


def _pair(accounts: list[int], dice: random.Random) -> list[int]:
    hot, *others = accounts
    pair = [hot, dice.choice(others)] if dice.random() < HOT_SHARE else dice.sample(others, 2)
    dice.shuffle(pair)
    return pair


WAYS: dict[str, Any] = {"action": through_the_action, "read-modify-write": by_read_modify_write}


def write(way: str, seed: int, gate: Barrier, seconds: float) -> Work:
    """Write for so many seconds in this thread, once the gate opens."""
    from django.db import connection

    work = Work()
    post = WAYS[way](_accounts(), random.Random(seed))
    gate.wait()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.perf_counter()
        try:
            after = post()
            work.latencies_ms.append((time.perf_counter() - start) * 1000)
            if after is not None:
                after()
        except Exception as error:  # noqa: BLE001 - whatever reaches a writer is counted
            work.take(Work(errors={str(error).splitlines()[0][:40]: 1}))
    connection.close()
    return work


def _accounts() -> list[int]:
    return books.postable()[:ACCOUNTS]


def _worker(way: str, seed: int, seconds: float) -> None:
    """Be one of the processes: say when ready, begin when told, print the work."""
    import django

    django.setup()
    work, gate = Work(), Barrier(THREADS + 1)
    with ThreadPoolExecutor(THREADS) as pool:
        writing = [pool.submit(write, way, seed * THREADS + number, gate, seconds) for number in range(THREADS)]
        print("ready", flush=True)
        sys.stdin.readline()
        gate.wait()
        for done in writing:
            work.take(done.result())
    print(json.dumps(asdict(work)))


def _written(on: Stage, way: str, seconds: float) -> Work:
    """Let all the processes write at once; return their work."""
    processes = [
        subprocess.Popen(
            [*COMMAND, "--worker", way, str(seed), "--seconds", str(seconds)],
            cwd=ROOT, env=on.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for seed in range(PROCESSES)
    ]
    try:
        for process in processes:
            process.stdout.readline()
        for process in processes:
            process.stdin.write("begin\n")
            process.stdin.flush()
        work = Work()
        for process in processes:
            told, _nothing = process.communicate(timeout=seconds + 120)
            work.take(Work(**json.loads(told)))
        return work
    finally:
        for process in processes:
            process.kill()


# --- What became of the books ---------------------------------------------------------------------------


def ours(engine: str, on: Stage, seconds: float) -> Result:
    """Measure the action, then verify the ledger."""
    from apps.trans.models import Transaction
    from apps.trans.verification import verify_ledger

    work = _written(on, "action", seconds)
    findings = verify_ledger()
    lost = len({finding.subject for finding in findings if finding.code.startswith("account_")})
    assert Transaction.objects.count() == len(work.latencies_ms), "acknowledged and stored differ"
    others = [str(finding) for finding in findings if not finding.code.startswith("account_")]
    closed = Transaction.objects.filter(number__isnull=False).count()
    return Result(engine, "action", work, seconds, lost, "; ".join(others) or f"1..{closed}, gapless")


def peer(engine: str, on: Stage, seconds: float) -> Result:
    """Measure read-modify-write on tables of its own, then add up its lines."""
    from django.db import connection

    key = "INTEGER PRIMARY KEY" if connection.vendor == "sqlite" else "BIGSERIAL PRIMARY KEY"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE peer_accounts (id BIGINT PRIMARY KEY, debits BIGINT, credits BIGINT)")
        cursor.execute(f"CREATE TABLE peer_lines (id {key}, account_id BIGINT, side TEXT, amount BIGINT)")
        cursor.executemany("INSERT INTO peer_accounts VALUES (%s, 0, 0)", [(pk,) for pk in _accounts()])
    work = _written(on, "read-modify-write", seconds)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM peer_accounts a LEFT JOIN ("
            "  SELECT account_id, SUM(CASE side WHEN 'debits' THEN amount ELSE 0 END) AS debits,"
            "    SUM(CASE side WHEN 'credits' THEN amount ELSE 0 END) AS credits FROM peer_lines GROUP BY account_id"
            ") s ON s.account_id = a.id"
            " WHERE a.debits <> COALESCE(s.debits, 0) OR a.credits <> COALESCE(s.credits, 0)"
        )
        (lost,) = cursor.fetchone()
    return Result(engine, "read-modify-write", work, seconds, lost, "")


# --- All of it ----------------------------------------------------------------------------------------


@contextlib.contextmanager
def database_of_its_own(server_url: str) -> Iterator[str]:
    """Yield the URL of a new PostgreSQL database; dropped afterwards."""
    import psycopg

    parts, name = urlsplit(server_url), f"mosaite_bench_{os.getpid()}"
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as administration:
        administration.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            administration.execute(f"DROP DATABASE {name} WITH (FORCE)")


def measured(engine: str, seconds: float) -> None:
    """Be the process that measures one engine; print its lines."""
    server_url = os.environ.get("TEST_POSTGRESQL_URL", "")
    url = contextlib.nullcontext("") if engine == "SQLite" else database_of_its_own(server_url)
    with url as database_url, stage(DATABASE_URL=database_url, DATABASE_POOL_MAX="4") as here:
        here.enter()
        books.open_chart()
        results = [ours(engine, here, seconds), peer(engine, here, seconds * PEER_SHARE)]
        from django.db import connections

        connections.close_all()
    print("\n".join(result.row() for result in results))
    enough = engine == "SQLite" or results[0].per_second >= PER_SECOND_MIN
    right = not results[0].work.errors and not results[0].lost and results[0].gapless.endswith("gapless")
    sys.exit(0 if enough and right else 1)


def main() -> int:
    """Measure each engine in a process of its own; print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        way, seed = asked.worker
        _worker(way, int(seed), asked.seconds)
        return 0
    if asked.engine:
        measured(asked.engine, asked.seconds)
    engines = ["SQLite", *(["PostgreSQL"] if os.environ.get("TEST_POSTGRESQL_URL") else [])]
    print(f"{machine()}; {PROCESSES} processes of {THREADS} threads, {asked.seconds:g} s\n\n{HEAD}", flush=True)
    command = [*COMMAND, "--seconds", str(asked.seconds), "--engine"]
    return max(subprocess.run([*command, engine], cwd=ROOT, check=False).returncode for engine in engines)


if __name__ == "__main__":
    sys.exit(main())
