"""A process killed in the middle of posting leaves nothing half there, and nothing it was told is lost."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from apps.trans.models import Transaction
from apps.trans.verification import verify_ledger
from tests.faults.effort import KILLS

ROOT = Path(__file__).parents[2]
CLOSED = 2


def database_url() -> str:
    """Return the address of the test's own database."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    password = f":{found['PASSWORD']}" if found["PASSWORD"] else ""
    return f"postgres://{found['USER']}{password}@{found['HOST']}:{found['PORT'] or 5432}/{found['NAME']}"


@contextlib.contextmanager
def poster(seed: int, data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a poster; killed at the end in any case."""
    environment = {**os.environ, "DATABASE_URL": database_url(), "DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", "tests.faults.poster", str(seed)]
    with (
        (data_dir / f"poster_{seed}.log").open("w") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def killed_in_mid_posting(seed: int, data_dir: Path) -> list[dict[str, Any]]:
    """Run a poster, send it SIGKILL at a random moment; return what it had been told by then."""
    with poster(seed, data_dir) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(random.Random(seed).uniform(0.05, 0.5))
        process.kill()
        rest = process.stdout.read()
    assert process.returncode == -9, (data_dir / f"poster_{seed}.log").read_text()
    # A line that the kill cut short was never said.
    return [json.loads(line) for line in (first + rest).splitlines() if line.endswith("}")]


@pytest.mark.parametrize("posters", [1, 3])
def test_kill_9_in_mid_posting_loses_nothing_acknowledged_and_leaves_nothing_half(
    posters, at_once, company, teacher, chart, tmp_path
):
    runs: list[list[dict[str, Any]]] = []
    for cycle in range(KILLS):
        seeds = [cycle * 10 + number for number in range(posters)]
        runs += at_once([lambda seed=seed: killed_in_mid_posting(seed, tmp_path) for seed in seeds])
        assert verify_ledger() == []
    assert sum(map(len, runs)) > KILLS
    rows = {row["trans_id"]: row for row in Transaction.objects.values("trans_id", "status", "number", "total")}
    for *before, last in runs:
        for said in {said["trans_id"]: said for said in before}.values():
            if said["trans_id"] != last["trans_id"]:
                assert rows.get(said["trans_id"]) == (None if "deleted" in said else said)
        # With the last one it may have gone on, before it could say so.
        assert last["trans_id"] in rows or last.get("status") != CLOSED
