"""System checks of what several rooms share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connections

from apps.common import guards


def check_guards(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Report each guard that is missing, changed or switched off in a migrated database.

    A warning, for an error would stop `migrate`, which is what mends it.
    """
    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if "transactions" not in connection.introspection.table_names():
            continue
        found += [
            checks.Warning(fault, hint="Run `python manage.py migrate`: it reinstalls the guards.", id="mosaite.W001")
            for fault in guards.faults(connection)
        ]
    return found
