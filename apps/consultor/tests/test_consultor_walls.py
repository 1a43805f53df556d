"""The walls behind the validator, each alone, and all together under generated statements.

An attack that the validator would refuse is run straight in the confined session, as if the validator
had let it pass: it may change no row, show no canary, and outlive no time.
"""

from __future__ import annotations

import contextlib
import importlib
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, event, given, settings

from apps.consultor.tests.books import CANARY, CANARY_MINOR, Books, contents
from apps.consultor.tests.generated import honest, hostile
from services.consultorIA import postgresql_schema
from services.consultorIA.catalog import BASE_TABLES, VIEWS
from services.consultorIA.errors import Failed, QueryError, Rejected
from services.consultorIA.readers import Reader
from services.consultorIA.sql_validator import limpiar_sql, read
from services.consultorIA.tests.statements import ATTACKS, BENIGN, Statement

DIALECT = "postgres" if connection.vendor == "postgresql" else "sqlite"
TIME_S = 0.5
SLACK_S = 1.5  # of a machine that has other things to do
AMOUNTS = {str(CANARY_MINOR), f"{CANARY_MINOR // 100}.{CANARY_MINOR % 100}"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]


@pytest.fixture(scope="module", autouse=True)
def _nothing_changes(books: Books) -> Iterator[None]:
    before = contents()
    yield
    assert contents() == before


@pytest.fixture(scope="module", autouse=True)
def _little_time() -> Iterator[None]:
    """Let what would take two seconds take half a one: the whole time is waited for in test_consultor_readers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(postgresql_schema.SETTINGS, "statement_timeout", str(int(TIME_S * 1000)))
        module = importlib.import_module(f"services.consultorIA.readers.{connection.vendor}")
        patch.setattr(module, "TIME_MAX_S", TIME_S)
        yield


@pytest.fixture(scope="module")
def reader(books: Books, _little_time: None) -> Iterator[Reader]:
    """One session for all: what spoils it is seen by the next."""
    with books.reader() as opened:
        yield opened


def straight(reader: Any, sql: str) -> str:
    """Return what a statement gets out of the confined session, errors included."""
    began = time.monotonic()
    try:
        names, rows = reader.execute_unchecked(sql, 200)
        got = f"{names} {rows}"
    except QueryError as error:
        got = f"{error.error_tecnico} {error.error_usuario}"
    assert time.monotonic() - began < TIME_S + SLACK_S, sql
    return got


def assert_nothing_leaked(got: str, sql: str) -> None:
    # What the statement itself says may come back.
    shown = {word for word in {CANARY, *AMOUNTS} if word in got and word not in sql}
    assert not shown, f"{sql}: {got[:500]}"


@pytest.mark.parametrize("attack", [one for one in ATTACKS if DIALECT in one.dialects], ids=str)
def test_an_attack_that_got_past_the_validator_does_nothing(reader: Reader, attack: Statement) -> None:
    assert_nothing_leaked(straight(reader, attack.sql), attack.sql)


# The planners of both engines write this out eightfold at each level, and look at no clock meanwhile: four
# levels take no time, eight take minutes. What keeps such a statement out is its weight (columns.py).
_LEVELS = range(1, 5)
_EIGHTFOLD = ", ".join(f"g{n} AS (SELECT {' || '.join('t' * 8)} AS t FROM g{n - 1})" for n in _LEVELS)
DOORS = [
    f"WITH g0 AS (SELECT 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' AS t), {_EIGHTFOLD} SELECT t FROM g{_LEVELS[-1]}",
    *[f"SELECT * FROM {schema}{table}" for table in sorted(BASE_TABLES) for schema in ("", "main.", "public.")],
    *[f"SELECT COUNT(*) FROM {table}" for table in sorted(BASE_TABLES)],
    *[f"SELECT 1 FROM {table} LIMIT 1" for table in sorted(BASE_TABLES)],
    *[f"WITH {view} AS (SELECT * FROM users) SELECT * FROM {view}" for view in VIEWS],
    *[f"WITH {view} AS (SELECT email, password FROM users) SELECT email FROM {view}" for view in VIEWS],
    "SELECT * FROM cuentas UNION SELECT email, password, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 FROM users",
    "SELECT (SELECT password FROM users LIMIT 1)",
    "SELECT * FROM cuentas WHERE EXISTS (SELECT 1 FROM users WHERE password LIKE '%zz%')",
    "SELECT legend FROM transactions WHERE company_id <> 1",
    "SELECT * FROM ia.cuentas", "SELECT * FROM ia.movimientos", "SELECT * FROM ia.usuarios WHERE empresa > 0",
    "SELECT * FROM ia_privado.secrets", "SELECT * FROM auth_group", "SELECT * FROM django_session",
    "SELECT sql FROM sqlite_master", "SELECT name, sql FROM sqlite_temp_master", "SELECT * FROM temp.sqlite_master",
    "SELECT * FROM pragma_database_list", "PRAGMA database_list", "PRAGMA table_list", "SELECT * FROM dbstat",
    "SELECT * FROM sqlite_stat1", "SELECT * FROM sqlite_dbpage",
    "INSERT INTO config (config_id) VALUES (2)", "UPDATE cuentas SET nombre = 'x'", "UPDATE accounts SET name = 'x'",
    "DELETE FROM users", "DELETE FROM usuarios", "DROP VIEW cuentas", "DROP TABLE accounts", "CREATE TABLE x (y int)",
    "CREATE TEMP TABLE x (y int)", "CREATE INDEX i ON accounts (name)", "ALTER TABLE accounts RENAME TO y",
    "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT x", "END", "VACUUM", "REINDEX", "ANALYZE", "PRAGMA query_only=OFF",
    "PRAGMA writable_schema=ON", "ATTACH ':memory:' AS x", "DETACH main", "VACUUM INTO 'x.db'",
    "SELECT load_extension('x')", "SELECT randomblob(900000000)", "SELECT printf('%900000000d', 1)",
    "SELECT group_concat(a.leyenda || b.leyenda) FROM movimientos a, movimientos b, movimientos c, movimientos d",
    "SELECT set_config('ia.llave', '2.0', false)", "SELECT set_config('transaction_read_only', 'off', false)",
    "SELECT set_config('role', 'postgres', false)", "SET ROLE postgres", "RESET ROLE", "SET statement_timeout = 0",
    "SET SESSION AUTHORIZATION postgres", "SET TRANSACTION READ WRITE", "SHOW ia.llave", "TABLE users",
    "COPY users TO STDOUT", "COPY (SELECT * FROM cuentas) TO '/srv/x'", "DO $$ BEGIN PERFORM 1; END $$",
    "SELECT pg_sleep(20)", "SELECT repeat('x', 1000000000)", "SELECT * FROM generate_series(1, 1000000000)",
    "SELECT lo_create(0)", "SELECT pg_advisory_lock(1)", "SELECT pg_notify('a', 'b')",
    "SELECT query_to_xml('SELECT * FROM users', true, true, '')", "SELECT pg_read_file('/etc/hostname')",
    "SELECT query FROM pg_stat_activity", "SELECT passwd FROM pg_shadow", "SELECT setting FROM pg_settings",
    "SELECT * FROM pg_stats", "SELECT most_common_vals FROM pg_stats", "SELECT nextval('users_user_id_seq')",
    "SELECT convert_from(pg_read_binary_file('PG_VERSION'), 'UTF8')", "SELECT currval('users_user_id_seq')",
    "SELECT * FROM users; SELECT 1", "SELECT 1; UPDATE accounts SET name = 'x'", "SELECT 1; COMMIT; DELETE FROM users",
    "EXPLAIN ANALYZE SELECT * FROM users", "DECLARE c CURSOR FOR SELECT * FROM users", "LISTEN x", "CHECKPOINT",
    "SELECT cuentas FROM cuentas", "SELECT CAST(password AS integer) FROM users", "VALUES ((SELECT email FROM users))",
    "SELECT * FROM cuentas, LATERAL (SELECT password FROM users) x", "SELECT NULL", "", ";", "-- nada",
]


@pytest.mark.parametrize("sql", DOORS)
def test_no_door_of_the_confined_session_leads_out(reader: Reader, sql: str) -> None:
    assert_nothing_leaked(straight(reader, sql), sql)
    assert reader.run("SELECT COUNT(*) FROM asientos").rows == [(3,)], "the session serves on"


@pytest.mark.parametrize("table", sorted(BASE_TABLES))
def test_base_tables_are_shut_even_to_counting(reader: Any, table: str) -> None:
    with pytest.raises(QueryError):
        reader.execute_unchecked(f"SELECT COUNT(*) FROM {table}", 10)


# --- Generated ------------------------------------------------------------------------------------------------

GENERATED = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@GENERATED
@given(sql=honest() | hostile())
def test_whatever_the_validator_passes_stays_within_the_views(reader: Reader, sql: str) -> None:
    began = time.monotonic()
    with contextlib.suppress(QueryError):
        result = reader.run(sql, limit=50)
        event("passed")
        assert_nothing_leaked(f"{result.columns} {result.rows}", sql)
    assert time.monotonic() - began < TIME_S + SLACK_S


@GENERATED
@given(sql=honest())
def test_what_is_written_anew_answers_what_was_written(reader: Any, sql: str) -> None:
    # Of a limit without an order any rows are right; and SQLite's CAST of a date is its year alone, where
    # we write DATE(...).
    if " LIMIT " in sql or (" AS DATE)" in sql and DIALECT == "sqlite"):
        return
    with contextlib.suppress(Rejected):
        statement = read(sql, DIALECT)
        assert told(lambda: reader._execute(statement, 200)) == told(lambda: reader.execute_unchecked(sql, 200))


@pytest.mark.parametrize("benign", [one for one in BENIGN if DIALECT in one.dialects], ids=str)
def test_an_honest_query_written_anew_answers_the_same(reader: Any, benign: Statement) -> None:
    statement = read(limpiar_sql(benign.sql), DIALECT)
    asked = benign.sql.removeprefix("(").removesuffix(")") if benign.name == "own-11" else benign.sql  # not SQLite's
    assert told(lambda: reader._execute(statement, 200)) == told(lambda: reader.execute_unchecked(asked, 200))


def told(run: Callable[[], Any]) -> list[str]:
    """Return the rows without their order, numbers as such; or how it failed."""
    try:
        rows = run()[1]
    except Failed as error:
        return [type(error).__name__]
    return sorted(str([cell.normalize() if isinstance(cell, Decimal) else cell for cell in row]) for row in rows)


@GENERATED
@given(sql=hostile())
def test_whatever_is_typed_stays_within_the_confined_session(reader: Reader, sql: str) -> None:
    assert_nothing_leaked(straight(reader, sql), sql)
