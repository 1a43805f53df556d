"""The guards are told apart from their sources, and mended by `migrate`."""

from __future__ import annotations

import pytest
from django.core.management import call_command
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
