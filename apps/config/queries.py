"""Reading the configuration."""

from __future__ import annotations

from django.core.cache import cache
from django.db.models import QuerySet

from apps.config.models import MODE_CACHE_KEY, MODE_CACHE_S, Config


def current_config() -> Config:
    """Return the one row, making it with its defaults where it was lost."""
    return Config.objects.get_or_create(config_id=1)[0]


def config_rows() -> QuerySet[Config]:
    """Return the one row as rows."""
    return Config.objects.order_by("config_id")


def system_mode() -> bool:
    """Return whether the system is in business mode, from the cache shared by all processes."""
    mode = cache.get(MODE_CACHE_KEY)
    if mode is None:
        mode = bool(Config.objects.values_list("system_mode", flat=True).first())
        # add, not set: a change made since the row was read has put the new mode here already.
        cache.add(MODE_CACHE_KEY, mode, MODE_CACHE_S)
    return bool(mode)
