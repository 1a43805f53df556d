"""Account codes: digits, with dots between them where a chart likes them."""

from __future__ import annotations

from collections.abc import Iterable


def extends(code: str, heading: str) -> bool:
    """Return whether `code` falls under `heading`.

    Dots are optional: 11101 and 1.1.1.01 both fall under 11 and 1.1. Where the code has dots, a
    heading must end at one of them or within the first part, so that 1.10 is no child of 1.1.
    """
    parts = code.split(".")
    digits, prefix = "".join(parts), heading.replace(".", "")
    if len(prefix) >= len(digits) or not digits.startswith(prefix):
        return False
    ends, end = set(range(1, len(parts[0]))), 0
    for part in parts[:-1]:
        end += len(part)
        ends.add(end)
    return len(parts) == 1 or len(prefix) in ends


def heading_of(code: str, headings: Iterable[str]) -> str | None:
    """Return the longest heading that `code` extends; between two spellings, the first in order."""
    above = sorted(heading for heading in headings if extends(code, heading))
    return max(above, key=lambda heading: len(heading.replace(".", "")), default=None)
