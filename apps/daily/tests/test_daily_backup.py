"""`backup` and `restore`: everything comes back, or nothing changes."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import os
import sqlite3
import threading
import time
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from apps.accounts.models import Account
from apps.audit.models import AuditEvent
from apps.common import guards
from apps.consultor.confinement import role_of
from apps.daily import backups, steps
from apps.daily.engines import postgresql, sqlite
from apps.daily.errors import ArchiveDamaged, ArchiveForeign, AtWork, BackupFailed, RestoreRefused, ToolMissing
from apps.daily.models import DailyStep, StepState
from apps.daily.restoring import restore
from apps.daily.turn import turn
from apps.trans.models import Transaction
from apps.trans.tests.books import closed, recorded
from apps.trans.tests.raw_books import picture, sql
from apps.trans.verification import verify_ledger


@pytest.fixture
def books(file_books, teacher_api, chart):
    """A company with an open and a closed transaction, and an attached paper."""
    recorded(teacher_api, chart)
    closed(teacher_api, chart)
    paper = file_books / "attachments" / "ab" / "factura.pdf"
    paper.parent.mkdir(parents=True)
    paper.write_bytes(b"%PDF factura")
    return file_books


def backup(folder: Path) -> Path:
    out = io.StringIO()
    call_command("backup", str(folder / "kept.zip"), stdout=out)
    assert "MB" in out.getvalue()
    return folder / "kept.zip"


def changed(path: Path, to: Path, **facts) -> Path:
    """Write the archive again with other facts in its manifest."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                data = json.dumps(json.loads(data) | facts).encode()
            new.writestr(name, data)
    return to


def test_everything_comes_back_as_it_was(books, teacher_api, chart, tmp_path):
    """What was written since goes; accounts, trail, tallies, guards and papers are there, and verified."""
    before = picture()
    path = backup(tmp_path)
    recorded(teacher_api, chart, total=5_00)
    Account.objects.filter(pk=chart["cmv"].pk).update(name="Otro nombre")
    paper = books / "attachments" / "ab" / "factura.pdf"
    paper.unlink()
    (books / "attachments" / "later.pdf").write_bytes(b"later")

    out = io.StringIO()
    call_command("restore", str(path), "--confirm", stdout=out)

    told = AuditEvent.objects.get(action="books.restored")
    after = picture()
    assert [event for event in after.pop("AuditEvent") if event["event_id"] != told.pk] == before.pop("AuditEvent")
    assert after == before
    assert paper.read_bytes() == b"%PDF factura"
    assert verify_ledger() == []
    assert guards.faults(connection) == []
    recorded(teacher_api, chart)  # and work goes on
    (kept,) = (books / "backups").iterdir()
    assert str(kept) in out.getvalue()
    assert [folder.name for folder in books.iterdir() if folder.name.startswith(".restore")] == []


def test_it_asks_for_consent_at_a_terminal(books, tmp_path, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    before, path = picture(), backup(tmp_path)
    monkeypatch.setattr("sys.stdin", Terminal("no\n"))
    with pytest.raises(CommandError):
        call_command("restore", str(path), stdout=io.StringIO())
    assert picture() == before
    monkeypatch.setattr("sys.stdin", Terminal("yes\n"))
    call_command("restore", str(path), no_backup=True, stdout=io.StringIO())
    assert AuditEvent.objects.filter(action="books.restored").exists()


def refused(error: type[Exception], path: Path) -> None:
    before = picture()
    with pytest.raises(error):
        restore(path)
    assert picture() == before


def test_a_damaged_archive_is_refused_and_nothing_changes(books, tmp_path):
    whole = backup(tmp_path).read_bytes()
    middle = len(whole) // 2
    (tmp_path / "damaged.zip").write_bytes(whole[:middle] + bytes(255 - byte for byte in whole[middle : middle + 20])
                                           + whole[middle + 20 :])
    refused(ArchiveDamaged, tmp_path / "damaged.zip")
    (tmp_path / "cut.zip").write_bytes(whole[:-100])
    refused(ArchiveForeign, tmp_path / "cut.zip")
    refused(ArchiveForeign, tmp_path / "absent.zip")


@pytest.mark.parametrize(
    "facts, error",
    [
        ({"format": 2}, ArchiveForeign),
        ({"migrations": [["trans", "9999_of_the_future"]]}, ArchiveForeign),
        ({"migrations": None}, ArchiveDamaged),
        ({"engine": "oracle"}, ArchiveForeign),
        ({"kind": "mosaite-company"}, ArchiveForeign),
        ({"files": [["secret_key", 1, "00"]]}, ArchiveDamaged),
    ],
)
def test_a_newer_or_foreign_archive_is_refused(books, tmp_path, facts, error):
    refused(error, changed(backup(tmp_path), tmp_path / "other.zip", **facts))


def test_a_paper_of_the_same_name_is_not_overwritten(books, tmp_path):
    path = backup(tmp_path)
    (books / "attachments" / "ab" / "factura.pdf").write_bytes(b"another")
    refused(RestoreRefused, path)


def test_books_that_do_not_verify_are_refused_and_nothing_changes(books, chart, tmp_path):
    guards.uninstall(connection)
    sql("UPDATE accounts SET debits = debits + 1 WHERE acc_id = %s", chart["caja"].pk)
    path = backup(tmp_path)
    sql("UPDATE accounts SET debits = debits - 1 WHERE acc_id = %s", chart["caja"].pk)
    guards.install(connection)
    refused(RestoreRefused, path)


def test_nothing_is_restored_while_daily_tasks_run(books, tmp_path):
    path = backup(tmp_path)
    with turn() as ours:
        assert ours
        refused(AtWork, path)


def test_a_backup_that_cannot_be_written_leaves_nothing(books, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(BackupFailed):
        backups.make_backup(tmp_path / "file" / "kept.zip")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "in the way"


@pytest.mark.django_db
def test_within_a_transaction_it_backs_up_what_that_sees_and_restores_nothing(
    teacher_api, chart, tmp_path, settings
):
    settings.DATA_DIR = tmp_path
    recorded(teacher_api, chart)
    if connection.vendor == "sqlite":
        with zipfile.ZipFile(backup(tmp_path)) as zipped:
            assert b"Venta" in zipped.read("database.sqlite3")
    with pytest.raises(RestoreRefused):
        restore(tmp_path / "kept.zip")


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_database_in_memory_is_restored_too(teacher_api, chart, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    recorded(teacher_api, chart)
    path = backup(tmp_path)
    recorded(teacher_api, chart)
    restore(path)
    assert Transaction.objects.count() == 1


@pytest.mark.sqlite
def test_a_restore_that_nobody_makes_room_for_is_refused(books, tmp_path, monkeypatch):
    path = backup(tmp_path)
    monkeypatch.setattr(sqlite, "_WAIT_S", 0.2)
    with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
        other.execute("BEGIN IMMEDIATE")
        refused(RestoreRefused, path)


@pytest.mark.sqlite
def test_a_damaged_database_is_not_backed_up(books, tmp_path):
    """A backup of it would push out a good one."""
    with connection.cursor() as cursor:
        (page,) = cursor.execute("SELECT rootpage FROM sqlite_master WHERE name = 'transactions'").fetchone()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with Path(connection.settings_dict["NAME"]).open("r+b") as handle:
        handle.seek((page - 1) * 4096)
        handle.write(b"\xff" * 4096)
    with pytest.raises(BackupFailed):
        backups.make_backup(tmp_path / "kept.zip")
    assert not (tmp_path / "kept.zip").exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("damage", ["garbage", "absent"])
def test_books_that_can_no_longer_be_read_are_restored(books, tmp_path, damage):
    path, before = backup(tmp_path), picture()
    live = Path(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    if damage == "absent":
        live.unlink()
    else:
        with live.open("r+b") as handle:
            handle.write(b"\xff" * 4096 * 20)
    call_command("restore", str(path), confirm=True, no_backup=True, stdout=io.StringIO())
    assert picture()["Entry"] == before["Entry"]
    assert verify_ledger() == []
    assert bool(list(live.parent.glob("*.damaged-*"))) == (damage != "absent")


@pytest.mark.postgresql
def test_the_trial_leaves_no_database_and_no_role_behind(books, tmp_path):
    restore(backup(tmp_path))
    trial = connection.copy()
    trial.settings_dict["NAME"] = f"{connection.settings_dict['NAME']}_restore"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s UNION SELECT 1 FROM pg_roles WHERE rolname = %s",
                       [trial.settings_dict["NAME"], role_of(trial)])
        assert cursor.fetchall() == []


@pytest.mark.postgresql
def test_what_the_server_still_makes_for_a_killed_restore_stops_no_other(file_books, tmp_path):
    """A client that is killed in mid-statement leaves the server to end it."""
    (tmp_path / "bad.dump").write_bytes(b"no dump")
    name = f"{connection.settings_dict['NAME']}_restore"
    connected = threading.Barrier(2)

    def make() -> None:
        session = connection.copy()
        with contextlib.closing(session), session.cursor() as cursor:
            connected.wait()
            with contextlib.suppress(DatabaseError):  # the other way round: ours was first
                cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)} TEMPLATE template0")

    for wait in (0.001, 0.005, 0.01, 0.02):
        maker = threading.Thread(target=make)
        maker.start()
        connected.wait()
        time.sleep(wait)
        with pytest.raises(ArchiveDamaged), postgresql.PostgresqlEngine().trial(tmp_path / "bad.dump", tmp_path):
            pass
        maker.join()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")


@pytest.mark.postgresql
def test_a_role_that_may_not_make_the_trials_database_is_told_so(books, tmp_path):
    path = backup(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE mosaite_limited NOLOGIN")
        cursor.execute("SET ROLE mosaite_limited")
    try:
        with pytest.raises(RestoreRefused) as refusal:
            restore(path)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE mosaite_limited")
    assert "CREATEDB" in str(refusal.value.message)
    assert Transaction.objects.count() == 2


@pytest.mark.postgresql
def test_without_the_servers_programs_it_says_what_to_install(books, tmp_path, monkeypatch):
    monkeypatch.setattr(postgresql.shutil, "which", lambda _tool: None)
    with pytest.raises(ToolMissing) as refusal:
        backups.make_backup(tmp_path / "kept.zip")
    assert "pg_dump" in str(refusal.value.message)
    with pytest.raises(CommandError, match="pg_dump"):
        call_command("backup", str(tmp_path))


def test_the_daily_backup_rotates_only_over_books_found_right(file_books, company, settings):
    settings.BACKUP_KEEP_DAYS, settings.BACKUP_KEEP_MONTHS = 1, 0
    settings.BACKUP_DIR.mkdir()
    old = settings.BACKUP_DIR / "mosaite-20200101-000000.zip"
    own = settings.BACKUP_DIR / "before-the-move.zip"
    for path in (old, own):
        path.write_bytes(b"")
    steps.back_up()
    assert old.exists()
    DailyStep.objects.create(day=steps.today(), step="verify", state=StepState.DONE, started_at=timezone.now())
    steps.back_up()
    assert not old.exists()
    assert own.exists()
    assert len(list(settings.BACKUP_DIR.glob("mosaite-2*.zip"))) == 1


def test_what_a_killed_backup_left_behind_is_swept_up(tmp_path):
    long_ago = time.time() - 2 * 24 * 3600
    for name in ("mosaite-20260101-000000.zip.part", "mosaite-20260102-000000.zip.part"):
        (tmp_path / name).touch()
    (tmp_path / ".scratch-x").mkdir()
    for name in ("mosaite-20260101-000000.zip.part", ".scratch-x"):
        os.utime(tmp_path / name, (long_ago, long_ago))
    backups.rotate(tmp_path, days=1, months=0)
    assert [path.name for path in tmp_path.iterdir()] == ["mosaite-20260102-000000.zip.part"]


def test_two_backups_of_one_second_have_two_names(tmp_path, monkeypatch):
    now = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
    monkeypatch.setattr(backups.timezone, "localtime", lambda: now)
    first = backups.new_path(tmp_path)
    first.touch()
    assert (first.name, backups.new_path(tmp_path).name) == (
        "mosaite-20261124-030000.zip", "mosaite-20261124-030001.zip"
    )


def test_people_go_on_working_while_it_is_backed_up(books, teacher_api, chart, tmp_path, monkeypatch):
    """What is posted after the copy is not in it; nobody waits."""
    add = backups.archive.Writer.add

    def post_meanwhile(self, name, source):
        recorded(teacher_api, chart)
        add(self, name, source)

    monkeypatch.setattr(backups.archive.Writer, "add", post_meanwhile)
    count = Transaction.objects.count()
    backups.make_backup(tmp_path / "kept.zip")
    assert Transaction.objects.count() > count
    monkeypatch.undo()
    restore(tmp_path / "kept.zip")
    assert Transaction.objects.count() == count
