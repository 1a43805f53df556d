"""SQLite: its online backup, which copies one state page by page while others write."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.utils import timezone

from apps.common.db import turn_to_write
from apps.daily.errors import ArchiveDamaged, BackupFailed, RestoreRefused

_WAIT_S = 60.0
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


@dataclass(frozen=True)
class SqliteTrial:
    """The unpacked file itself."""

    path: Path

    @property
    def url(self) -> str:
        """Where Django finds it."""
        return f"sqlite:///{quote(str(self.path))}"

    def dump(self, to: Path) -> None:
        """Write what it holds now to a file."""
        with closing(sqlite3.connect(self.path)) as source:
            if fault := _copied(source, to):
                raise ArchiveDamaged(fault)


class SqliteEngine:
    """The database is a file."""

    vendor = "sqlite"
    dump_name = "database.sqlite3"

    def dump(self, to: Path) -> None:
        """Write one state of the database to a file; BackupFailed where it is damaged."""
        connection.ensure_connection()
        # django-stubs knows only the base wrapper.
        raw: Any = connection.connection
        if connection.in_atomic_block:
            # A copy page by page would wait for our own transaction for ever.
            with closing(sqlite3.connect(":memory:")) as source:
                source.deserialize(raw.serialize())
                fault = _copied(source, to)
        else:
            fault = _copied(raw, to)
        if fault:
            raise BackupFailed(fault)

    @contextmanager
    def trial(self, dump: Path, folder: Path) -> Iterator[SqliteTrial]:
        """Copy the file; ArchiveDamaged where it is no sound database."""
        path = folder / "trial.sqlite3"
        with closing(sqlite3.connect(dump)) as source:
            if fault := _copied(source, path):
                raise ArchiveDamaged(fault)
        yield SqliteTrial(path)

    def replace(self, dump: Path) -> None:
        """Overwrite all pages in one transaction: whoever has the file open goes on with the new content.

        A file that is no sound database any more is moved away before.
        """
        wrapper: Any = connection
        if wrapper.is_in_memory_db():
            with closing(sqlite3.connect(dump)) as source:
                source.backup(wrapper.connection, progress=_patience())
            return
        path = Path(connection.settings_dict["NAME"])
        connection.close()
        with turn_to_write():
            try:
                _overwrite(path, dump)
            except sqlite3.DatabaseError as error:
                if not getattr(error, "sqlite_errorname", "").startswith(_DAMAGED):
                    raise RestoreRefused(error) from error
                _move_away(path)
                _overwrite(path, dump)


def _overwrite(path: Path, dump: Path) -> None:
    with closing(sqlite3.connect(dump)) as source, closing(sqlite3.connect(path, timeout=_WAIT_S)) as live:
        source.backup(live, progress=_patience())


def _patience() -> Callable[[int, int, int], None]:
    """Return what ends a copy that waits for another's lock too long: Python would wait for ever."""
    until = time.monotonic() + _WAIT_S

    def look(status: int, _remaining: int, _total: int) -> None:
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} and time.monotonic() > until:
            raise sqlite3.OperationalError("database is locked")

    return look


def _move_away(path: Path) -> None:
    """Rename a damaged database, with its log: somebody may want to look at it."""
    at = f"{timezone.localtime():%Y%m%d-%H%M%S}"
    for end in ("", "-wal", "-shm"):
        found = path.with_name(f"{path.name}{end}")
        if found.exists():
            found.rename(found.with_name(f"{path.name}.damaged-{at}{end}"))


def _copied(source: sqlite3.Connection, to: Path) -> str:
    """Copy a database to a file that needs no other beside it; return what is wrong with it, if anything."""
    to.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(to)) as target:
            source.backup(target, progress=_patience())
            target.execute("PRAGMA journal_mode=DELETE")
            (verdict,) = target.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if verdict == "ok" else str(verdict)
