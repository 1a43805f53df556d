"""What paper leaves in a text: running heads, page numbers, words cut at the end of a line.

They stand in the middle of sentences, and every page repeats them: left in, they tear passages apart.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter

PAGE_BREAK = "\f"
RUNNING_MAX = 100
# So often a line must stand beside the pages' ends to be a running head; so many lines one may have.
RUNNING_TIMES = 3
_RUNNING_LINES = 2

_PAGE = re.compile(r"(?:.{0,60}\s)?p[áa]g(?:ina|s?\.)?\s*\d{1,4}(?:\s*(?:de|/)\s*\d{1,4})?", re.IGNORECASE)
# What counts pages only where it goes on doing so: else it is a fraction, a date, a sum.
_PERHAPS_PAGE = re.compile(r"[-–—]\s*(\d{1,4})\s*[-–—]|(\d{1,4})\s*(?:de|/)\s*\d{1,4}|(\d{1,4})")
_NEVER_RUNNING = ("|", "-", "#", "`", "~")
_DIGITS = re.compile(r"\d+")
_BLANKS = re.compile(r"\s+")
_CUT_WORD = re.compile(r"(?<=[a-záéíóúüñ]{2})-\n[ \t]*(?=[a-záéíóúüñ]{2})")
# Matched backwards: a search for the end of a line would begin anew at each of its stops.
_ENDS_SENTENCE_BACKWARDS = re.compile(r"[^\w.:;!?…|]*[.:;!?…|]")


def without_page_marks(text: str) -> str:
    """Return the text without running heads and page numbers, sentences and words across them joined."""
    lines = text.replace(PAGE_BREAK, f"\n{PAGE_BREAK}\n").split("\n")
    marks = _page_marks(lines)
    if marks:
        text = "\n".join(_joined(lines, marks))
    return _CUT_WORD.sub("", text)


def _page_marks(lines: list[str]) -> set[int]:
    """Return the numbers of the lines that belong to the paper."""
    marks = {number for number, line in enumerate(lines) if line == PAGE_BREAK or _PAGE.fullmatch(line.strip())}
    marks |= _counting(lines)
    if len(marks) < RUNNING_TIMES - 1:
        return marks
    often = Counter(_pattern(line) for line in lines)
    for _line in range(_RUNNING_LINES):
        running = {number for number in _beside(lines, marks) if often[_pattern(lines[number])] >= RUNNING_TIMES}
        marks |= {
            number for number in running
            if len(lines[number].strip()) <= RUNNING_MAX and not lines[number].lstrip().startswith(_NEVER_RUNNING)
        }
    return marks


def _counting(lines: list[str]) -> set[int]:
    """Return the lines that stand alone and count 1, 2, 3 (from wherever on): three of them or more."""
    counted = [
        (number, int(next(filter(None, found.groups()))))
        for number, line in enumerate(lines)
        if (found := _PERHAPS_PAGE.fullmatch(line.strip())) and _stands_alone(lines, number)
    ]
    steps = [later - earlier for (_at, earlier), (_on, later) in itertools.pairwise(counted)]
    return {number for number, _value in counted} if len(steps) >= RUNNING_TIMES - 1 and set(steps) == {1} else set()


def _stands_alone(lines: list[str], number: int) -> bool:
    return all(not line.strip() for line in lines[max(number - 1, 0) : number] + lines[number + 1 : number + 2])


def _pattern(line: str) -> str:
    return _DIGITS.sub("0", _BLANKS.sub(" ", line.strip()))


def _beside(lines: list[str], marks: set[int]) -> set[int]:
    """Return the nearest lines with text above and below the marks, in one pass each way: there may be a million."""
    found = set()
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        nearest = -1
        for number in order:
            if number in marks:
                found.add(nearest)
            elif lines[number].strip():
                nearest = number
    return found - {-1}


def _joined(lines: list[str], marks: set[int]) -> list[str]:
    """Return the lines without the marks; a sentence that goes on behind them loses the blank lines too."""
    kept: list[str] = []
    torn = False
    for number, line in enumerate(lines):
        if number in marks:
            torn = True
        elif not line.strip() and torn:
            continue
        elif torn:
            torn = False
            while kept and not kept[-1].strip():
                kept.pop()
            goes_on = kept and not _ENDS_SENTENCE_BACKWARDS.match(kept[-1][::-1]) and line.lstrip()[:1].islower()
            kept += [line] if goes_on else ["", line]
        else:
            kept.append(line)
    return kept
