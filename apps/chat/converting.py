"""From an uploaded file to the Markdown that is indexed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import PurePath

from django.utils.translation import gettext as _

from apps.chat.errors import UnreadableDocument
from services.chat.pages import PAGE_BREAK

BYTES_MAX = 20 * 1024 * 1024
TEXT_MAX = 5_000_000
PAGES_MAX = 2000
# What a small archive may unfold to: DOCX is a zip, and a zip can hold a bomb.
UNFOLDED_MAX = 200 * 1024 * 1024


def text_of(name: str, content: bytes) -> str:
    """Return a document's text; UnreadableDocument says what is wrong with the file."""
    convert = _CONVERTERS.get(PurePath(name).suffix.lower())
    if convert is None:
        kinds = ", ".join(sorted(_CONVERTERS))
        raise UnreadableDocument(_("Files of this kind cannot be read: use one of %(kinds)s.") % {"kinds": kinds})
    if len(content) > BYTES_MAX:
        raise UnreadableDocument(_("The file is larger than 20 MB: split it."))
    text = convert(content).strip()
    if not text:
        raise UnreadableDocument(_("The file holds no text (a scanned document has only pictures)."))
    if len(text) > TEXT_MAX:
        raise UnreadableDocument(_("The document is longer than five million characters: split it."))
    return text.replace("\0", "")


def _plain(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _html(content: bytes) -> str:
    from bs4 import BeautifulSoup
    from markdownify import MarkdownConverter

    soup = BeautifulSoup(content, "html.parser")
    for tag in soup(["script", "style", "template", "noscript", "head", "nav", "iframe", "object", "svg"]):
        tag.decompose()
    for tag in soup.select("[hidden], [aria-hidden=true]"):
        tag.decompose()
    try:
        return str(MarkdownConverter(heading_style="ATX", strip=["a", "img"]).convert_soup(soup))
    except RecursionError:
        raise UnreadableDocument(_("The HTML is nested too deeply.")) from None


def _docx(content: bytes) -> str:
    import mammoth

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unfolded = sum(entry.file_size for entry in archive.infolist())
        if unfolded > UNFOLDED_MAX:
            raise UnreadableDocument(_("The file unfolds to more than 200 MB."))
        page = mammoth.convert_to_html(io.BytesIO(content)).value
    except UnreadableDocument:
        raise
    except Exception:  # noqa: BLE001 - a damaged file fails in as many ways as its format has parts
        raise UnreadableDocument(_("The file is not a readable Word document (.docx).")) from None
    return _html(page.encode())


def _pdf(content: bytes) -> str:
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument(_("The PDF is protected by a password."))
        if len(reader.pages) > PAGES_MAX:
            raise UnreadableDocument(_("The PDF has more than 2,000 pages: split it."))
        return f"\n{PAGE_BREAK}\n".join(page.extract_text() for page in reader.pages)
    except UnreadableDocument:
        raise
    except Exception:  # noqa: BLE001 - as above
        raise UnreadableDocument(_("The file is not a readable PDF.")) from None


_CONVERTERS: dict[str, Callable[[bytes], str]] = {
    ".md": _plain, ".txt": _plain, ".html": _html, ".htm": _html, ".docx": _docx, ".pdf": _pdf,
}
