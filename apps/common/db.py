"""How the rooms write and read: units of work and snapshots."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import logging
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.models import BigIntegerField, F, Model, QuerySet, Sum

from apps.common.errors import AppError, Busy, GuardRefused

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=Model)

ATTEMPTS_MAX = 5
MONEY_MAX = 2**63 - 1
# serialization_failure, deadlock_detected, lock_not_available
_RETRY_STATES = {"40001", "40P01", "55P03"}
_GUARD = re.compile(r"mosaite:([a-z_]+)")
_FOREIGN_KEY = re.compile("FOREIGN KEY constraint failed|violates foreign key constraint")
_inside_unit: ContextVar[bool] = ContextVar("inside_unit", default=False)


def unit_of_work(action: Callable[P, R]) -> Callable[P, R]:
    """Make `action` all or nothing and durable, repeated when the engine asks for it.

    An action called by another joins the outer one's unit. A refusal by the database's guards is
    raised as the AppError that owns its code. After ATTEMPTS_MAX collisions raises Busy. The action
    must be safe to run again from the start: its effects outside the database go to `on_commit`.
    """

    @functools.wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _inside_unit.get():
            return action(*args, **kwargs)
        for attempt in range(1, ATTEMPTS_MAX + 1):
            token = _inside_unit.set(True)
            try:
                with turn_to_write(), transaction.atomic(durable=True):
                    return action(*args, **kwargs)
            except IntegrityError as error:
                raise _named(error) from error
            except OperationalError as error:
                if not _is_collision(error):
                    raise
                logger.info("unit.retried", extra={"action": action.__name__, "attempt": attempt})
            finally:
                _inside_unit.reset(token)
            time.sleep(random.uniform(0.005, 0.03) * attempt)  # noqa: S311 - jitter, not a secret
        raise Busy

    return run


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """Read several queries from one state of the books, without blocking a writer.

    SQLite: a DEFERRED transaction in place of the writers' IMMEDIATE. PostgreSQL: REPEATABLE READ,
    READ ONLY. Inside another transaction it adds nothing.
    """
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "sqlite":
        connection.ensure_connection()  # the wrapper has no mode before
        # django-stubs knows only the base wrapper.
        sqlite: Any = connection
        mode, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                sqlite.transaction_mode = mode
                yield
        finally:
            sqlite.transaction_mode = mode
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def give_back_connection() -> None:
    """Let others have the thread's connection until it is needed again; within a transaction do nothing.

    Call before a long wait for something else. SQLite's stays open: nobody waits for it.
    """
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def lock_row(rows: QuerySet[M]) -> QuerySet[M]:
    """Lock the rows until the unit ends where the engine locks rows; SQLite locks the whole file.

    NO KEY: foreign keys to the row are looked up at commit, when a unit holds all its other locks;
    a lock that kept them waiting there would close a ring.
    """
    if not connection.features.has_select_for_update_of:
        return rows
    return rows.select_for_update(of=("self",), no_key=True)


def exact_sums(rows: QuerySet[Any], *fields: str) -> tuple[int, ...]:
    """Return the exact sum of each bigint field over `rows`, without overflow."""
    found = rows.aggregate(**exact_parts(*fields))
    return tuple(exact_sum(found, field) for field in fields)


def exact_parts(*fields: str) -> dict[str, Sum]:
    """Return the aggregates that `exact_sum` puts together, for `annotate` or `aggregate`.

    SQLite's SUM fails beyond 64 bits; summing high and low halves cannot, below 2**31 rows.
    """
    parts = {}
    for field in fields:
        name = field.replace("__", "_")
        parts[f"{name}_high"] = Sum(F(field).bitrightshift(32), output_field=BigIntegerField())
        parts[f"{name}_low"] = Sum(F(field).bitand(0xFFFFFFFF), output_field=BigIntegerField())
    return parts


def exact_sum(found: Mapping[str, Any], field: str) -> int:
    """Return the sum of a field from a row with its `exact_parts`."""
    name = field.replace("__", "_")
    return (int(found[f"{name}_high"] or 0) << 32) + int(found[f"{name}_low"] or 0)


def _named(error: IntegrityError) -> Exception:
    if match := _GUARD.search(str(error)):
        return AppError.for_code(match.group(1))
    if _FOREIGN_KEY.search(str(error)):
        # Looked up at commit: what the unit built on was deleted meanwhile.
        return GuardRefused()
    return error


def _is_collision(error: DatabaseError) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    if state is not None:
        return state in _RETRY_STATES
    return "locked" in str(error) or "busy" in str(error)


# --- SQLite: one writer at a time, in turn --------------------------------------------------------

_thread_turn = threading.Lock()


@contextlib.contextmanager
def turn_to_write() -> Iterator[None]:
    """Hold the file lock beside the SQLite file while writing; nothing to do elsewhere.

    SQLite's own busy handler sleeps and polls: under 16 writers some starve for seconds and some
    fail. A kernel lock wakes the next one at once. The thread lock keeps threads of one process
    from opening a descriptor each.
    """
    path = connection.settings_dict["NAME"] if connection.vendor == "sqlite" else None
    if not path or "memory" in str(path):
        yield
        return
    with _thread_turn, Path(f"{path}.turn").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
