"""PostgreSQL that is away is told at once; one that is busy is waited for."""

from __future__ import annotations

import contextlib
import copy
import socket
import threading

import pytest
from django.db import OperationalError, connection, connections

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]
POOL = {"min_size": 0, "max_size": 1, "timeout": 0.2}


@contextlib.contextmanager
def server(pool=None, **changed):
    """Yield a way to make connection objects, as threads have them, to one server under an alias of its own."""
    from apps.common.postgresql.base import DatabaseWrapper

    settings = copy.deepcopy(connection.settings_dict) | changed
    settings["OPTIONS"]["pool"] = POOL | (pool or {})
    yield lambda: DatabaseWrapper(settings, alias="away")
    DatabaseWrapper(settings, alias="away").close_pool()
    for remembered in (DatabaseWrapper._away, DatabaseWrapper._failures):
        remembered.pop("away", None)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def attempts_of(wrapper, monkeypatch) -> list[None]:
    made: list[None] = []
    getconn = wrapper.pool.getconn
    monkeypatch.setattr(wrapper.pool, "getconn", lambda: (made.append(None), getconn())[1])
    return made


def test_the_project_uses_it():
    assert type(connections["default"]).__module__ == "apps.common.postgresql.base"


def test_a_server_that_is_away_is_asked_once_by_all(monkeypatch):
    with server(HOST="127.0.0.1", PORT=closed_port()) as connect:
        made = attempts_of(connect(), monkeypatch)
        for _thread in range(3):
            with pytest.raises(OperationalError):
                connect().ensure_connection()
        assert len(made) == 1


def test_it_is_asked_again_after_a_moment(monkeypatch):
    monkeypatch.setattr("apps.common.postgresql.base.AWAY_S", 0)
    with server(HOST="127.0.0.1", PORT=closed_port()) as connect:
        made = attempts_of(connect(), monkeypatch)
        for _attempt in range(2):
            with pytest.raises(OperationalError):
                connect().ensure_connection()
        assert len(made) == 2


def test_a_pool_whose_connections_are_all_in_use_is_waited_for():
    with server() as connect:
        first, second = connect(), connect()
        first.ensure_connection()
        with pytest.raises(OperationalError):  # 0.2 s are too short for this one
            second.ensure_connection()
        soon = threading.Timer(0.05, first.close)
        first.inc_thread_sharing()
        soon.start()
        second.ensure_connection()
        soon.join()
        second.close()


def test_a_connection_given_back_within_a_transaction_is_lent_anew():
    with server() as connect:
        first, second = connect(), connect()
        first.ensure_connection()
        first.set_autocommit(False)
        first.close()
        second.ensure_connection()
        assert second.get_autocommit()
        second.close()


def test_a_server_that_was_restarted_costs_nobody_an_error():
    with server(pool={"max_size": 4, "timeout": 5}) as connect:
        lent = [connect() for _thread in range(4)]
        for wrapper in lent:
            wrapper.ensure_connection()
        pids = [wrapper.connection.info.backend_pid for wrapper in lent]
        for wrapper in lent:
            wrapper.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [pids])
        for _request in range(6):
            wrapper = connect()
            with wrapper.cursor() as cursor:
                cursor.execute("SELECT 1")
            wrapper.close()
