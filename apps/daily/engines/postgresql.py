"""PostgreSQL: its own programs pg_dump, pg_restore and psql."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.db import DatabaseError, connection
from django.db.backends.postgresql.client import DatabaseClient
from django.utils.translation import gettext as _

from apps.consultor.confinement import install, role_of
from apps.daily.errors import ArchiveDamaged, BackupFailed, RestoreRefused, ToolMissing
from services.consultorIA.dialects import SCHEMA
from services.consultorIA.postgresql_schema import PRIVATE_SCHEMA

_CLEAR = Path(__file__).parent / "clear.postgresql.sql"
_NAME_MAX = 63
_TOLD_MAX = 500
_ATTEMPTS = 3
_TAKEN = {"23505", "42P04"}  # unique_violation while the other one is at it, duplicate_database after


class ProgramFailed(Exception):
    """A program of PostgreSQL ended with an error; the text is what it said."""


@dataclass(frozen=True)
class PostgresqlTrial:
    """A database of its own on the same server."""

    settings: dict[str, Any]

    @property
    def url(self) -> str:
        """Where Django finds it."""
        user, password = (quote(str(self.settings[key] or ""), safe="") for key in ("USER", "PASSWORD"))
        who = f"{user}:{password}" if password else user
        options = {key: value for key, value in self.settings["OPTIONS"].items() if isinstance(value, str)}
        where = {"host": self.settings["HOST"], "port": self.settings["PORT"]}
        # As parameters: a socket's folder is no host of a URL.
        query = urlencode({key: value for key, value in where.items() if value} | options)
        return f"postgres://{who}@/{quote(self.settings['NAME'], safe='')}?{query}"

    def dump(self, to: Path) -> None:
        """Write what it holds now to a file."""
        _dump(self.settings, to)


class PostgresqlEngine:
    """The database is on a server."""

    vendor = "postgresql"
    dump_name = "database.dump"

    def dump(self, to: Path) -> None:
        """Write one state of the database to a file; ToolMissing, BackupFailed."""
        try:
            _dump(connection.settings_dict, to)
        except ProgramFailed as error:
            raise BackupFailed(error) from error

    @contextmanager
    def trial(self, dump: Path, folder: Path) -> Iterator[PostgresqlTrial]:
        """Load the file into a new database on the same server; ToolMissing, RestoreRefused, ArchiveDamaged."""
        name = f"{connection.settings_dict['NAME'][: _NAME_MAX - 8]}_restore"
        made = PostgresqlTrial({**connection.settings_dict, "NAME": name})
        _make_database(name)
        try:
            try:
                _load(made.settings, dump, folder, clear=False)
            except ProgramFailed as error:
                raise ArchiveDamaged(error) from error
            yield made
        finally:
            _drop_database(name)
            _drop_reader(name)

    def replace(self, dump: Path) -> None:
        """Drop all and load the file in one transaction, which waits half a minute at most for others."""
        settings = connection.settings_dict
        connection.close()
        try:
            _load(settings, dump, dump.parent, clear=True)
        except ProgramFailed as error:
            raise RestoreRefused(error) from error
        install(connection)


def _make_database(name: str) -> None:
    try:
        for _attempt in range(_ATTEMPTS):
            _drop_database(name)
            if _created(name):
                return
        raise DatabaseError(name)
    except DatabaseError as error:
        why = _("An archive is tried in a database of its own, which could not be made (%(why)s): give the role"
                " CREATEDB.")
        raise RestoreRefused(why % {"why": str(error).strip()}) from error


def _created(name: str) -> bool:
    """Create the database; False where the name was taken meanwhile.

    For a restore that was killed the server may still be making its database, which nobody sees, and nobody
    can drop, before it is there: creating another waits for it, and fails.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)} TEMPLATE template0 ENCODING 'UTF8'")
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) not in _TAKEN:
            raise
        return False
    return True


def _drop_database(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)} WITH (FORCE)")


def _drop_reader(name: str) -> None:
    """Drop the role that the migration of the trial's database made to read it: roles are the server's."""
    trial = connection.copy()
    trial.settings_dict["NAME"] = name
    role = role_of(trial)
    if role == role_of(connection):
        return  # one that an operator has set up, for whatever database
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone():
            cursor.execute(f"DROP ROLE {connection.ops.quote_name(role)}")


def _dump(settings: dict[str, Any], to: Path) -> None:
    # Not compressed: the archive does that. Without ConsultorIA's views: `migrate` makes them for each database.
    without = [f"--exclude-schema={schema}" for schema in (SCHEMA, PRIVATE_SCHEMA)]
    how = ["--format=custom", "--compress=0", "--no-owner", "--no-privileges", *without]
    _run("pg_dump", settings, [*how, f"--file={to}"])


def _load(settings: dict[str, Any], dump: Path, folder: Path, *, clear: bool) -> None:
    script = folder / "load.sql"
    _run("pg_restore", None, ["--no-owner", "--no-privileges", "--no-comments", f"--file={script}", str(dump)])
    files = [f"--file={file}" for file in ([_CLEAR] if clear else []) + [script]]
    options = ["--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--single-transaction"]
    _run("psql", settings, [*options, *files])


def _run(tool: str, settings: dict[str, Any] | None, parameters: list[str]) -> None:
    """Run a program on a database, or on none; ToolMissing, ProgramFailed."""
    program = shutil.which(tool)
    if program is None:
        raise ToolMissing(tool)
    environment = dict(os.environ)
    if settings is not None:
        (_psql, *parameters), more = DatabaseClient.settings_to_cmd_args_env(settings, parameters)
        environment |= more or {}
    ended = subprocess.run(  # noqa: S603 - a program of PostgreSQL's, our own words
        [program, *parameters], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        errors="replace",
    )
    if ended.returncode:
        raise ProgramFailed(" ".join(ended.stderr.split())[-_TOLD_MAX:] or f"{tool}: {ended.returncode}")
