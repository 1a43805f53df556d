"""Which bodies are read at all, judged by what their headers announce."""

from __future__ import annotations

import re

from django.conf import settings

LENGTH_REQUIRED, TOO_LARGE = 411, 413
_NOT_DIGITS = re.compile(r"[^0-9]")
_DIGITS_MAX = 18


def refused(content_length: str, transfer_encoding: str) -> int | None:
    """Return the status that refuses a body, None for one that may be read.

    Above DATA_UPLOAD_MAX_MEMORY_SIZE it is too large, without a length it could be endless.
    """
    if "chunked" in transfer_encoding.lower():
        return LENGTH_REQUIRED
    length = _NOT_DIGITS.sub("", content_length)
    if len(length) > _DIGITS_MAX or (length and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE):
        return TOO_LARGE
    return None
