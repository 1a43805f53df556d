"""Documents and their passages: cut by structure, each with its place in the source.

A passage never crosses a heading. Paragraphs, lists and tables stay whole while they fit; what does
not fit is cut between sentences. Offsets count characters of the document's text, so that a citation
opens the exact place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.chat.analysis import terms
from services.chat.pages import without_page_marks
from services.chat.structure import sections

# A sentence ends at . ! ? or … before a blank and a capital, digit, bullet or opening sign, not after an
# abbreviation or an initial.
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"»)\]*_]*\s+(?=[\"«(¿¡*_\[]*[A-ZÁÉÍÓÚÑ0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:art|arts|inc|cta|cte|ctes|nro|núm|num|sr|sra|dr|dra|ej|etc|pág|pag|cap|res|vs|aprox|amort|acum|c|p|s|d|h"
    r"|[A-ZÁÉÍÓÚÑ])\.)$",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w")
_ITEM = re.compile(r"\s*(?:[-*+•]\s|\d+[.)]\s|\d+(?:\.\d+)+[.)]?\s(?=[\"«¿¡]?[A-ZÁÉÍÓÚÑ])|[a-zñ]\)\s|\|)")
_CODE = re.compile(r"^\d[\d.]*\s+")
_BLANKS = re.compile(r"\s+")
_LINE_END = re.compile(r"\n")
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]"
)
# Other signs at which a reader sees a line end (the form feed ends a page: pages.py).
_LINE_ENDS = re.compile("\r\n|[\r\v\x1c-\x1e\x85\u2028\u2029]")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Document:
    """A text under the name that sources show; `owner` is None for everybody's, else a company's number."""

    name: str
    text: str
    owner: int | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of name, owner and text: what tells an incremental index whether it changed."""
        return hashlib.sha256(f"{self.name}\0{self.owner}\0{self.text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document's text, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """What is retrieved and cited: text[start:end] under its headings.

    `section` numbers the passages that stand under one heading; `sentences` lie within the passage
    and belong to no other, although its first characters may repeat the previous passage's last.
    """

    heading: tuple[str, ...]
    section: int
    span: Span
    sentences: tuple[Span, ...]


def clean(text: str) -> str:
    """Return the text that is indexed: plain line ends, no comments, no invisible characters, no page numbers.

    Text that readers cannot see is where instructions for a model hide.
    """
    plain = _LINE_ENDS.sub("\n", text).replace("\0", "")
    return without_page_marks(_HIDDEN.sub("", _COMMENT.sub("", plain)))


def passages(text: str, *, size: int, overlap: int) -> list[Passage]:
    """Cut a cleaned text into passages of at most `size` characters, the overlap included."""
    found: list[Passage] = []
    for section, under in enumerate(sections(text)):
        blocks = [Span(start, end) for start, end in under.blocks]
        for group in _packed(_section_pieces(text, blocks, size, overlap), size - overlap, first_room=size):
            start, end = group[0].start, group[-1].end
            if found and found[-1].section == section:
                start = _lead(text, start, overlap)
            spans = tuple(sentence for piece in group for sentence in _sentences(text, piece))
            found.append(Passage(under.heading, section, Span(start, end), spans or (Span(group[0].start, end),)))
    return found


def title_terms(heading: tuple[str, ...]) -> list[str]:
    """Return the terms of the last heading, without the code that numbers it: "11601 Mercaderías"."""
    return terms(_CODE.sub("", heading[-1])) if heading else []


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a list item or table row is a sentence of its own."""
    return [text[span.start : span.end] for span in _sentences(text, Span(0, len(text)))]


def _pieces(text: str, block: Span, room: int) -> Iterator[Span]:
    """Yield the block whole where it fits, else in lines, else in sentences, else in words."""
    if block.end - block.start <= room:
        yield block
        return
    for cut in (_lines, _sentences, _words):
        parts = list(cut(text, block))
        if len(parts) > 1:
            for group in _packed(parts, room):
                yield from _pieces(text, Span(group[0].start, group[-1].end), room)
            return
    for start in range(block.start, block.end, room):
        yield Span(start, min(start + room, block.end))


def _section_pieces(text: str, blocks: list[Span], size: int, overlap: int) -> list[Span]:
    """Return a section's blocks in pieces that fit; its first passage repeats nothing, so that all is room."""
    return [
        piece for number, block in enumerate(blocks)
        for piece in _pieces(text, block, size - overlap if number else size)
    ]


def _packed(parts: list[Span], room: int, first_room: int | None = None) -> Iterator[list[Span]]:
    """Yield runs of neighbours that fit the room together, each run as long as it can be."""
    run: list[Span] = []
    fits = first_room or room
    for part in parts:
        if run and part.end - run[0].start > fits:
            yield run
            run, fits = [], room
        run.append(part)
    if run:
        yield run


def _lines(text: str, block: Span) -> Iterator[Span]:
    return _split(text, block, _LINE_END)


def _words(text: str, block: Span) -> Iterator[Span]:
    return _split(text, block, _BLANKS)


def _sentences(text: str, block: Span) -> Iterator[Span]:
    """Yield the sentences of a block; a list item or table row is a sentence of its own."""
    for line in _merged_lines(text, block):
        start = line.start
        for match in _SENTENCE_END.finditer(text, line.start, line.end):
            if _ABBREVIATION.search(text, max(start, match.start() - 12), match.start()):
                continue
            if _ITEM.fullmatch(text, start, match.end()):  # "1." opens its item and says nothing alone
                continue
            yield Span(start, match.start())
            start = match.end()
        if _WORD.search(text, start, line.end):
            yield Span(start, line.end)


def _merged_lines(text: str, block: Span) -> Iterator[Span]:
    """Yield the block's lines, those of a wrapped paragraph or item joined."""
    lines = list(_lines(text, block))
    for index, line in enumerate(lines):
        if index and not _ITEM.match(text, line.start, line.end):
            lines[index] = Span(lines[index - 1].start, line.end)
        elif index:
            yield lines[index - 1]
    if lines:
        yield lines[-1]


def _split(text: str, block: Span, separator: re.Pattern[str]) -> Iterator[Span]:
    start = block.start
    for match in separator.finditer(text, block.start, block.end):
        if match.start() > start and text[start : match.start()].strip():
            yield Span(start, match.start())
        start = match.end()
    if start < block.end and text[start : block.end].strip():
        yield Span(start, block.end)


def _lead(text: str, start: int, overlap: int) -> int:
    """Return where the overlap begins: at a word, at most `overlap` characters before `start`."""
    lead = start - overlap
    blank = _BLANKS.search(text, lead, start)
    return blank.end() if blank else start
