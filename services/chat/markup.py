"""Text without its marks of Markdown and HTML."""

from __future__ import annotations

import re

from services.chat.tables import is_row, named

_MARKUP = re.compile(
    r"^\s*(?:[-*+•]|\d+[.)]|>|#{1,6})\s+|[*`]{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|!?\[([^\]]*)\]\([^)]*\)|</?[A-Za-z!][^<>]*>"
)
_BLANKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """Return a sentence without marks of Markdown or HTML and with single blanks; a table row reads as a list.

    What is left is text wherever it is shown: a link or a picture would call whoever put it there.
    """
    if is_row(text):
        text = named(text, "")
    bare = _MARKUP.sub(lambda match: match.group(1) or "", text)
    return _BLANKS.sub(" ", bare).strip()
