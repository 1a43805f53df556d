"""System checks of the reading role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.consultor.confinement import conninfo
from services.consultorIA.catalog import BASE_TABLES
from services.consultorIA.dialects import SCHEMA
from services.consultorIA.postgresql_schema import FAULTS_SQL

_MISSING = checks.Warning(
    "ConsultorIA cannot read the books: its views are not there",
    hint="Let the role of DATABASE_URL create roles (CREATEROLE), or create one that owns nothing and name it in"
    " CONSULTOR_DATABASE_URL; then run `python manage.py migrate`.",
    id="mosaite.W003",
)


def check_reading_role(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Report what the role that answers questions can do beyond reading the views.

    Of our own role a warning, for an error would stop `migrate`, which mends it; of the operator's an
    error. Whatever is reported here, the reader refuses to serve with it.
    """
    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        books = connections[alias]
        if books.vendor != "postgresql" or not set(books.introspection.table_names()) >= BASE_TABLES:
            continue
        found += [_message(fault) for fault in _faults(books)] if _has_views(books) else [_MISSING]
    return found


def _has_views(books: BaseDatabaseWrapper) -> bool:
    with books.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [SCHEMA])
        return bool(cursor.fetchone()[0])


def _faults(books: BaseDatabaseWrapper) -> list[str]:
    import psycopg

    try:
        with psycopg.connect(conninfo(books), connect_timeout=5) as session:
            return [str(row[0]) for row in session.execute(FAULTS_SQL).fetchall()]
    except psycopg.OperationalError:
        return ["cannot connect"]


def _message(fault: str) -> checks.CheckMessage:
    if settings.CONSULTOR_DATABASE_URL:
        hint = "CONSULTOR_DATABASE_URL must name a role that owns nothing and was granted nothing."
        return checks.Error(f"the reading role: {fault}", hint=hint, id="mosaite.E002")
    hint = "Run `python manage.py migrate`: it makes the role anew. Take away by hand what it was granted since."
    return checks.Warning(f"the reading role: {fault}", hint=hint, id="mosaite.W002")
