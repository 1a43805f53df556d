"""How much of the books one file may hold."""

from __future__ import annotations

from apps.books.errors import ReportTooLarge

FILE_LINES_MAX = 50_000


def must_fit(lines: int, most: int = FILE_LINES_MAX) -> None:
    """Raise ReportTooLarge for more lines than a file may have."""
    if lines > most:
        raise ReportTooLarge(lines, most)
