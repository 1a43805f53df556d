"""The guards are told apart from their sources, and mended by `migrate`."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.sql import emit_pre_migrate_signal
from django.db import connection

from apps.common import guards
from apps.common.checks import check_guards

pytestmark = pytest.mark.django_db


def test_migrate_mends_a_guard_that_is_gone():
    where = " ON transactions" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER transactions_seal{where}")
    assert [fault.id for fault in check_guards([connection.alias])] == ["mosaite.W001"]
    call_command("migrate", verbosity=0)
    assert guards.faults(connection) == []


@pytest.mark.sqlite
def test_migrate_takes_the_guards_away_before_it_remakes_a_table():
    """SQLite refuses to rename a table that a trigger of another names."""
    emit_pre_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
    assert len(guards.faults(connection)) == len(guards.expected("sqlite"))
    call_command("migrate", verbosity=0)
    assert guards.faults(connection) == []
