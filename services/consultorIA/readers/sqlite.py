"""The confined reader of SQLite: a connection of its own that can read one company's views and nothing else.

The file is attached read-only, under a name drawn at random, to an empty database in memory: nothing
can name it. The views are temporary, made for the connection with the company's number written in.
Base tables are read only from within views whose names are drawn at random, too: the authorizer is
told the innermost view's name, and a CTE named like a public view would pass for it.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from services.consultorIA.catalog import BASE_TABLES, VIEWS
from services.consultorIA.confining import CELL_BYTES_MAX, for_sqlite
from services.consultorIA.dialects import SQLITE, select_of
from services.consultorIA.errors import Failed, NotServed, TimedOut, TooBig
from services.consultorIA.readers.base import BUSY, RESULT_BYTES_MAX, TIME_MAX_S, Reader, size_of
from services.consultorIA.readers.idle import IdleSessions
from services.consultorIA.sql_validator import SQL_CHARS_MAX, Statement

FUNCTIONS = frozenset({
    "abs", "avg", "ceil", "ceiling", "coalesce", "count", "cume_dist", "date", "dense_rank", "first_value", "floor",
    "group_concat", "ifnull", "iif", "instr", "julianday", "lag", "last_value", "lead", "length", "like", "lower",
    "ltrim", "max", "min", "ntile", "nullif", "percent_rank", "rank", "replace", "round", "row_number", "rtrim", "sign",
    "strftime", "substr", "substring", "sum", "total", "trim", "upper", "current_date", "current_timestamp",
})
_REAL = ("sqlite_", "pragma_", "dbstat", "json_")  # names that SQLite itself gives to tables
_STEPS_BETWEEN_LOOKS = 2_000
RUNNING_MAX = 4  # statements of one process at a time: each may keep a core busy for two seconds
_turns = threading.BoundedSemaphore(RUNNING_MAX)
_WAIT_S = 2.0  # for a writer who holds the file
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: CELL_BYTES_MAX,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 8 * SQL_CHARS_MAX,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000,  # steps of a program: a query of ours has some hundreds
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 400,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 20,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 20,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 500,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 1,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}


class SqliteReader(Reader):
    """Reads a file, or a shared memory database given as a `file:` URI."""

    dialect: ClassVar[str] = SQLITE

    def __init__(self, database: str | Path, company_id: int, *, idle: IdleSessions | None = None) -> None:
        super().__init__(company_id)
        self._uri = _uri(database)
        self._idle = idle
        self._key = ("sqlite", self._uri, *_identity(database), self.company_id)
        self._connection: sqlite3.Connection | None = None

    def _execute(self, statement: Statement, rows_max: int) -> tuple[list[str], list[Sequence[Any]]]:
        return self.execute_unchecked(for_sqlite(statement, rows_max), rows_max)

    def execute_unchecked(self, sql: str, rows_max: int) -> tuple[list[str], list[Sequence[Any]]]:
        """Run text on the confined connection without asking the validator: how this wall is tested alone."""
        if not _turns.acquire(timeout=TIME_MAX_S):
            raise NotServed("all turns are taken", BUSY)
        try:
            return self._run(sql, rows_max)
        finally:
            _turns.release()

    def _run(self, sql: str, rows_max: int) -> tuple[list[str], list[Sequence[Any]]]:
        connection = self._connected()
        deadline = time.monotonic() + TIME_MAX_S
        connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
        try:
            with contextlib.closing(connection.execute(sql)) as cursor:
                return [column[0] for column in cursor.description or ()], _fetch(cursor, rows_max)
        except (sqlite3.Error, sqlite3.Warning, MemoryError, OverflowError, ValueError) as error:
            # Another for the next statement: a refused VACUUM, of which the authorizer is told half, spoils it.
            self._drop()
            raise _named(error, timed_out=time.monotonic() > deadline) from None

    def close(self) -> None:
        """Give the connection back, or close it; the next statement takes another."""
        if self._connection is not None and self._idle is not None:
            self._idle.give(self._key, self._connection)
            self._connection = None
        self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None and self._idle is not None:
            self._connection = self._idle.take(self._key)
        if self._connection is None:
            self._connection = _open(self._uri, self.company_id)
        return self._connection


def _identity(database: str | Path) -> tuple[int, ...]:
    """Return what tells a file from another of the same name, such as one that was restored in its place."""
    try:
        found = Path(database).stat()
    except OSError:  # none, or in memory
        return ()
    return (found.st_dev, found.st_ino)


def _uri(database: str | Path) -> str:
    text = str(database)
    if text.startswith("file:"):
        return text
    return f"{Path(text).resolve().as_uri()}?mode=ro"


def _open(uri: str, company_id: int) -> sqlite3.Connection:
    # Autocommit: no BEGIN of the module's own. A reader passes from thread to thread, never shared at once.
    connection = sqlite3.connect(
        "file:?mode=memory", uri=True, timeout=_WAIT_S, isolation_level=None, check_same_thread=False,
        cached_statements=0,
    )
    try:
        _confine(connection, uri, company_id)
    except (sqlite3.Error, NotServed) as error:
        connection.close()
        raise NotServed(f"cannot confine the reader: {type(error).__name__}: {error}") from None
    return connection


def _confine(connection: sqlite3.Connection, uri: str, company_id: int) -> None:
    books = f"b{secrets.token_hex(16)}"
    connection.execute(f"ATTACH ? AS {books}", (uri,))
    # A sort that does not fit the cache goes to a file that is deleted already, not to the server's memory.
    for pragma in (
        "trusted_schema=OFF", "cell_size_check=ON", "temp_store=FILE", "cache_size=-8192", "recursive_triggers=OFF",
        "read_uncommitted=ON",  # of a shared memory database: nothing waits for us nor we for it
    ):
        connection.execute(f"PRAGMA {pragma}")
    hidden = {name: f"v{secrets.token_hex(16)}" for name in VIEWS}
    for name, view in VIEWS.items():
        body = select_of(view, SQLITE, company=str(company_id), tables=f"{books}.")
        connection.execute(f"CREATE TEMP VIEW {hidden[name]} AS {body}")
        connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM {hidden[name]}")  # noqa: S608
    connection.execute("PRAGMA query_only=ON")
    for limit, value in _LIMITS.items():
        connection.setlimit(limit, value)
    tables = {row[0] for row in connection.execute(f"SELECT name FROM {books}.sqlite_master")}  # noqa: S608
    connection.set_authorizer(_authorizer(books, frozenset(tables), frozenset(hidden.values())))
    _prove(connection)


def _authorizer(
    books: str, tables: frozenset[str], hidden: frozenset[str]
) -> Callable[[int, str | None, str | None, str | None, str | None], int]:
    """Return what SQLite asks, as it prepares a statement, whether each of its parts may be."""
    public = VIEWS.keys() | hidden

    def allows(action: int, first: str | None, second: str | None, database: str | None, view: str | None) -> int:
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION:
            return sqlite3.SQLITE_OK if (second or "").lower() in FUNCTIONS else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_READ:
            if database == books:
                # Rows that are only counted have no column, and SQLite then tells no view.
                inside = view in hidden or not second
                return sqlite3.SQLITE_OK if inside and first in BASE_TABLES else sqlite3.SQLITE_DENY
            if not second and first and database is None:
                # A name of the statement's own, a CTE's or a subquery's, whose rows are only counted: no real one.
                real = first in tables or first.startswith(_REAL)
                return sqlite3.SQLITE_DENY if real else sqlite3.SQLITE_OK
            # "": a subquery.
            return sqlite3.SQLITE_OK if first in public or not first else sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_DENY

    return allows


def _prove(connection: sqlite3.Connection) -> None:
    """Refuse to serve with a connection that can write or read a base table."""
    for statement in (
        "SELECT password FROM users", "SELECT name FROM sqlite_master", "SELECT name FROM sqlite_temp_master",
        "UPDATE config SET system_mode = system_mode", "CREATE TEMP TABLE prueba (x)", "PRAGMA query_only=OFF",
        "ATTACH ':memory:' AS otra",
    ):
        try:
            connection.execute(statement).close()
        except sqlite3.DatabaseError:
            continue
        raise NotServed(f"the reader is not confined: {statement}")


def _fetch(cursor: sqlite3.Cursor, rows_max: int) -> list[Sequence[Any]]:
    rows: list[Sequence[Any]] = []
    size = 0
    while len(rows) < rows_max and (row := cursor.fetchone()) is not None:
        rows.append(row)
        size += size_of(row)
        if size > RESULT_BYTES_MAX:
            raise TooBig(f"a result beyond {RESULT_BYTES_MAX} bytes")
    return rows


def _named(error: Exception, *, timed_out: bool) -> Failed:
    """Return what failed, by kind: what an engine says may repeat what stands in the rows."""
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    if timed_out or name == "SQLITE_INTERRUPT":
        return TimedOut(f"longer than {TIME_MAX_S:g} s")
    if name in ("SQLITE_TOOBIG", "MemoryError"):
        return TooBig(f"a value beyond {CELL_BYTES_MAX} bytes")
    return Failed(f"{name}: {_said(error)}" if name in ("SQLITE_ERROR", "SQLITE_AUTH") else name)


def _said(error: Exception) -> str:
    """Return the engine's words about a statement (not about data), bounded."""
    return str(error)[:200]
