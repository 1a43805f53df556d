"""Daily tasks, a backup or a restore killed in the middle: the books are the old or the new ones, never between."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from apps.daily.models import DailyStep
from apps.daily.tests.conftest import file_books  # noqa: F401 - a fixture
from apps.trans.tests.books import closed, recorded
from apps.trans.tests.raw_books import picture
from apps.trans.verification import verify_ledger
from tests.faults.effort import KILLS
from tests.faults.test_faults_kill import database_url

ROOT = Path(__file__).parents[2]
CYCLES = max(1, KILLS // 4)  # each costs seconds of whole processes


def killed(data_dir: Path, *words: str, after: str, seconds: float) -> None:
    """Run a command and kill it some time after it says something that begins with `after`."""
    environment = {
        **os.environ, "DATABASE_URL": database_url(), "DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1",
        "LANGUAGE_CODE": "en", "BACKUP_DIR": "",
    }
    command = [sys.executable, "manage.py", *words]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(after):
                break
        time.sleep(seconds)
        process.kill()
    wait_for_children(process.pid)
    wait_for_server()


def wait_for_children(group: int) -> None:
    """What the killed one had started lives on: it ends what it does in the folder that was its own."""
    with contextlib.suppress(ProcessLookupError):
        for _try in range(400):
            os.killpg(group, 0)
            time.sleep(0.05)


def wait_for_server() -> None:
    """PostgreSQL ends what its own programs have begun, and gives a killed session's lock back a moment later."""
    if connection.vendor != "postgresql":
        return
    for _try in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM pg_stat_activity WHERE application_name IN ('psql', 'pg_dump')"
                " AND datname LIKE current_database() || '%%')"
                " + (SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
                " WHERE locktype = 'advisory' AND datname = current_database() AND pid <> pg_backend_pid())", [])
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)


@pytest.mark.parametrize("moment", ["Unpacking", "Migrating", "Putting"])
def test_kill_9_in_mid_restore_leaves_the_old_books_or_the_new(file_books, teacher_api, chart, moment):  # noqa: F811
    closed(teacher_api, chart)
    path = file_books / "kept.zip"
    call_command("backup", str(path))
    old = picture()
    recorded(teacher_api, chart)
    present = picture()
    for cycle in range(CYCLES):
        dice = random.Random(f"{moment}{cycle}")
        longest = 0.6 if moment == "Migrating" else 0.08
        killed(file_books, "restore", str(path), "--confirm", "--no-backup", after=moment,
               seconds=dice.uniform(0, longest))
        found = picture()
        found["AuditEvent"] = [event for event in found["AuditEvent"] if event["action"] != "books.restored"]
        assert found in (old, present)
        assert verify_ledger() == []
    call_command("restore", str(path), confirm=True, no_backup=True)
    assert picture()["Entry"] == old["Entry"]
    assert [left.name for left in file_books.iterdir() if left.name.startswith(".restore")] == []


def test_kill_9_in_mid_backup_leaves_no_archive_or_a_whole_one(file_books, teacher_api, chart):  # noqa: F811
    recorded(teacher_api, chart)
    path = file_books / "kept.zip"
    for cycle in range(CYCLES):
        killed(file_books, "backup", str(path), after="", seconds=random.Random(cycle).uniform(0.3, 0.9))
        if path.exists():
            call_command("restore", str(path), confirm=True, no_backup=True)
            path.unlink()
    call_command("backup", str(path))


def test_kill_9_in_mid_daily_is_made_good_by_the_next_call(file_books, company):  # noqa: F811
    killed(file_books, "daily", "--only", "verify", "--only", "backup", "--only", "sessions", after="verify", seconds=0)
    call_command("daily", only=["verify", "backup", "sessions"])
    assert dict(DailyStep.objects.values_list("step", "state")) == {
        "verify": "done", "backup": "done", "sessions": "done",
    }
    assert DailyStep.objects.get(step="verify").attempts == 1
