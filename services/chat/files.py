"""From a file to the Markdown that is indexed, in a process of its own.

A stranger's file may unfold to gigabytes or keep a parser busy for hours. Here it costs a child process so much
time and memory and no more, and what the parsers need in memory goes with it.
"""

from __future__ import annotations

import contextlib
import io
import re
import resource
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from services.chat.pages import PAGE_BREAK

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

TEXT_MAX = 5_000_000
PAGES_MAX = 2000
UNFOLDED_MAX = 200 * 1024 * 1024
TIMEOUT_S = 60
CPU_MAX_S = 40
MEMORY_MAX = 1 << 30
# Exit code of the child for a reason that it names; a parser that dies has another one.
_SAID_WHY = 3
_HIDDEN_TAGS = ["script", "style", "template", "noscript", "head", "nav", "iframe", "object", "svg"]
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:font-size|opacity)\s*:\s*0+(?:\.0+)?\s*(?:[a-z%]+\s*)?(?:;|$)",
    re.IGNORECASE,
)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_turns = threading.BoundedSemaphore(2)


class Unreadable(Exception):
    """No text came of a file.

    `reason` is damaged, encrypted, nested, pages (more than PAGES_MAX), long (more than TEXT_MAX characters),
    unfolds (to more than UNFOLDED_MAX bytes), costly (TIMEOUT_S, CPU_MAX_S, MEMORY_MAX) or busy: ask again.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def to_markdown(kind: str, content: bytes) -> str:
    """Return the text of a file of one of KINDS as Markdown, "" where it has none; Unreadable."""
    if not _turns.acquire(timeout=TIMEOUT_S):
        raise Unreadable("busy")
    try:
        run = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "services.chat.files", kind], cwd=Path(__file__).parents[2], input=content,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=TIMEOUT_S, check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("costly") from None
    finally:
        _turns.release()
    said = run.stdout.decode("utf-8", "replace")
    if run.returncode == _SAID_WHY:
        raise Unreadable(said)
    if run.returncode:
        raise Unreadable("costly" if run.returncode < 0 else "damaged")
    return said


def _html(page: str | bytes) -> str:
    from bs4 import BeautifulSoup
    from markdownify import MarkdownConverter

    soup = BeautifulSoup(page, "html.parser")
    for tag in soup(_HIDDEN_TAGS):
        tag.decompose()
    # Text that readers cannot see is where instructions for a model hide.
    for tag in soup.select("[hidden], [aria-hidden=true]"):
        tag.decompose()
    for tag in soup(style=_HIDDEN_STYLE):
        tag.decompose()
    return str(MarkdownConverter(heading_style="ATX", strip=["a", "img"]).convert_soup(soup))


def _html_file(content: bytes) -> str:
    try:
        return _html(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _html(content)  # the page names its charset, or it is guessed


def _docx(content: bytes) -> str:
    import mammoth

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        unfolded = sum(entry.file_size for entry in archive.infolist())
    if unfolded > UNFOLDED_MAX:
        raise Unreadable("unfolds")
    content = _without_hidden_text(content)
    # No picture is opened: one may stand outside the file, anywhere on the disk.
    unseen = mammoth.images.img_element(lambda _image: {})
    return _html(mammoth.convert_to_html(io.BytesIO(content), convert_image=unseen).value)


def _without_hidden_text(content: bytes) -> bytes:
    """Return a DOCX without the text that Word does not show: there too instructions hide."""
    shown = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(shown, "w") as copy:
        hides = [name for name in archive.namelist() if name.endswith(".xml") and b":vanish" in archive.read(name)]
        if not hides:
            return content
        for name in archive.namelist():
            part = archive.read(name)
            copy.writestr(name, _shown(part) if name in hides else part)
    return shown.getvalue()


def _shown(part: bytes) -> bytes:
    from xml.etree import ElementTree

    root = ElementTree.fromstring(part)  # noqa: S314 - expat bounds what entities unfold to
    for parent in list(root.iter()):
        for run in [child for child in parent if child.tag == f"{_WORD}r" and _is_hidden(child)]:
            parent.remove(run)
    return bytes(ElementTree.tostring(root))


def _is_hidden(run: Element) -> bool:
    told = run.find(f"{_WORD}rPr/{_WORD}vanish")
    return told is not None and told.get(f"{_WORD}val", "true") not in {"0", "false", "off"}


def _pdf(content: bytes) -> str:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("encrypted")
    if len(reader.pages) > PAGES_MAX:
        raise Unreadable("pages")
    texts: list[str] = []
    length = 0
    for page in reader.pages:
        texts.append(page.extract_text())
        length += len(texts[-1])
        if length > TEXT_MAX:
            raise Unreadable("long")
    return f"\n{PAGE_BREAK}\n".join(texts)


_CONVERTERS: dict[str, Callable[[bytes], str]] = {
    ".html": _html_file, ".htm": _html_file, ".docx": _docx, ".pdf": _pdf,
}
KINDS = frozenset(_CONVERTERS)


def _converted(kind: str, content: bytes) -> str:
    try:
        text = _CONVERTERS[kind](content)
    except Unreadable:
        raise
    except MemoryError:
        raise Unreadable("costly") from None
    except RecursionError:
        raise Unreadable("nested") from None
    except Exception:  # noqa: BLE001 - a damaged file fails in as many ways as its format has parts
        raise Unreadable("damaged") from None
    if len(text) > TEXT_MAX:
        raise Unreadable("long")
    return text


def _main() -> int:
    for limit, most in ((resource.RLIMIT_CPU, CPU_MAX_S), (resource.RLIMIT_AS, MEMORY_MAX), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # a system that does not know the limit
            resource.setrlimit(limit, (most, most))
    content = sys.stdin.buffer.read()
    try:
        text, code = _converted(sys.argv[1], content), 0
    except Unreadable as error:
        text, code = error.reason, _SAID_WHY
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return code


if __name__ == "__main__":
    sys.exit(_main())
