"""Where a text's headings are: those that Markdown marks, and those that only look like one.

An office's regulation, a law or the text of a PDF has no marks: its headings are lines in capitals, numbered
titles, "CAPÍTULO II", "Artículo 4.", a question with its answer below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

TITLE_MAX = 90
SHORT_TITLE_WORDS = 6
NUMBERED_TITLE_WORDS = 12
# Markdown's own levels are 1 to 6; what only looks like a heading stands below them, in this order.
_DOCUMENT, _PART, _CAPITALS, _NUMBERED, _TITLE, _LEAD, _ARTICLE = 10, 11, 12, 13, 20, 30, 40

_MARKED = re.compile(r"(#{1,6})[ \t]+(\S.*)")
# Titles stand before answers and in prompts: a longer one is a paragraph that somebody began with #.
_MARKED_MAX = 200
_UNDERLINE = re.compile(r"(?:=+|-{3,})$")
# What opens with back quotes has none behind them: else it is code within a line.
_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}(?=[^`]*$)|~{3,})(?P<named>.*)")
_NOT_A_TITLE = re.compile(r"[-*+•|>]\s|\||[a-zñ]\)")
_CLOSED = re.compile(r"[.,;:]$")
_PART_WORD = re.compile(
    r"(?:cap[ií]tulo|t[ií]tulo|secci[oó]n|anexo|ap[eé]ndice|parte|unidad|m[oó]dulo|tema|lecci[oó]n)\s+(?:\d+|[IVXLC]+|\w+)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)[.)]?\s+\S")
_ROMAN = re.compile(r"[IVXLC]{1,6}[.)]\s+\S")
_BOLD = re.compile(r"(\*\*|__)(?P<bold>[^*_].*?)\1[:.]?$")
_QUESTION = re.compile(r"(?:P(?:regunta)?[.:)]\s*|\d{1,2}[.)]\s*)?(?P<question>¿[^¿?]{3,200}\?)$")
_ARTICLE_OPENS = re.compile(r"(?:\*\*|__)?(?P<article>(?:Art(?:[ií]culo|\.)|Cl[aá]usula)\s*\d{1,4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text, which ends at the line feed alone: where it stands, without its blanks at the end."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Heading:
    """A title, its level (the smaller stands above), and whether it is also text: an article begins with its own."""

    level: int
    title: str
    is_text: bool = False
    lines: int = 1


@dataclass(slots=True)
class Section:
    """The titles above a stretch of text, outermost first, and its blocks: runs of lines without a blank one."""

    heading: tuple[str, ...]
    blocks: list[tuple[int, int]] = field(default_factory=list)


def sections(text: str) -> Iterator[Section]:
    """Yield each heading path with the blocks that stand right under it; all of the text is in one of the two."""
    reader = _Reader()
    lines = list(_lines(text))
    number = 0
    while number < len(lines):
        line = lines[number]
        reader.look_for_fence(line)
        heading = None if reader.fenced else _heading(lines, number)
        if heading:
            yield from reader.open(heading, line)
        if heading is None or heading.is_text:
            reader.take(line)
        number += heading.lines if heading else 1
    yield from reader.close()


class _Reader:
    """Keeps the path of headings and gathers the blocks below it."""

    def __init__(self) -> None:
        # The marks that opened a fence of code, while it is open.
        self.fenced = ""
        self._is_new = True
        self._path: list[tuple[int, str]] = []
        # A title that has no text yet: where another follows it, it was text itself.
        self._bare: tuple[int, _Line] | None = None
        self._blocks: list[tuple[int, int]] = []
        self._block: tuple[int, int] | None = None

    def look_for_fence(self, line: _Line) -> None:
        """Open a fence, or close the one that is open: by its own mark, as long at least, with nothing behind it."""
        found = _FENCE.match(line.text)
        if found and not self.fenced:
            self.fenced = found["mark"]
        elif found and found["mark"].startswith(self.fenced) and not found["named"].strip():
            self.fenced = ""

    def take(self, line: _Line) -> None:
        if not line.text.strip() and not self.fenced:
            self._end_block()
            return
        self._bare = None
        self._is_new = False
        self._block = (self._block[0] if self._block else line.start, line.end)

    def open(self, heading: _Heading, line: _Line) -> Iterator[Section]:
        # Capitals before anything else are the document's name.
        level = _DOCUMENT if heading.level == _CAPITALS and self._is_new else heading.level
        self._is_new = False
        yield from self._bare_as_text(level)
        yield from self._flush()
        self._path = [entry for entry in self._path if entry[0] < level] + [(level, heading.title)]
        self._bare = None if heading.is_text else (level, line)

    def close(self) -> Iterator[Section]:
        yield from self._bare_as_text(0)
        yield from self._flush()

    def _bare_as_text(self, level: int) -> Iterator[Section]:
        if self._bare and level <= self._bare[0]:
            above, line = self._bare
            self._path = [entry for entry in self._path if entry[0] < above]
            self._blocks.append((line.start, line.end))
            yield from self._flush()
        self._bare = None

    def _flush(self) -> Iterator[Section]:
        self._end_block()
        if self._blocks:
            yield Section(tuple(title for _level, title in self._path), self._blocks)
            self._blocks = []

    def _end_block(self) -> None:
        if self._block:
            self._blocks.append(self._block)
            self._block = None


def _lines(text: str) -> Iterator[_Line]:
    position = 0
    for raw in text.split("\n"):
        bare = raw.rstrip()
        yield _Line(position, position + len(bare), bare)
        position += len(raw) + 1


def _heading(lines: list[_Line], number: int) -> _Heading | None:
    text = lines[number].text
    bare = text.strip()
    if not bare:
        return None
    if (marked := _MARKED.match(text)) and 0 < len(title := marked.group(2).rstrip(" \t#")) <= _MARKED_MAX:
        return _Heading(len(marked.group(1)), title)
    before, after = (_bare(lines, number + step) for step in (-1, 1))
    if not before and _UNDERLINE.match(after) and not _bare(lines, number + 2):
        return _Heading(1 if after[0] == "=" else 2, bare, lines=2)
    if article := _ARTICLE_OPENS.match(bare):
        return _Heading(_ARTICLE, article.group("article"), is_text=True)
    if after and (lead := _BOLD.match(bare) or _QUESTION.match(bare)):
        return _Heading(_LEAD, lead.group(lead.lastgroup or 0))
    return _title(bare) if not before and not after else None


def _bare(lines: list[_Line], number: int) -> str:
    return lines[number].text.strip() if 0 <= number < len(lines) else ""


def _title(bare: str) -> _Heading | None:
    """Return the heading that a line standing alone is, None for one that is a paragraph."""
    title = bold.group("bold") if (bold := _BOLD.match(bare)) else bare
    if len(title) > TITLE_MAX or _NOT_A_TITLE.match(title) or _CLOSED.search(title):
        return None
    letters = [char for char in title if char.isalpha()]
    in_capitals = len(letters) > 2 and title == title.upper()
    if (numbered := _NUMBER.match(title)) and len(title.split()) <= NUMBERED_TITLE_WORDS:
        return _Heading((_CAPITALS if in_capitals else _NUMBERED) + numbered.group(1).count("."), title)
    if _PART_WORD.match(title) or _ROMAN.match(title):
        return _Heading(_PART, title)
    if in_capitals:
        return _Heading(_CAPITALS, title)
    if bold or _QUESTION.match(title):
        return _Heading(_LEAD, title)
    is_short = len(title.split()) <= SHORT_TITLE_WORDS and not any(char.isdigit() for char in title)
    return _Heading(_TITLE, title) if is_short and title[0].isupper() and title[-1] not in "!?…»\"" else None
