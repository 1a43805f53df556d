"""The pages of books, kept as files: they can be made again from the content at any time."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

from apps.books.models import DailyBook


def kept(book: DailyBook) -> bytes | None:
    """Return the pages of a book, None where they have not been made yet."""
    path = _path(book)
    return path.read_bytes() if path.is_file() else None


def keep(book: DailyBook, pages: bytes) -> None:
    """Keep the pages of a book, whole or not at all."""
    path = _path(book)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as handle:
        handle.write(pages)
    os.replace(handle.name, path)  # noqa: PTH105 - by name, on which Path is no clearer


def forget(company_id: int) -> None:
    """Remove the pages of a company's books."""
    shutil.rmtree(_folder(company_id), ignore_errors=True)


def _folder(company_id: int) -> Path:
    return Path(settings.BOOKS_DIR) / str(company_id)


def _path(book: DailyBook) -> Path:
    return _folder(book.company_id) / f"{book.pk}-{book.sha256[:16]}.pdf"
