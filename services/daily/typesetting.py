"""PDF by typst, in a process of its own: its memory goes with it, and no page can hold up a server.

The document's text is in `documents/*.typ`, what it says comes as data and is never read as markup.
Fonts are those that the wheel carries, no date is written: the same data give the same bytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DOCUMENTS = Path(__file__).parent / "documents"
TIMEOUT_S = 30
# Each takes up to 180 MB for the pages of 2,000 lines.
_turns = threading.BoundedSemaphore(2)


class TypesettingFailed(Exception):
    """No PDF came of it: the typesetter is away, failed, or took longer than TIMEOUT_S."""


def typeset(document: str, data: Mapping[str, Any], *, tagged: bool = True) -> bytes:
    """Return the PDF of a document; tagged for those who read it aloud, at ten times the size.

    Raises TypesettingFailed.
    """
    order = json.dumps({"document": document, "data": data, "tagged": tagged}, ensure_ascii=False)
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


if __name__ == "__main__":
    sys.stdout.buffer.write(_compile(json.loads(sys.stdin.buffer.read())))
