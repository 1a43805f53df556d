"""The cache on disk and the cache in Redis, as requests see them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.test import override_settings

from apps.common.caches import SharedDiskCache


def _two_requests() -> tuple[BaseCache, BaseCache]:
    """Return the backend objects of two requests, the first of which is over."""
    first = caches.create_connection("default")
    first.set("kept", {"cents": 10000})
    first.close()
    return first, caches.create_connection("default")


def _expect_one_store(first: BaseCache, second: BaseCache) -> None:
    assert second.get("kept") == {"cents": 10000}
    assert second.add("once", 1) is True
    assert first.add("once", 1) is False
    assert second.incr("once") == first.get("once") == 2
    second.clear()
    assert first.get("kept") is None


def test_requests_share_the_disk_cache_and_do_not_open_it_again(tmp_path: Path) -> None:
    disk = {"default": {"BACKEND": "apps.common.caches.SharedDiskCache", "LOCATION": str(tmp_path)}}
    with override_settings(CACHES=disk):
        first, second = _two_requests()
        assert isinstance(first, SharedDiskCache)
        assert first._cache is second._cache
        _expect_one_store(first, second)
    assert (tmp_path / "000" / "cache.db").is_file()


@pytest.mark.redis
def test_requests_share_the_redis_cache_and_do_not_connect_again() -> None:
    first, second = _two_requests()
    assert first._cache is second._cache
    _expect_one_store(first, second)
