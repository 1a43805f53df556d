"""The confined reading of the books in this installation: whose views, which role, which key.

SQLite needs nothing: a reader makes its views for itself. On PostgreSQL the views stand in schema
`ia` and a role of their own reads them. They are removed before a migration, since views stand in the
way of changing their tables, and made anew after it.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.companies.models import Company
from services.consultorIA import postgresql_schema as schema
from services.consultorIA.catalog import BASE_TABLES, VIEWS
from services.consultorIA.dialects import SCHEMA

if TYPE_CHECKING:  # at run time it comes with the first question
    from services.consultorIA.readers import Reader
    from services.consultorIA.readers.idle import IdleSessions

logger = logging.getLogger(__name__)


def reader_for(company: Company) -> Reader:
    """Return a reader of the company's books; it opens nothing before its first statement. Close it."""
    if connection.vendor == "sqlite":
        from services.consultorIA.readers.sqlite import SqliteReader

        return SqliteReader(connection.settings_dict["NAME"], company.pk, idle=_idle())
    from services.consultorIA.readers.postgresql import PostgresReader

    key = schema.company_key(_derived(connection, "key"), company.pk)
    return PostgresReader(conninfo(connection), company.pk, key, idle=_idle())


@functools.cache
def _idle() -> IdleSessions | None:
    from services.consultorIA.readers.idle import IdleSessions

    limit = settings.CONSULTOR_IDLE_SESSIONS
    return IdleSessions(limit) if limit else None


# --- PostgreSQL: who reads ------------------------------------------------------------------------------


def role_of(books: BaseDatabaseWrapper) -> str:
    """Return the reading role: that of CONSULTOR_DATABASE_URL, or one of our own for this database."""
    if settings.CONSULTOR_DATABASE_URL:
        return urlsplit(settings.CONSULTOR_DATABASE_URL).username or ""
    return schema.ROLE_PREFIX + hashlib.sha256(_database(books).encode()).hexdigest()[:16]


def conninfo(books: BaseDatabaseWrapper) -> str:
    """Return how the reading role reaches the books."""
    from psycopg.conninfo import make_conninfo

    at: dict[str, Any] = books.settings_dict
    if settings.CONSULTOR_DATABASE_URL:
        # The database's name as Django has it: a test's is another.
        return make_conninfo(settings.CONSULTOR_DATABASE_URL, dbname=at["NAME"])
    kept = {name: value for name, value in at.get("OPTIONS", {}).items() if name.startswith("ssl")}
    return make_conninfo(
        "", dbname=at["NAME"], user=role_of(books), password=_derived(books, "password"), host=at["HOST"] or None,
        port=at["PORT"] or None, **kept,
    )


def _derived(books: BaseDatabaseWrapper, purpose: str) -> str:
    """Return a secret of this database that whoever knows SECRET_KEY can tell again; hexadecimal."""
    message = f"mosaite consultor {purpose} {_database(books)}"
    return hmac.new(settings.SECRET_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def _database(books: BaseDatabaseWrapper) -> str:
    return str(books.settings_dict["NAME"])


# --- PostgreSQL: around migrations ----------------------------------------------------------------------


def remove_before_migrate(using: str, **_kwargs: Any) -> None:
    """Receiver of pre_migrate."""
    books = connections[using]
    if books.vendor == "postgresql":
        _run(books, schema.removal())


def install_after_migrate(using: str, **_kwargs: Any) -> None:
    """Receiver of post_migrate; does nothing where all stands, or while a table is not there yet."""
    books = connections[using]
    if books.vendor == "postgresql" and set(books.introspection.table_names()) >= BASE_TABLES:
        install(books)


def install(books: BaseDatabaseWrapper) -> None:
    """Make the role, the views and the grants, unless they stand; log what the database does not allow.

    Also after a restore: what stands in an archive is not of this database.
    """
    role, secret = role_of(books), _derived(books, "key")
    if _installed(books, role) == (schema.fingerprint(role, secret), len(VIEWS)):
        return
    superuser, creates_roles = _ask(
        books, "SELECT rolsuper, rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    )[0]
    try:
        with transaction.atomic(using=books.alias):
            if creates_roles and not settings.CONSULTOR_DATABASE_URL:
                _run(books, schema.role_statements(role, _verifier(books, role), superuser=superuser))
            _run(books, schema.statements(role, secret))
            if superuser:
                _run(books, schema.revocations(role))
    except DatabaseError as error:
        # Without its views ConsultorIA serves nobody; everything else goes on.
        logger.warning("consultor.not_installed", extra={"error": str(error).splitlines()[0]})


def _installed(books: BaseDatabaseWrapper, role: str) -> tuple[Any, ...] | None:
    """Return what the views were made from and how many there are; None without the role."""
    found = _ask(
        books,
        "SELECT obj_description(to_regnamespace(%s), 'pg_namespace'),"
        " (SELECT COUNT(*) FROM pg_views WHERE schemaname = %s) FROM pg_roles WHERE rolname = %s",
        [SCHEMA, SCHEMA, role],
    )
    return found[0] if found else None


def _verifier(books: BaseDatabaseWrapper, role: str) -> str:
    """Return what the server keeps of the password: the password itself is in no log."""
    books.ensure_connection()
    driver: Any = books.connection
    made: bytes = driver.pgconn.encrypt_password(_derived(books, "password").encode(), role.encode(), b"scram-sha-256")
    return made.decode()


def _run(books: BaseDatabaseWrapper, statements: list[str]) -> None:
    with books.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _ask(books: BaseDatabaseWrapper, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with books.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
