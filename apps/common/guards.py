"""The guards: triggers by which the database itself refuses a wrong row, whoever writes it.

Each room that has some keeps them in `sql/guards.<engine>.sql`, one after the other under a line
`-- guard: <name>`. They are installed after every `migrate` (Django's remake of a SQLite table
drops its triggers without a word) and compared with these files by a system check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_HEAD = re.compile(r"^-- guard: (\w+)\n", re.MULTILINE)
_TRIGGER = re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER (\w+)\s[^;]*?\sON (\w+)")
_FUNCTION = re.compile(r"FUNCTION (\w+)\([^)]*\).*?AS \$\$(.*?)\$\$", re.DOTALL)


@dataclass(frozen=True)
class Guard:
    """One named piece of SQL and what it creates."""

    name: str
    sql: str

    @property
    def triggers(self) -> list[tuple[str, str]]:
        """(trigger, table) pairs that the SQL creates."""
        return _TRIGGER.findall(self.sql)

    @property
    def functions(self) -> dict[str, str]:
        """PostgreSQL: the body of each function by its name."""
        return dict(_FUNCTION.findall(self.sql))


def expected(vendor: str) -> list[Guard]:
    """Return all rooms' guards for an engine, in the order of INSTALLED_APPS."""
    return [guard for app in apps.get_app_configs() for guard in _read(Path(app.path), vendor)]


def _read(app_path: Path, vendor: str) -> Iterator[Guard]:
    source = app_path / "sql" / f"guards.{vendor}.sql"
    if not source.is_file():
        return
    parts = _HEAD.split(source.read_text(encoding="utf-8"))[1:]
    for name, sql in zip(parts[::2], parts[1::2], strict=True):
        yield Guard(name, sql.strip().rstrip(";"))


def faults(connection: BaseDatabaseWrapper) -> list[str]:
    """Return a sentence for each guard that is missing, changed or switched off."""
    found = _installed_sqlite(connection) if connection.vendor == "sqlite" else _installed_postgresql(connection)
    return [
        f"guard {guard.name} is missing or differs from its source"
        for guard in expected(connection.vendor)
        if not _stands(guard, found, connection.vendor)
    ]


def _stands(guard: Guard, found: dict[str, str], vendor: str) -> bool:
    if vendor == "sqlite":
        return all(found.get(trigger) == guard.sql for trigger, _table in guard.triggers)
    return all(f"{table}.{trigger}" in found for trigger, table in guard.triggers) and all(
        found.get(f"{name}()") == body for name, body in guard.functions.items()
    )


def _installed_sqlite(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())


def _installed_postgresql(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return enabled triggers as `table.trigger` and function bodies as `name()`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname || '.' || t.tgname, '' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND pg_table_is_visible(c.oid)"
            " UNION ALL SELECT proname || '()', prosrc FROM pg_proc WHERE pg_function_is_visible(oid)"
            " AND proname LIKE 'guard%' AND array_to_string(proconfig, ',') LIKE '%search_path=%'"
        )
        return dict(cursor.fetchall())


def install(connection: BaseDatabaseWrapper) -> None:
    """Bring the installed guards to what the sources say; does nothing when they already stand."""
    if not faults(connection):
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        uninstall(connection)
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true)")
        for guard in expected(connection.vendor):
            cursor.execute(guard.sql)
            for function in guard.functions:
                # Else a temporary table named like one of ours would be read in its place.
                cursor.execute(f"ALTER FUNCTION {function} SET search_path FROM CURRENT")


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Drop every guard: only around a migration or a test's clean-up."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in expected(connection.vendor):
            for trigger, table in guard.triggers:
                where = f" ON {table}" if connection.vendor == "postgresql" else ""
                if table in tables:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}{where}")


def install_after_migrate(using: str, **_kwargs: Any) -> None:
    """Receiver of post_migrate; waits until all the tables that guards stand on exist."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    wanted = {table for guard in expected(connection.vendor) for _name, table in guard.triggers}
    if wanted <= tables:
        install(connection)


def uninstall_before_migrate(using: str, **_kwargs: Any) -> None:
    """Receiver of pre_migrate: SQLite refuses to rename a table that a trigger of another names."""
    if connections[using].vendor == "sqlite":
        uninstall(connections[using])
