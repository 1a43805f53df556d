"""Where a passage stands, in words that outlive a rebuild, and what stands there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.chat.generation import Generation
from services.chat.injection import harmless

# Characters of the document that are told before and after a passage.
AROUND = 600
_PLACE = re.compile(r"([0-9a-f]{16}):(\d{1,9})-(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Place:
    """A passage in its document: text[start:end], and some of what stands before and after it."""

    chunk_id: str
    name: str
    heading: str
    before: str
    text: str
    after: str
    start: int
    end: int


def chunk_id(generation: Generation, passage: int) -> str:
    """Return a passage's place: the document's digest and the offsets. A changed document has other ones."""
    document = generation.document_of(passage)
    _section, start, end, _first = (int(number) for number in generation.spans[passage])
    return f"{document.digest[:16]}:{start}-{end}"


def open_place(generation: Generation, wanted: str, owner: int | None) -> Place | None:
    """Return what stands at a place of everybody's or the owner's documents; None where it is no more."""
    match = _PLACE.fullmatch(wanted)
    if match is None:
        return None
    digest, start, end = match.group(1), int(match.group(2)), int(match.group(3))
    for number in range(len(generation.spans)):
        document = generation.document_of(number)
        span = (int(generation.spans[number, 1]), int(generation.spans[number, 2]))
        if span == (start, end) and document.owner in {None, owner} and document.digest.startswith(digest):
            return Place(
                chunk_id=wanted,
                name=generation.name_of(number),
                heading=" > ".join(harmless(generation.section_of(number).heading)),
                before=document.text[max(start - AROUND, 0) : start],
                text=document.text[start:end],
                after=document.text[end : end + AROUND],
                start=start,
                end=end,
            )
    return None
