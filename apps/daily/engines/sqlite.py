"""SQLite: its online backup, which copies one state page by page while others write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

from apps.common.db import turn_to_write
from apps.daily.errors import ArchiveDamaged, BackupFailed

_WAIT_S = 60


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
        if fault := _copied(raw, to):
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
        """Overwrite all pages in one transaction: whoever has the file open goes on with the new content."""
        path = str(connection.settings_dict["NAME"])
        connection.close()
        with (
            turn_to_write(),
            closing(sqlite3.connect(dump)) as source,
            closing(sqlite3.connect(path, timeout=_WAIT_S)) as live,
        ):
            source.backup(live)


def _copied(source: sqlite3.Connection, to: Path) -> str:
    """Copy a database to a file that needs no other beside it; return what is wrong with it, if anything."""
    to.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(to)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            (verdict,) = target.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if verdict == "ok" else str(verdict)
