"""Counting failed attempts to log in, in the cache that all processes share."""

from __future__ import annotations

import contextlib
import hashlib
import time

from django.conf import settings
from django.core.cache import cache

from apps.users.errors import TooManyFailures

WINDOW_S = 60


class _Counter:
    """Counts attempts under one name within the window that the first of them opened."""

    def __init__(self, name: str, limit: int) -> None:
        # Hashed: what people type as an e-mail is neither a safe key nor for the cache to keep.
        self._key = f"login.{hashlib.sha256(name.encode()).hexdigest()}"
        self._limit = limit
        now = int(time.time())
        opened = cache.add(self._key, now, WINDOW_S)
        self._since: int = now if opened else cache.get(self._key, now)
        # Named by its window and kept for longer, so that it cannot end between two calls.
        self._count = f"{self._key}.{self._since}"

    def take(self) -> None:
        """Count an attempt; TooManyFailures when the window is full."""
        cache.add(self._count, 0, 2 * WINDOW_S)
        if cache.incr(self._count) > self._limit:
            raise TooManyFailures(max(self._since + WINDOW_S - int(time.time()), 1))

    def give_back(self) -> None:
        """Uncount an attempt that did not fail."""
        with contextlib.suppress(ValueError):  # the cache was emptied meanwhile: nothing to uncount
            cache.decr(self._count)

    def clear(self) -> None:
        """Forget every attempt."""
        cache.delete_many([self._key, self._count])


class Attempt:
    """An attempt to prove who one is; it counts as failed until it succeeds.

    It is counted before the password is checked: were it counted after, as many guesses as run in
    parallel would pass for one.
    """

    def __init__(self, email: str, address: str) -> None:
        """Raise TooManyFailures when the account or the address has failed too often."""
        self._address = _Counter(f"address {address}", settings.LOGIN_FAILURES_PER_ADDRESS)
        self._account = _Counter(f"account {email}", settings.LOGIN_FAILURES_PER_ACCOUNT)
        self._address.take()
        self._account.take()

    def succeeded(self) -> None:
        """Forget the account's failures and uncount this attempt of the address."""
        self._account.clear()
        self._address.give_back()
