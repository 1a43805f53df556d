"""Making the index anew, under a lease that a killed process gives back by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.chat.actions import begin_reading, claim_rebuild, end_rebuild, keep_lease
from apps.chat.errors import AlreadyRebuilding
from apps.chat.models import IndexStatus
from apps.chat.service import assistant

# Of the whole: words take a small part of the time, vectors the rest.
_WORDS_PERCENT = 20


def rebuild(*, lease: str | None, vectors: bool = True, tell: Callable[[int], None] | None = None) -> Any:
    """Rebuild under the lease, or one claimed here; return the index's size. AlreadyRebuilding."""
    held = lease or claim_rebuild(acting_user=None)
    while True:
        succeeded = False
        try:
            stats = _rebuild(held, vectors, tell or (lambda _percent: None))
            succeeded = True
        finally:
            end_rebuild(held, succeeded=succeeded)
        # Who changed a document between the last look and the end found the lease held, and left it to us.
        if not IndexStatus.objects.filter(pk=1, stale=True).exists():
            return stats
        try:
            held = claim_rebuild(acting_user=None)
        except AlreadyRebuilding:
            return stats


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

    try:
        while True:
            begin_reading(lease)
            stats = service.rebuild_index(words, vectors=False)
            if vectors and service.configuration().dense:
                stats = service.with_vectors_if_any(dense)
            # A document that changed meanwhile is read in another round.
            if not IndexStatus.objects.filter(pk=1, lease=lease, stale=True).exists():
                return stats
            last = -1
    except service.RebuildRunning:
        raise AlreadyRebuilding from None
