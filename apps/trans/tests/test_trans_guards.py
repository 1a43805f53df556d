"""The database itself refuses a wrong entry, whoever writes it."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_the_guards_stand():
    from apps.common import guards

    assert guards.faults(connection) == []
