"""Requests under way, known to every process through the cache, so that any of them can stop one."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.core.cache import cache

from apps.chat.errors import RequestRunning, UnknownRequest
from apps.users.models import User

# Longer than any answer may take: what a killed process leaves behind is forgotten.
KEPT_S = 300
POLL_S = 0.05


def _key(request_id: str, user: User) -> str:
    """Return where a user's request is kept. Hashed: callers' ids may hold what a cache takes for no key."""
    return f"chat.running.{user.pk}.{hashlib.sha256(request_id.encode()).hexdigest()}"


def _stopped(run: str) -> str:
    return f"chat.stopped.{run}"


class Running:
    """A request while it runs: `with Running(id, user): ...`; RequestRunning when the user's id is in use.

    `hung_up` is set when nobody waits for the answer any more.
    """

    def __init__(self, request_id: str, user: User, hung_up: threading.Event | None = None) -> None:
        self._hung_up = hung_up or threading.Event()
        self._key = _key(request_id, user)
        # One name for each run: an order to stop that comes late does not stop the next with the same id.
        self._run = secrets.token_hex(8)

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.end()

    def begin(self) -> None:
        """Let others know that it runs; RequestRunning."""
        if not cache.add(self._key, self._run, KEPT_S):
            raise RequestRunning

    def end(self) -> None:
        """Forget it."""
        cache.delete_many([self._key, _stopped(self._run)])

    @property
    def is_stopped(self) -> bool:
        """Whether somebody asked to stop it, or has hung up."""
        return self._hung_up.is_set() or bool(cache.get(_stopped(self._run)))

    def watch(self, stop: Callable[[], None]) -> Watch:
        """Return a context in which `stop` is called from another thread once it is asked for."""
        return Watch(self, stop)


class Watch:
    """Looks for the order to stop while a thread waits for a model."""

    def __init__(self, running: Running, stop: Callable[[], None]) -> None:
        self._running = running
        self._stop = stop
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        until = time.monotonic() + KEPT_S
        while not self._over.wait(POLL_S) and time.monotonic() < until:
            if self._running.is_stopped:
                self._stop()
                return


def stop(request_id: str, *, acting_user: User) -> None:
    """Ask the process that runs the request to stop it; UnknownRequest where none of the user's runs."""
    run = cache.get(_key(request_id, acting_user))
    if run is None:
        raise UnknownRequest
    cache.set(_stopped(run), 1, KEPT_S)
