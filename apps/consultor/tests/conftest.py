"""Books that other sessions can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from apps.consultor.tests.books import Books, committed_books


@pytest.fixture(scope="module")
def books(django_db_setup: None, django_db_blocker: Any) -> Iterator[Books]:
    """Two companies' books, committed: a confined session is another one."""
    with django_db_blocker.unblock(), committed_books() as made:
        yield made
