"""`init_config`."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.config.models import Config


def test_it_keeps_what_is_there(business_mode, capsys):
    call_command("init_config")
    call_command("init_config")
    assert Config.objects.get().system_mode is True
    assert "DD/MM/YYYY" in capsys.readouterr().out


def test_it_makes_a_lost_row(db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM config")
    call_command("init_config")
    assert Config.objects.get().currency == "ARS"


def test_it_fails_with_a_hint_before_migrate(db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE config RENAME TO elsewhere")
    with pytest.raises(CommandError, match="migrate"):
        call_command("init_config")
