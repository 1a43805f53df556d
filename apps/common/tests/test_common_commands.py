"""What commands say where nothing can be done, in place of a traceback."""

from __future__ import annotations

import io
import sqlite3

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import connections

COMMANDS = sorted(name for name, app in get_commands().items() if str(app).startswith("apps."))
ARGUMENTS = {
    "clear_dahsboard_data": ["--confirm"], "clear_dashboard_data": ["--confirm"], "import_entries": ["diario.csv"],
    "export_company": ["1"], "import_mosaite": ["viejo.sqlite3"],
}
# What they do needs no table yet, or is told to them by others.
WITHOUT_TABLES = {"backup", "restore", "import_company"}
OF_A_ROW = {"render_daily_book"}


@pytest.fixture
def empty_database(monkeypatch, django_db_blocker):
    """A database as it is before the first `migrate`."""
    settings = {**connections["default"].settings_dict, "NAME": "file:empty?mode=memory"}
    monkeypatch.setitem(connections.settings, "default", settings)
    before = connections["default"]
    connections["default"] = connections.create_connection("default")
    with django_db_blocker.unblock():
        yield
        connections["default"].close()
    connections["default"] = before


@pytest.mark.sqlite
@pytest.mark.parametrize("name", sorted(set(COMMANDS) - WITHOUT_TABLES - OF_A_ROW))
def test_a_database_without_tables_is_told_in_a_sentence(name, empty_database, tmp_path, monkeypatch):
    (tmp_path / "diario.csv").write_text("asiento,fecha,leyenda,cuenta,debe,haber\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=r"manage\.py migrate") as told:
        call_command(name, *ARGUMENTS.get(name, []), stdout=io.StringIO(), stderr=io.StringIO())
    assert isinstance(told.value.__cause__.__cause__, sqlite3.OperationalError)
