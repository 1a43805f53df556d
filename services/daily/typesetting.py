"""PDF by typst, in a process of its own: its memory goes with it, and no page can hold up a server.

The document's text is in `documents/*.typ`, what it says comes as data and is never read as markup.
Fonts are those that the wheel carries, no date is written: the same data give the same bytes.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

DOCUMENTS = Path(__file__).parent / "documents"
TIMEOUT_S = 30
_PAGE_TREE = re.compile(rb"/Type\s*/Pages\s*/Count\s+(\d+)")
# Each takes up to 180 MB for the pages of 2,000 lines.
_turns = threading.BoundedSemaphore(2)


class TypesettingFailed(Exception):
    """No PDF came of it: the typesetter is away, failed, or took longer than TIMEOUT_S."""


def typeset(document: str, data: Mapping[str, Any], *, tagged: bool = True) -> bytes:
    """Return the PDF of a document; tagged for those who read it aloud, at ten times the size.

    Raises TypesettingFailed.
    """
    return _run({"document": document, "data": data, "tagged": tagged})


def page_count(pages: bytes) -> int:
    """Return how many pages a PDF that `typeset` made has: it writes the root of its page tree first, in the clear.

    pypdf would tell it of any PDF, and takes 25 MB to load.
    """
    found = _PAGE_TREE.search(pages)
    if found is None:
        raise TypesettingFailed("no page tree")
    return int(found[1])


def together(parts: Iterable[bytes]) -> bytes:
    """Return several PDFs as one, put together by a process of its own; the parts wait for it on disk.

    Raises TypesettingFailed.
    """
    with tempfile.TemporaryDirectory(prefix="mosaite-pages-") as folder:
        paths = []
        for number, part in enumerate(parts):
            path = Path(folder) / f"{number}.pdf"
            path.write_bytes(part)
            paths.append(str(path))
        return _run({"parts": paths})


def _run(asked: Mapping[str, Any]) -> bytes:
    order = json.dumps(asked, ensure_ascii=False)
    if not _turns.acquire(timeout=TIMEOUT_S):
        raise TypesettingFailed("busy")
    try:
        run = subprocess.run(
            [sys.executable, "-m", "services.daily.typesetting"], cwd=Path(__file__).parents[2],
            input=order.encode("utf-8", "replace"), capture_output=True, timeout=TIMEOUT_S, check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TypesettingFailed(type(error).__name__) from error
    finally:
        _turns.release()
    if run.returncode != 0:
        raise TypesettingFailed(run.stderr.decode("utf-8", "replace")[-500:])
    return run.stdout


def _compile(order: Mapping[str, Any]) -> bytes:
    import typst  # 80 MB of library, for this process alone

    made = typst.compile(
        (DOCUMENTS / f"{order['document']}.typ").read_bytes(),
        sys_inputs={"data": json.dumps(order["data"], ensure_ascii=False)},
        format="pdf", ignore_system_fonts=True, pdf_tags=order["tagged"],
    )
    return bytes(made)


def _together(paths: Iterable[str]) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for path in paths:
        for page in PdfReader(path).pages:
            writer.add_page(page)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _main() -> None:
    order = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(_together(order["parts"]) if "parts" in order else _compile(order))


if __name__ == "__main__":
    _main()
