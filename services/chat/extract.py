"""Answers without a model: the best sentences, in the documents' order, under their headings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.chat.index import Generation
from services.chat.injection import speaks_to_the_model
from services.chat.retrieval import Retrieved

SENTENCES_MAX = 3
# A sentence that says much less of the question than the best one only dilutes the answer.
_SHARE_MIN = 0.45
_MARKUP = re.compile(r"^\s*(?:[-*+•]|\d+[.)]|>)\s+|[*_`]{1,3}|!?\[([^\]]*)\]\([^)]*\)")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence of a passage, as it stands there."""

    passage: int
    sentence: int
    text: str


def best_sentences(generation: Generation, found: Retrieved, count: int = SENTENCES_MAX) -> list[Quoted]:
    """Return the sentences that say most of what was asked, in the order of documents and passages."""
    scored = sorted(
        (
            (score + 0.5 * hit.score, hit.passage, sentence, score)
            for hit in found.hits
            for sentence, score in hit.sentence_scores.items()
            if not speaks_to_the_model(generation.sentence(hit.passage, sentence))
        ),
        reverse=True,
    )
    if not scored:
        return []
    top, _passage, first, _score = scored[0]
    # The sentence after the best one often goes on with it, in other words.
    kept = [
        (passage, sentence)
        for fused, passage, sentence, score in scored
        if fused >= _SHARE_MIN * top and (score > 0 or sentence == first + 1)
    ][:count]
    return [Quoted(passage, sentence, generation.sentence(passage, sentence)) for passage, sentence in sorted(kept)]


def plain(text: str) -> str:
    """Return a sentence without Markdown marks and with single blanks; a table row reads as a list."""
    if text.lstrip().startswith("|"):
        cells = [cell.strip() for cell in text.strip().strip("|").split("|")]
        text = "; ".join(cell for cell in cells if cell.strip(" -:"))
    bare = _MARKUP.sub(lambda match: match.group(1) or "", text)
    return _BLANKS.sub(" ", bare).strip()


def extractive_answer(generation: Generation, quoted: list[Quoted], numbers: dict[int, int]) -> str:
    """Return the quoted sentences joined under their headings, each with its source's number."""
    parts: list[str] = []
    heading: tuple[str, ...] | None = None
    for quote in quoted:
        under = generation.section_of(quote.passage).heading
        text = f"{_ended(plain(quote.text))} [{numbers[quote.passage]}]"
        if under != heading and under:
            parts.append(f"{under[-1]}: {text}")
        else:
            parts.append(text)
        heading = under
    return " ".join(parts)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…", ":")) else f"{text}."
