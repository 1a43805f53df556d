"""From an uploaded file to the text that is indexed."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import PurePath

from django.utils.translation import gettext as _

from apps.chat.errors import UnreadableDocument
from apps.common.errors import Busy
from services.chat.files import KINDS, TEXT_MAX, Unreadable, to_markdown

BYTES_MAX = 20 * 1024 * 1024
_PLAIN = frozenset({".md", ".txt"})
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)
# One in so many characters may be a control character before a file is taken for no text.
_CONTROL_ONE_IN = 20
_WHY: dict[str, Callable[[], str]] = {
    "damaged": lambda: _("The file is damaged, or not of the kind that its name says."),
    "encrypted": lambda: _("The PDF is protected by a password."),
    "nested": lambda: _("The file is nested too deeply."),
    "pages": lambda: _("The PDF has more than 2,000 pages: split it."),
    "long": lambda: _("The document is longer than five million characters: split it."),
    "unfolds": lambda: _("The file unfolds to more than 200 MB."),
    "costly": lambda: _("Reading the file takes too much time or memory: split it."),
}


def text_of(name: str, content: bytes) -> str:
    """Return a document's text; UnreadableDocument says what is wrong with the file.

    May take a minute: not within a unit of work, which would keep all others from writing.
    """
    kind = PurePath(name).suffix.lower()
    if kind not in _PLAIN | KINDS:
        kinds = ", ".join(sorted(_PLAIN | KINDS))
        raise UnreadableDocument(_("Files of this kind cannot be read: use one of %(kinds)s.") % {"kinds": kinds})
    if len(content) > BYTES_MAX:
        raise UnreadableDocument(_("The file is larger than 20 MB: split it."))
    text = (_plain(content) if kind in _PLAIN else _converted(kind, content)).strip().replace("\0", "")
    if not text:
        raise UnreadableDocument(_("The file holds no text (a scanned document has only pictures)."))
    if len(text) > TEXT_MAX:
        raise UnreadableDocument(_WHY["long"]())
    return text


def _converted(kind: str, content: bytes) -> str:
    try:
        return to_markdown(kind, content)
    except Unreadable as error:
        if error.reason == "busy":
            raise Busy from None
        raise UnreadableDocument(_WHY[error.reason]()) from None


def _plain(content: bytes) -> str:
    text = _decoded(content)
    controls = sum(not char.isprintable() and not char.isspace() for char in text)
    if controls * _CONTROL_ONE_IN > len(text):
        raise UnreadableDocument(_("The file holds no text: it is of another kind than its name says."))
    return text


def _decoded(content: bytes) -> str:
    named = next((encoding for mark, encoding in _BOMS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(named)
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
