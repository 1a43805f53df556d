"""Which backups may go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Sequence


def expendable(taken: Iterable[dt.datetime], *, days: int, months: int) -> set[dt.datetime]:
    """Return those of the backups that need not be kept.

    Kept is the last of each of the latest `days` days, and of each of the latest `months` months, that
    have one: time without backups makes none of them older.
    """
    newest_first = sorted(set(taken), reverse=True)
    by_day = _last_of_each(newest_first, days, lambda at: at.date())
    by_month = _last_of_each(newest_first, months, lambda at: (at.year, at.month))
    return set(newest_first) - by_day - by_month


def _last_of_each(
    newest_first: Sequence[dt.datetime], spans: int, span_of: Callable[[dt.datetime], Hashable]
) -> set[dt.datetime]:
    """Return the newest of each span, for the newest `spans` of them."""
    newest: dict[Hashable, dt.datetime] = {}
    for at in newest_first:
        newest.setdefault(span_of(at), at)
    return set(list(newest.values())[:spans])
