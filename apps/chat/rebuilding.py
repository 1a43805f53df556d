"""Making the index anew, under a lease that a killed process gives back by itself."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import DatabaseError, connection

from apps.chat.actions import begin_reading, claim_rebuild, end_rebuild, keep_lease
from apps.chat.errors import AlreadyRebuilding, RebuildFailed
from apps.chat.models import IndexStatus
from apps.chat.service import assistant
from services.chat.config import ConfigurationError

logger = logging.getLogger(__name__)
# Of the whole: words take a small part of the time, vectors the rest.
_WORDS_PERCENT = 20
_BEAT_S = 15.0
# How long one waits for a process that makes the index without a lease: the demo's vectors, a console.
_PATIENCE_S = 600.0
_LOOK_S = 0.5


def rebuild(*, lease: str | None, vectors: bool = True, tell: Callable[[int], None] | None = None) -> Any:
    """Rebuild under the lease, or one claimed here; return the index's size. AlreadyRebuilding, RebuildFailed."""
    held = lease or claim_rebuild(acting_user=None)
    while True:
        succeeded = False
        try:
            with _kept(held):
                stats = _rebuild(held, vectors, tell or (lambda _percent: None))
            succeeded = True
        except (OSError, ConfigurationError) as error:
            raise RebuildFailed(str(error)) from error
        finally:
            end_rebuild(held, succeeded=succeeded)
        # Who changed a document between the last look and the end found the lease held, and left it to us.
        if not IndexStatus.objects.filter(pk=1, stale=True).exists():
            return stats
        try:
            held = claim_rebuild(acting_user=None)
        except AlreadyRebuilding:
            return stats


@contextlib.contextmanager
def _kept(lease: str) -> Iterator[None]:
    """Move the lease on while this process lives, however long a step takes."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(_BEAT_S):
            try:
                keep_lease(lease)
            except DatabaseError:
                logger.warning("chat.lease_not_kept", exc_info=True)
        connection.close()

    beating = threading.Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


def _rebuild(lease: str, vectors: bool, tell: Callable[[int], None]) -> Any:
    service = assistant()

    def words(done: int, total: int) -> None:
        step(_WORDS_PERCENT * done // max(total, 1))

    def dense(done: int, total: int) -> None:
        step(_WORDS_PERCENT + (100 - _WORDS_PERCENT) * done // max(total, 1))

    last = -1

    def step(percent: int) -> None:
        nonlocal last
        if percent > last:
            last = percent
            keep_lease(lease, percent)
            tell(percent)

    while True:
        begin_reading(lease)
        stats = _in_turn(lambda: service.rebuild_index(words, vectors=False))
        if vectors and service.configuration().dense:
            stats = _in_turn(lambda: service.with_vectors_if_any(dense))
        # A document that changed meanwhile is read in another round.
        if not IndexStatus.objects.filter(pk=1, lease=lease, stale=True).exists():
            step(100)
            return stats
        last = -1


def _in_turn(make: Callable[[], Any]) -> Any:
    """Make a part of the index once no other process does."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return make()
        except assistant().RebuildRunning:
            if time.monotonic() > until:
                raise AlreadyRebuilding from None
        time.sleep(_LOOK_S)
