"""One run at a time, on one machine or several; a killed one gives its turn back by itself."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from django.db import connection

# Any number that no other program locks in this database.
_TURN_KEY = 0x6D6F_7361_6974


def turn() -> AbstractContextManager[bool]:
    """Hold the turn of daily tasks and give True; give False where another process holds it.

    PostgreSQL: a lock of a session of its own, which the server gives back when the process ends.
    SQLite: the kernel's lock on a file beside the database.
    """
    if connection.vendor == "postgresql":
        return _server_turn()
    name = str(connection.settings_dict["NAME"])
    if "memory" in name:
        return contextlib.nullcontext(enter_result=True)  # nobody else sees this database
    return _file_turn(Path(f"{name}.daily"))


@contextlib.contextmanager
def _server_turn() -> Iterator[bool]:
    session = connection.copy()
    try:
        with session.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_TURN_KEY])
            held = bool(cursor.fetchone()[0])
            try:
                yield held
            finally:
                if held:
                    # A pool keeps the session, and with it the lock, when we are done with it.
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_TURN_KEY])
    finally:
        session.close()


@contextlib.contextmanager
def _file_turn(path: Path) -> Iterator[bool]:
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
