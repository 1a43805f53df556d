"""Requests under way, known to every process through the cache, so that any of them can stop one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.core.cache import cache

from apps.chat.errors import RequestRunning, UnknownRequest
from apps.users.models import User

# Longer than any answer may take: what a killed process leaves behind is forgotten.
_KEPT_S = 300
POLL_S = 0.05


def _running(request_id: str) -> str:
    return f"chat.running.{request_id}"


def _stopped(request_id: str) -> str:
    return f"chat.stopped.{request_id}"


class Running:
    """A request while it runs: `with Running(id, user): ...`; RequestRunning when the id is in use."""

    def __init__(self, request_id: str, user: User) -> None:
        self.request_id = request_id
        self._user_id = user.pk

    def __enter__(self) -> Self:
        if not cache.add(_running(self.request_id), self._user_id, _KEPT_S):
            raise RequestRunning
        cache.delete(_stopped(self.request_id))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        cache.delete_many([_running(self.request_id), _stopped(self.request_id)])

    @property
    def is_stopped(self) -> bool:
        """Whether somebody asked to stop it."""
        return bool(cache.get(_stopped(self.request_id)))

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
        until = time.monotonic() + _KEPT_S
        while not self._over.wait(POLL_S) and time.monotonic() < until:
            if self._running.is_stopped:
                self._stop()
                return


def stop(request_id: str, *, acting_user: User) -> None:
    """Ask the process that runs the request to stop it; UnknownRequest where none of the user's runs."""
    if cache.get(_running(request_id)) != acting_user.pk:
        raise UnknownRequest
    cache.set(_stopped(request_id), 1, _KEPT_S)
