"""Text as people search it."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return `text` without case, accents or runs of blanks.

    Stored beside searched columns, so that a search is blind to accents and case on every engine.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())
