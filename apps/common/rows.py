"""Rows in and out by plain SQL, where the writing of a statement would cost more than running it."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Sequence, Sized
from itertools import chain, islice
from typing import Any

from django.db import connection
from django.db.models import Model

# SQLite binds at most 32,766 parameters by default and PostgreSQL 65,535; a row has about ten.
_ROWS_AT_ONCE = 500


def insert_rows(model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values, in the order of `fields`, each as its column takes it (dates: see `day_value`).

    Neither defaults nor the keys given are looked after: for tables that are written by the thousand.
    """
    remaining = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(remaining, _ROWS_AT_ONCE)):
            cursor.execute(_insertion(model, tuple(fields), len(batch)), list(chain.from_iterable(batch)))


def insert_row(model: type[Model], fields: Sequence[str], values: Sequence[Any]) -> int:
    """Insert one row like `insert_rows`; return its key."""
    key = connection.ops.quote_name(str(model._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(f"{_insertion(model, tuple(fields), 1)} RETURNING {key}", list(values))
        return int(cursor.fetchone()[0])


def marks(values: Sized) -> str:
    """Return a placeholder for each value, as `IN (...)` and `VALUES (...)` take them."""
    return ", ".join(["%s"] * len(values))


@functools.lru_cache(maxsize=64)
def _insertion(model: type[Model], fields: tuple[str, ...], count: int) -> str:
    quote = connection.ops.quote_name
    known = {field.name: str(field.column) for field in model._meta.concrete_fields}
    columns = ", ".join(quote(known[name]) for name in fields)
    values = f"({marks(fields)})"
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {', '.join([values] * count)}"  # noqa: S608


def moment_value(moment: dt.datetime) -> Any:
    """Return a time as this engine's driver takes it."""
    return connection.ops.adapt_datetimefield_value(moment)


def day_value(day: dt.date) -> Any:
    """Return a date as this engine's driver takes it."""
    return connection.ops.adapt_datefield_value(day)
