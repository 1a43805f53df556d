"""What a file is, by its bytes: neither its name nor what the sender says of it is believed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax import ContentHandler, SAXException

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_XML_HEAD = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml\s")


@dataclass(frozen=True, slots=True)
class Kind:
    """A type that is taken: its name on the wire, the ends that a name of it has, and how it is known."""

    content_type: str
    extensions: tuple[str, ...]
    matches: Callable[[bytes], bool]


def _is_text(content: bytes) -> bool:
    """Return whether it is text and nothing else that is made of text: a cut PDF, HTML, SVG."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text) and not text.lstrip().startswith(("<", "%PDF"))


def _is_xml(content: bytes) -> bool:
    """Return whether it is well-formed XML without entities of its own, such as the tax office's."""
    if not _XML_HEAD.match(content):
        return False
    try:
        parseString(content, ContentHandler(), forbid_dtd=True)  # no tree is built of it
    except (SAXException, DefusedXmlException, LookupError, ValueError):  # LookupError: an encoding nobody knows
        return False
    return True


KINDS = (
    Kind("application/pdf", (".pdf",), lambda found: found.startswith(b"%PDF-") and b"%%EOF" in found[-2048:]),
    Kind("image/png", (".png",), lambda found: found.startswith(b"\x89PNG\r\n\x1a\n") and found[12:16] == b"IHDR"),
    Kind("image/jpeg", (".jpg", ".jpeg"), lambda found: found.startswith(b"\xff\xd8\xff")),
    Kind("image/webp", (".webp",), lambda found: found.startswith(b"RIFF") and found[8:12] == b"WEBP"),
    Kind("application/xml", (".xml",), _is_xml),
    Kind("text/plain; charset=utf-8", (".txt",), _is_text),
)


def kind_of(content: bytes) -> Kind | None:
    """Return what the bytes are; None where it is nothing that is taken."""
    return next((kind for kind in KINDS if kind.matches(content)), None)


def named_after(name: str, kind: Kind, *, most: int) -> str:
    """Return a name to show and to download under: the last part, without controls, ending as its kind does."""
    bare = _CONTROL.sub("", name.replace("\\", "/").rsplit("/", maxsplit=1)[-1]).strip(" .") or "documento"
    stem, dot, end = bare.rpartition(".")
    if dot and f".{end.lower()}" in kind.extensions:
        return f"{stem[: most - len(end) - 1] or 'documento'}.{end.lower()}"
    return f"{bare[: most - len(kind.extensions[0])]}{kind.extensions[0]}"
