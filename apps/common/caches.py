"""The cache backends, opened once per process.

Django makes a backend object per request and closes it at the end. What lies below is safe to
share between threads, and opening it anew costs more than the rest of a small request: 4 ms for
the file, a TCP connection for Redis.
"""

from __future__ import annotations

import functools
from typing import Any

from diskcache import FanoutCache
from diskcache.djangocache import DjangoCache
from django.conf import settings
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

# A cache that takes longer than this is away: the caller hears so rather than wait for it.
REDIS_TIMEOUT_S = 2
# Of 4 KB, that each thread's connection to the file keeps, which the system has in its own cache. diskcache's 8,192 are
# 32 MB, and what it maps beside them counts as the process's too.
_CACHE_PAGES = 128


def away_errors() -> tuple[type[Exception], ...]:
    """Return what the cache raises when it is away. Redis is looked at only where it is used: 0.3 s."""
    if not settings.REDIS_URL:
        return ()
    from redis.exceptions import RedisError

    return (RedisError,)


@functools.cache
def _disk(directory: str, shards: int, timeout_s: float) -> FanoutCache:
    return FanoutCache(directory, shards, timeout_s, sqlite_cache_size=_CACHE_PAGES, sqlite_mmap_size=0)


@functools.cache
def _redis(url: str) -> RedisCacheClient:
    return RedisCacheClient([url], socket_connect_timeout=REDIS_TIMEOUT_S, socket_timeout=REDIS_TIMEOUT_S)


class SharedDiskCache(DjangoCache):
    """A folder, kept over restarts and shared by processes."""

    def __init__(self, directory: str, params: dict[str, Any]) -> None:
        BaseCache.__init__(self, params)
        self._cache = _disk(str(directory), params.get("SHARDS", 1), params.get("DATABASE_TIMEOUT", 1.0))

    def close(self, **kwargs: Any) -> None:
        """Keep the file open for the next request."""


class SharedRedisCache(RedisCache):
    """A Redis server, shared by machines."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._cache = _redis(server)
