"""The sample's books, written once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.consultorIA import sample, vocabulary
from services.consultorIA.readers import SqliteReader
from services.consultorIA.vocabulary import Vocabulary


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("consultor") / "muestra.sqlite3"
    sample.write(path, [sample.small(), sample.small()])
    return path


@pytest.fixture(scope="session")
def books(sample_file: Path) -> Iterator[SqliteReader]:
    with SqliteReader(sample_file, 1) as reader:
        yield reader


@pytest.fixture(scope="session")
def names(books: SqliteReader) -> Vocabulary:
    return vocabulary.read(books)
