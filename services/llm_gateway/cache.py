"""Answers of calls at temperature 0, kept for the next who asks the same."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace

from services.llm_gateway.calls import Completion, Usage
from services.llm_gateway.control import CancelToken, seconds_left
from services.llm_gateway.errors import DeadlineExceeded

KEPT_S = 3600.0
POLL_S = 0.02


class AnswerCache:
    """Keeps the last `size` answers for an hour, and lets one of several equal calls go first.

    The others wait for it; when it fails, the next of them goes. Safe across threads and loops.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[float, Completion]] = OrderedDict()
        self._under_way: dict[Hashable, threading.Event] = {}

    def look(self, key: Hashable) -> Completion | threading.Event | None:
        """Return the kept answer, what to wait for, or None: then the caller leads and must `end`."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept[0] > time.monotonic():
                self._kept.move_to_end(key)
                return replace(kept[1], cached=True, cost_usd=0.0, usage=Usage(), attempts=(), elapsed_ms=0)
            under_way = self._under_way.get(key)
            if under_way is None:
                self._under_way[key] = threading.Event()
            return under_way

    def wait(self, under_way: threading.Event, token: CancelToken, deadline: float) -> None:
        """Wait for the one who leads; raise Cancelled or DeadlineExceeded."""
        while not under_way.wait(min(POLL_S, seconds_left(deadline))):
            token.check()
            if seconds_left(deadline) <= 0:
                raise DeadlineExceeded

    def end(self, key: Hashable, answer: Completion | None) -> None:
        """Keep the leader's answer, if there is one, and let the others go on."""
        with self._lock:
            if answer is not None:
                self._kept[key] = (time.monotonic() + KEPT_S, answer)
                self._kept.move_to_end(key)
                while len(self._kept) > self._size:
                    self._kept.popitem(last=False)
            under_way = self._under_way.pop(key, None)
        if under_way is not None:
            under_way.set()

    def after_fork(self) -> None:
        """Forget who leads: the leaders' threads stayed in the parent."""
        self._lock = threading.Lock()
        self._under_way = {}
