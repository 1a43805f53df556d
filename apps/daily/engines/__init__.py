"""Databases as files: each engine takes its whole content out, tries it, and puts it in place of all there is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from django.db import connection

from apps.daily.engines.postgresql import PostgresqlEngine
from apps.daily.engines.sqlite import SqliteEngine


class Trial(Protocol):
    """A database of its own that holds what a file says; it goes with its context."""

    @property
    def url(self) -> str:
        """Where Django finds it."""

    def dump(self, to: Path) -> None:
        """Write what it holds now to a file."""


class Engine(Protocol):
    """What backup and restore ask of an engine."""

    vendor: str
    dump_name: str

    def dump(self, to: Path) -> None:
        """Write one state of the whole database to a file; writers go on meanwhile."""

    def trial(self, dump: Path, folder: Path) -> AbstractContextManager[Trial]:
        """Load a file into a database beside ours; `folder` is for what it needs on the disk."""

    def replace(self, dump: Path) -> None:
        """Put what a file says in place of all that is in our database, in one step that nothing divides."""


def engine() -> Engine:
    """Return the engine of our database."""
    return PostgresqlEngine() if connection.vendor == "postgresql" else SqliteEngine()
