"""Fixtures of the room."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from apps.recurring.tests.conftest import body, recur, template  # noqa: F401 - fixtures
from conftest import file_database


@pytest.fixture
def file_books(transactional_db: None, tmp_path: Path, settings):
    """Books in a database that other processes can open, and a data folder of their own."""
    settings.DATA_DIR = tmp_path / "data"
    settings.BACKUP_DIR = settings.DATA_DIR / "backups"
    settings.DATA_DIR.mkdir()
    with file_database(settings.DATA_DIR / "mosaite.sqlite3"):
        yield settings.DATA_DIR
        connection.close()
