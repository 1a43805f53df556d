"""What of a model's words is kept: each sentence that a passage bears, with its sources."""

from __future__ import annotations

import re

from services.chat.analysis import fold
from services.chat.answering import Plan, Reply, SourceWire, quote, readable_sentences, refuse, source
from services.chat.grounding import ground, nearest
from services.chat.markup import plain

_REFUSAL = re.compile(r"\bno (?:esta|figura|aparece) en los (?:documentos|pasajes)\b")
_ENDED = re.compile(r"[.!?…\]]\s*$")


def check(made: Plan, written: str, provider: str, *, cut_off: bool = False) -> Reply:
    """Return what of a model's words stands in the passages, with their sources renumbered.

    What no passage bears is dropped, and the last sentence of one that was `cut_off` in the middle of it; when
    nothing is left, the sentences are quoted instead.
    """
    hits, generation = dict(enumerate(made.found.hits, start=1)), made.generation
    passages = {number: readable_sentences(generation, hit.passage) for number, hit in hits.items()}
    above = {number: " ".join(generation.section_of(hit.passage).heading) for number, hit in hits.items()}
    written = "".join(char for char in written if char.isprintable() or char.isspace())
    claims = ground(written, passages, above, _without_marks)
    if cut_off and not _ENDED.search(written):
        claims = claims[:-1]
    judged = [claim for claim in claims if not _REFUSAL.search(fold(claim.text))]
    kept = [claim for claim in judged if claim.citations]
    if not kept:
        refused = _REFUSAL.search(fold(written)) is not None
        return refuse(provider) if refused and not judged else quote(made)
    order = list(dict.fromkeys(number for claim in kept for number in claim.citations))
    renumbered = {number: place for place, number in enumerate(order, start=1)}
    text = " ".join(
        f"{claim.text} " + "".join(f"[{renumbered[number]}]" for number in claim.citations) for claim in kept
    )
    sources = [
        source(made, made.found.hits[number - 1].passage, nearest(
            passages[number], " ".join(claim.text for claim in kept if number in claim.citations)
        ))
        for number in order
    ]
    dropped = tuple(claim.text for claim in judged if not claim.citations)
    return Reply(text, sources, context_used=True, grounded=not dropped, provider=provider, dropped=dropped)


def _without_marks(raw: str) -> str:
    """Return a sentence without marks; the cells of a table are one statement."""
    return plain(raw).replace("; ", ", ") if raw.lstrip().startswith("|") else plain(raw)


def offered(made: Plan) -> list[SourceWire]:
    """Return the passages that a model is given, as sources: which ones bear its words is known at the end only."""
    return [
        source(made, hit.passage, nearest(readable_sentences(made.generation, hit.passage), made.question))
        for hit in made.found.hits
    ]
