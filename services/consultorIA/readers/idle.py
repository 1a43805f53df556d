"""Confined sessions between two questions: to open one costs more than most questions."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Protocol

IDLE_MAX_S = 60.0


class Session(Protocol):
    """A connection of either engine."""

    def close(self) -> Any:
        """Close it."""


class IdleSessions:
    """Keeps up to `limit` sessions, each under what it may read, for IDLE_MAX_S seconds; safe across threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[int, tuple[Hashable, float, Session]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: Hashable) -> Any:
        """Return a session that was given under the same key, the caller's from now on; None without one."""
        with self._lock:
            self._drop_old()
            for number, (kept_under, _since, session) in reversed(self._kept.items()):
                if kept_under == key:
                    del self._kept[number]
                    return session
        return None

    def give(self, key: Hashable, session: Session) -> None:
        """Keep a session for the next caller, in place of the one that has waited longest."""
        with self._lock:
            self._kept[id(session)] = (key, time.monotonic(), session)
            self._drop_old()

    def clear(self) -> None:
        """Close them all."""
        with self._lock:
            while self._kept:
                self._drop_first()

    def _drop_old(self) -> None:
        until = time.monotonic() - IDLE_MAX_S
        while self._kept and (len(self._kept) > self._limit or next(iter(self._kept.values()))[1] < until):
            self._drop_first()

    def _drop_first(self) -> None:
        _number, (_key, _since, session) = self._kept.popitem(last=False)
        session.close()
