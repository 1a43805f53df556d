"""The confined reader of PostgreSQL: a session of a role that sees the views of schema `ia` and nothing else.

Each statement runs by the extended protocol, which takes one, inside a READ ONLY transaction that is
rolled back; the session ends with the reader. Each view is read with the company's number written
in, and shows its rows only to a session that holds the company's key (postgresql_schema.py).
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import socket
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from typing import Any, ClassVar, cast

import psycopg
from psycopg.adapt import AdaptersMap
from psycopg.conninfo import make_conninfo
from psycopg.types.bool import BoolLoader
from psycopg.types.numeric import FloatLoader, IntLoader, NumericLoader
from psycopg.types.string import TextLoader

from services.consultorIA.confining import for_postgresql
from services.consultorIA.dialects import POSTGRES, SCHEMA
from services.consultorIA.errors import Failed, NotServed, TimedOut, TooBig
from services.consultorIA.postgresql_schema import FAULTS_SQL, KEY_SETTING, SETTINGS
from services.consultorIA.readers.base import BUSY, RESULT_BYTES_MAX, TIME_MAX_S, Reader, size_of
from services.consultorIA.readers.idle import IdleSessions
from services.consultorIA.sql_validator import Statement

SESSIONS_MAX = 8  # of one process at a time
_CONNECT_S = 5
_GRACE_S = 0.5
_PROVED_S = 300.0
_SEES = f"SELECT {SCHEMA}.empresa()"
logger = logging.getLogger(__name__)
_sessions = threading.BoundedSemaphore(SESSIONS_MAX)
_proved: dict[str, float] = {}


class PostgresReader(Reader):
    """Reads by a session of its own; `conninfo` names the reading role, `key` is the company's."""

    dialect: ClassVar[str] = POSTGRES

    def __init__(self, conninfo: str, company_id: int, key: str, *, idle: IdleSessions | None = None) -> None:
        super().__init__(company_id)
        self._idle = idle
        self._conninfo = conninfo
        self._key = key
        self._connection: psycopg.Connection[Any] | None = None

    def _execute(self, statement: Statement, rows_max: int) -> tuple[list[str], list[Sequence[Any]]]:
        return self.execute_unchecked(for_postgresql(statement, rows_max, self.company_id), rows_max)

    def execute_unchecked(self, sql: str, rows_max: int) -> tuple[list[str], list[Sequence[Any]]]:
        """Run text in the confined session without asking the validator: how this wall is tested alone."""
        connection = self._connected()
        deadline = time.monotonic() + TIME_MAX_S
        try:
            with _hung_up_after(connection, TIME_MAX_S + _GRACE_S):
                connection.execute("BEGIN READ ONLY")
                return _stream(connection, sql, rows_max)
        except psycopg.Error as error:
            raise _named(error, timed_out=time.monotonic() > deadline) from None
        finally:
            self._roll_back()

    def close(self) -> None:
        """Give the session back, or end it; the next statement takes another."""
        connection = self._connection
        if connection is not None and self._idle is not None:
            try:
                connection.execute("DISCARD ALL")
            except psycopg.Error:
                self._drop()
                return
            self._idle.give((self._conninfo, self._key), connection)
            self._release()
        self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._release()

    def _release(self) -> None:
        self._connection = None
        _sessions.release()

    def _roll_back(self) -> None:
        try:
            if self._connection is not None:
                self._connection.execute("ROLLBACK")
        except psycopg.Error:  # it broke off within a result: the session goes, and all with it
            self._drop()

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            if not _sessions.acquire(timeout=TIME_MAX_S):
                raise NotServed("all reading sessions are taken", BUSY)
            try:
                self._connection = self._kept() or _open(self._conninfo, self.company_id, self._key)
            except BaseException:
                _sessions.release()
                raise
        return self._connection

    def _kept(self) -> psycopg.Connection[Any] | None:
        """Return a session that was given back, still lives and still opens the company."""
        while self._idle is not None and (kept := self._idle.take((self._conninfo, self._key))) is not None:
            try:
                if kept.execute(_SEES).fetchone() == (self.company_id,):
                    return kept  # type: ignore[no-any-return]
            except psycopg.Error as error:
                logger.info("consultor.session_lost", extra={"error": type(error).__name__})
            kept.close()
        return None


def _open(conninfo: str, company_id: int, key: str) -> psycopg.Connection[Any]:
    # As start-up options: a statement that sets the key would show it to the role's other sessions.
    settings = {**SETTINGS, KEY_SETTING: key}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    try:
        connection: psycopg.Connection[Any] = psycopg.connect(
            make_conninfo(conninfo, options=options, connect_timeout=_CONNECT_S),
            autocommit=True, prepare_threshold=None,
        )
    except psycopg.Error as error:
        raise NotServed(f"cannot open a reading session: {type(error).__name__}") from None
    try:
        _prove(connection, conninfo, company_id)
    except (psycopg.Error, NotServed) as error:
        connection.close()
        raise NotServed(f"cannot confine the reader: {error}") from None
    return connection


@functools.cache
def _figures() -> AdaptersMap:
    """Return how values are read: figures as such, all else as the text that PostgreSQL writes.

    So an array of millions is not made into objects, and no date is too early or too late.
    """
    adapters = AdaptersMap(types=psycopg.adapters.types)
    adapters.register_loader(0, TextLoader)  # of no type in particular: any other
    for name in ("int2", "int4", "int8"):
        adapters.register_loader(name, IntLoader)
    for name in ("float4", "float8"):
        adapters.register_loader(name, FloatLoader)
    adapters.register_loader("numeric", NumericLoader)
    adapters.register_loader("bool", BoolLoader)
    return adapters


def _prove(connection: psycopg.Connection[Any], conninfo: str, company_id: int) -> None:
    """Refuse to serve with a role that could write or read a base table, or a key that opens nothing."""
    if connection.execute(_SEES).fetchone() != (company_id,):
        raise NotServed("the key does not open the company: run `python manage.py migrate`")
    if _proved.get(conninfo, 0.0) > time.monotonic():
        return
    if faults := connection.execute(FAULTS_SQL).fetchall():
        raise NotServed("; ".join(str(fault[0]) for fault in faults[:5]))
    _proved[conninfo] = time.monotonic() + _PROVED_S


@contextlib.contextmanager
def _hung_up_after(connection: psycopg.Connection[Any], seconds: float) -> Iterator[None]:
    """Break the session off when it takes longer: the server's own limit does not stop it sending a huge value."""

    def hang_up() -> None:
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _stream(connection: psycopg.Connection[Any], sql: str, rows_max: int) -> tuple[list[str], list[Sequence[Any]]]:
    """Return names (none where there is no row) and rows, taken one by one: the rest of a large result is left."""
    rows: list[Sequence[Any]] = []
    size = 0
    with connection.cursor() as cursor:
        stream = cast(Generator[Sequence[Any], None, None], cursor.stream(sql))
        with contextlib.closing(stream):  # early: the statement is cancelled
            for row in stream:
                rows.append(row)
                size += size_of(row)
                if size > RESULT_BYTES_MAX:
                    raise TooBig(f"a result beyond {RESULT_BYTES_MAX} bytes")
                if len(rows) >= rows_max:
                    break
        return [column.name for column in cursor.description or ()], rows


def _named(error: psycopg.Error, *, timed_out: bool) -> Failed:
    """Return what failed, by kind: what an engine says may repeat what stands in the rows."""
    state = error.sqlstate or ""
    if timed_out or state in ("57014", "55P03"):
        return TimedOut(f"longer than {TIME_MAX_S:g} s")
    # 42: about the statement, not about data.
    said = (error.diag.message_primary or "")[:200] if state.startswith("42") else ""
    return Failed(f"{type(error).__name__} {state} {said}".strip())
