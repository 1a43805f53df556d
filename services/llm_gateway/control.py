"""The caller's hand on a running call: cancelling it, and what is left of its time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from services.llm_gateway.errors import Cancelled


class CancelToken:
    """Stops the calls it was given to, from any thread, at once and for good.

    What blocks (a read, a wait) registers how to wake it; `cancel` runs these wake-ups in the
    canceller's thread, so they must not block.
    """

    def __init__(self) -> None:
        self.cancelled = False
        self._lock = threading.Lock()
        self._wakers: list[Callable[[], None]] = []

    def cancel(self) -> None:
        """Stop; calling it again does nothing."""
        with self._lock:
            self.cancelled = True
            wakers, self._wakers = self._wakers, []
        for wake in wakers:
            wake()

    def check(self) -> None:
        """Raise Cancelled when it was called."""
        if self.cancelled:
            raise Cancelled("The call was cancelled.")

    def add(self, wake: Callable[[], None]) -> None:
        """Have `wake` run on cancel; at once when that was before."""
        with self._lock:
            if not self.cancelled:
                self._wakers.append(wake)
                return
        wake()

    def discard(self, wake: Callable[[], None]) -> None:
        """Forget `wake`; it may be running at this very moment."""
        with self._lock:
            if wake in self._wakers:
                self._wakers.remove(wake)

    def sleep(self, seconds: float) -> None:
        """Wait; raise Cancelled when that comes first."""
        woken = threading.Event()
        self.add(woken.set)
        try:
            woken.wait(seconds)
        finally:
            self.discard(woken.set)
        self.check()


def seconds_left(until: float) -> float:
    """Return the seconds to a moment of the monotonic clock, 0 when it has passed."""
    return max(0.0, until - time.monotonic())
