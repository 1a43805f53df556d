"""Who reads the books: the role, the views around migrations, the keys, and what is refused to serve."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import checks
from django.db import connection

from apps.consultor import confinement
from apps.consultor.checks import check_reading_role
from apps.consultor.tests.books import Books
from services.consultorIA import postgresql_schema, sample
from services.consultorIA.catalog import BASE_TABLES, VIEWS
from services.consultorIA.errors import NotServed, QueryError
from services.consultorIA.readers import SqliteReader, sqlite
from services.consultorIA.readers.idle import IdleSessions
from services.consultorIA.schema import SCHEMA_FILE, schema_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]


def test_schema_txt_is_what_the_catalog_says() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("view", VIEWS)
def test_the_views_have_the_columns_that_schema_txt_tells(books: Books, view: str) -> None:
    told = re.search(rf"CREATE TABLE {view} \((.*?)\);", schema_text(), re.DOTALL)
    assert told
    columns = re.findall(r"^    (\w+) \w+", told[1], re.MULTILINE)
    result = books.run(f"SELECT * FROM {view}")
    assert [name for name, _kind in result.columns] == columns
    assert books.run(f"SELECT * FROM {view} WHERE 1 = 0").columns == result.columns


def test_the_catalogs_tables_are_all_there_is_to_read(books: Books) -> None:
    assert set(connection.introspection.table_names()) >= BASE_TABLES


def test_a_session_is_taken_up_again_by_whoever_reads_the_same(books: Books) -> None:
    idle = IdleSessions(2)
    reader: Any = books.reader()
    reader._idle = idle
    with reader:
        reader.run("SELECT 1")
        session = reader._connection
    with reader:
        reader.run("SELECT 1")
        assert reader._connection is session
    stranger: Any = confinement.reader_for(books.other)
    stranger._idle = idle
    with stranger:
        assert stranger.run("SELECT COUNT(*) FROM asientos").rows == [(1,)]
        assert stranger._connection is not session
    idle.clear()


def test_idle_sessions_are_few_and_not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    class Session:
        closed = False

        def close(self) -> None:
            self.closed = True

    idle, sessions = IdleSessions(2), [Session() for _ in range(3)]
    for number, session in enumerate(sessions):
        idle.give(number, session)
    assert [session.closed for session in sessions] == [True, False, False]
    assert (idle.take(0), idle.take(1)) == (None, sessions[1])
    monkeypatch.setattr("services.consultorIA.readers.idle.IDLE_MAX_S", -1.0)
    assert idle.take(2) is None
    assert sessions[2].closed


# --- SQLite -----------------------------------------------------------------------------------------------


@pytest.mark.sqlite
def test_sqlite_is_not_served_by_a_session_that_is_not_confined(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_authorizer", lambda *_what: lambda *_asked: sqlite3.SQLITE_OK)
    with pytest.raises(NotServed):
        books.run("SELECT 1")


@pytest.mark.sqlite
def test_sqlite_without_a_file_or_tables_serves_nobody_and_makes_no_file(tmp_path: Path) -> None:
    missing = tmp_path / "no.sqlite3"
    with SqliteReader(missing, 1) as reader, pytest.raises(QueryError):
        reader.run("SELECT * FROM cuentas")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.sqlite
def test_sqlite_reads_a_file_that_was_put_in_the_place_of_another(tmp_path: Path) -> None:
    idle, file = IdleSessions(2), tmp_path / "libros.sqlite3"
    sample.write(file, [sample.small()])
    with SqliteReader(file, 1, idle=idle) as reader:
        first = reader._connected()
        assert reader.run("SELECT COUNT(*) > 0 FROM asientos").rows == [(1,)]
    sample.write(tmp_path / "otro", [])
    (tmp_path / "otro").rename(file)
    with SqliteReader(file, 1, idle=idle) as reader:
        assert reader._connected() is not first
        assert reader.run("SELECT COUNT(*) FROM asientos").rows == [(0,)]
    idle.clear()


# --- PostgreSQL -------------------------------------------------------------------------------------------


def _forget_proofs() -> None:
    from services.consultorIA.readers import postgresql

    postgresql._proved.clear()


def _as_owner(statement: str) -> None:
    """Run a statement that other sessions see at once."""
    import psycopg

    at = connection.settings_dict
    with psycopg.connect(
        dbname=at["NAME"], user=at["USER"], password=at["PASSWORD"], host=at["HOST"], port=at["PORT"] or None,
        autocommit=True,
    ) as owner:
        owner.execute(statement)


@pytest.mark.postgresql
@pytest.mark.parametrize("grant,back", [
    ("GRANT SELECT ON users TO {}", "REVOKE ALL ON users FROM {}"),
    ("GRANT SELECT (name) ON users TO {}", "REVOKE ALL ON users FROM {}"),
    ("GRANT INSERT ON accounts TO {}", "REVOKE ALL ON accounts FROM {}"),
    ("GRANT UPDATE ON ia.cuentas TO {}", "REVOKE UPDATE ON ia.cuentas FROM {}"),
    ("GRANT USAGE ON SEQUENCE users_user_id_seq TO {}", "REVOKE ALL ON SEQUENCE users_user_id_seq FROM {}"),
    ("ALTER ROLE {} CREATEDB", "ALTER ROLE {} NOCREATEDB"),
    ("GRANT pg_read_all_data TO {}", "REVOKE pg_read_all_data FROM {}"),
    ("GRANT CREATE ON SCHEMA public TO {}", "REVOKE CREATE ON SCHEMA public FROM {}"),
])
def test_postgresql_is_not_served_by_a_role_that_can_do_more(books: Books, grant: str, back: str) -> None:
    role = f'"{confinement.role_of(connection)}"'
    _forget_proofs()
    assert check_reading_role(["default"]) == []
    _as_owner(grant.format(role))
    try:
        with pytest.raises(NotServed):
            books.run("SELECT 1")
        found = check_reading_role(["default"])
        assert [(fault.id, fault.level) for fault in found][:1] == [("mosaite.W002", checks.WARNING)]
    finally:
        _as_owner(back.format(role))
        _forget_proofs()
    assert books.run("SELECT 1").rows == [(1,)]


@pytest.mark.postgresql
def test_a_key_opens_its_company_and_no_other(books: Books) -> None:
    from services.consultorIA.readers.postgresql import PostgresReader

    conninfo = confinement.conninfo(connection)
    secret = confinement._derived(connection, "key")
    ours = postgresql_schema.company_key(secret, books.company.pk)
    forged = [
        ours, f"{books.other.pk}.{ours.partition('.')[2]}", f"{books.other.pk}.", f"{books.other.pk}",
        postgresql_schema.company_key("otro secreto", books.other.pk), "", "..", "x.y",
    ]
    for key in forged:
        with PostgresReader(conninfo, books.other.pk, key) as reader, pytest.raises(NotServed):
            reader.run("SELECT 1")
    with PostgresReader(conninfo, books.company.pk, ours) as reader:
        # Past the validator, a statement may name any company: the session sees one.
        for sql in ("SELECT DISTINCT empresa FROM ia.movimientos", "SELECT DISTINCT empresa FROM ia.cuentas"):
            assert reader.execute_unchecked(sql, 10)[1] == [(books.company.pk,)]
        sql = f"SELECT * FROM ia.asientos WHERE empresa = {books.other.pk}"
        assert reader.execute_unchecked(sql, 10)[1] == []


@pytest.mark.postgresql
def test_views_go_before_a_migration_and_come_back_after_it(books: Books) -> None:
    confinement.remove_before_migrate("default")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts ALTER COLUMN name TYPE varchar(121)")
        cursor.execute("ALTER TABLE accounts ALTER COLUMN name TYPE varchar(120)")
    confinement.install_after_migrate("default")
    with connection.cursor() as cursor:
        cursor.execute("SELECT viewname FROM pg_views WHERE schemaname = 'ia'")
        assert {row[0] for row in cursor.fetchall()} == set(VIEWS)


@pytest.mark.postgresql
def test_what_stands_is_not_made_again(books: Books, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        confinement.install(connection)


@pytest.mark.postgresql
def test_an_operators_role_must_own_and_be_granted_nothing(books: Books, settings: LazySettings) -> None:
    settings.CONSULTOR_DATABASE_URL = f"postgres://{connection.settings_dict['USER']}@{connection.settings_dict['HOST']}"
    found = check_reading_role(["default"])
    assert {fault.id for fault in found} == {"mosaite.E002"}
    assert any("superuser" in str(fault.msg) for fault in found)
    settings.CONSULTOR_DATABASE_URL = "postgres://nadie@127.0.0.1:1/x"
    assert [fault.msg for fault in check_reading_role(["default"])] == ["the reading role: cannot connect"]
