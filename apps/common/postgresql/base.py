"""The database backend that settings name where DATABASE_URL is PostgreSQL's."""

from __future__ import annotations

import time
from typing import Any, ClassVar

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg_pool import ConnectionPool

# How long nobody tries again after the server did not answer: one request asks it in several places,
# and would wait in each for the same answer.
AWAY_S = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Remembers for AWAY_S seconds, for all threads, that the server did not answer."""

    _away: ClassVar[dict[str, tuple[float, str]]] = {}  # until when, and why, by alias
    _failures: ClassVar[dict[str, int]] = {}  # of the pool, when it last gave a connection, by alias

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection; OperationalError at once while the server did not answer just now."""
        until, why = self._away.get(self.alias, (0.0, ""))
        if time.monotonic() < until:
            raise OperationalError(why)
        try:
            connection = self._living(conn_params)
        except OperationalError as error:
            if self._is_away():
                self._away[self.alias] = time.monotonic() + AWAY_S, str(error)
            raise
        self._failures[self.alias] = self._pool_failures()
        return connection

    def _living(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection over which the server answers.

        One that a restart has cut tells of all: they are looked at and replaced together. The pool's own
        check looks at one after the other with a pause of seconds between, and gives up over it.
        """
        connection = super().get_new_connection(conn_params)
        if not self.pool or _answers(connection):
            return connection
        self.pool.putconn(connection)
        self.pool.check()
        return super().get_new_connection(conn_params)

    def _is_away(self) -> bool:
        """Whether the server was missed, rather than all connections of the pool being in use."""
        return not self.pool or self._pool_failures() > self._failures.get(self.alias, 0)

    def _pool_failures(self) -> int:
        return self.pool.get_stats().get("connections_errors", 0) if self.pool else 0


def _answers(connection: Any) -> bool:
    try:
        # Leaves no transaction open on one that was given back within a transaction, without autocommit.
        ConnectionPool.check_connection(connection)
    except OperationalError:
        return False
    return True
