"""Answers without a model: the best sentences, in the documents' order, under their headings."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.chat.analysis import terms, words
from services.chat.documents import title_terms
from services.chat.forward import OPENING_WORDS
from services.chat.generation import Generation
from services.chat.injection import harmless, speaks_to_the_model
from services.chat.markup import plain
from services.chat.reading import ReadSentence
from services.chat.retrieval import Hit, Retrieved
from services.chat.tables import IS_HEAD, is_row, named

SENTENCES_MAX = 3
EXACT = 0.95
ALIKE = 1.25
# A sentence that says much less of the question than the best one only dilutes the answer.
_SHARE_MIN = 0.3
_SHARE_OF_EXACT = 0.8
# An example shows how, and seldom tells what; the lines of its entry go with it.
_EXAMPLE = re.compile(r"\s*Ejemplo")
_ENTRY_LINE = re.compile(r"\s*- (?:Debe|Haber):")
_LISTED = re.compile(r"\s*(?:[-*+•]|\d+[.)]|[a-zñ]\))\s")
LIST_MAX = 500


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence of a passage, as it stands there; `worth` is how well it answers."""

    passage: int
    sentence: int
    text: str
    worth: float


def best_sentences(generation: Generation, found: Retrieved, count: int = SENTENCES_MAX) -> list[Quoted]:
    """Return the sentences that answer most of what was asked, in the order of documents and passages."""
    if found.compared:
        return [_defining(generation, hit) for hit in found.hits[: found.compared]]
    exact = _exactly_named(found)
    sentences = [
        Quoted(hit.passage, one.sentence, text, _worth(one, hit, found.hits[0], text))
        for hit in exact or found.hits
        for one in hit.read.sentences
        if (text := _text(generation, hit.passage, one.sentence)) and not speaks_to_the_model(text)
    ]
    ranked = sorted(sentences, key=lambda quoted: (
        -quoted.worth, generation.document_of(quoted.passage).owner is None, quoted.passage, quoted.sentence
    ))
    best = _without_items(generation, _told_once(generation, ranked)[:count])
    least = _SHARE_OF_EXACT if exact else _SHARE_MIN
    kept = [quoted for quoted in best if quoted.worth >= least * best[0].worth]
    return sorted(kept, key=lambda quoted: (quoted.passage, quoted.sentence))


def _told_once(generation: Generation, ranked: list[Quoted]) -> list[Quoted]:
    """Return the sentences without those that a better one says word by word under the same heading.

    Under another heading the same words tell of another thing: its balance too is a debit.
    """
    first: dict[tuple[str, ...], Quoted] = {}
    for quoted in ranked:
        heading = generation.section_of(quoted.passage).heading
        first.setdefault((*heading[-1:], plain(quoted.text)), quoted)
    return list(first.values())


def _without_items(generation: Generation, best: list[Quoted]) -> list[Quoted]:
    """Return the sentences without the items of a list that another sentence of their section quotes whole."""
    def listed(item: Quoted, other: Quoted) -> bool:
        return (
            generation.spans[item.passage, 0] == generation.spans[other.passage, 0]
            and item.sentence > other.sentence
            and plain(item.text).rstrip(";,.") in other.text
        )

    return [quoted for quoted in best if not any(listed(quoted, other) for other in best)]


def _defining(generation: Generation, hit: Hit) -> Quoted:
    """Return the sentence of a passage that says what it is about: that opens with its title, and defines it."""
    title = set(title_terms(generation.section_of(hit.passage).heading))

    def says(one: ReadSentence) -> tuple[bool, bool]:
        opening = words(generation.sentence(hit.passage, one.sentence))[:OPENING_WORDS]
        return title <= {term for word in opening for term in terms(word)}, one.fits

    one = max(hit.read.sentences, key=says)
    return Quoted(hit.passage, one.sentence, _text(generation, hit.passage, one.sentence), hit.score)


def _text(generation: Generation, passage: int, sentence: int) -> str:
    """Return a sentence as it is quoted: with what it announces, not without what announces it.

    An example goes with its entry and an announcement with its list; a row of a table names its columns.
    """
    text = generation.sentence(passage, sentence)
    if _ENTRY_LINE.match(text):
        return ""
    if is_row(text):
        return _row(generation, passage, sentence, text)
    announced = _ENTRY_LINE if _EXAMPLE.match(text) else _LISTED if text.rstrip().endswith(":") else None
    if announced is None:
        return text
    following = (generation.sentence(*at) for at in _following(generation, passage, sentence))
    lines: list[str] = []
    for line in itertools.takewhile(announced.match, following):
        if sum(map(len, lines)) + len(line) > LIST_MAX:
            break
        lines.append(plain(line).rstrip(";,."))
    return f"{text.rstrip('.: ')}: {'; '.join(lines)}" if lines else text


def _following(generation: Generation, passage: int, sentence: int) -> Iterator[tuple[int, int]]:
    """Yield where the rest of a section stands: a list may go on in the next passage."""
    section = int(generation.spans[passage, 0])
    for later in range(passage, len(generation.spans)):
        if int(generation.spans[later, 0]) != section:
            return
        yield from ((later, other) for other in generation.sentences_of(later) if other > sentence)


def _row(generation: Generation, passage: int, sentence: int, text: str) -> str:
    if generation.heads[sentence] == IS_HEAD:
        return ""
    return named(text, generation.head_of(passage, sentence))


def _exactly_named(found: Retrieved) -> list[Hit]:
    """Return the passages whose heading is what was asked about and that hold all of it.

    Asked about Proveedores, nobody wants to read of Anticipos a proveedores beside it. Where the best passage is
    another, the heading was not all.
    """
    exact = [
        hit for hit in found.hits
        if hit.read.named >= EXACT and hit.read.covered >= EXACT
        and (not found.wanted.number or any(one.counts for one in hit.read.sentences))
    ]
    return exact if found.hits[0] in exact else []


def _worth(read: ReadSentence, hit: Hit, top: Hit, text: str) -> float:
    """Return how well a sentence answers. The weights were fitted as retrieval's were."""
    return (
        read.covered
        + 0.3 * read.own
        + 0.4 * read.opening
        + 0.25 * read.covered * read.fits
        + 0.5 * read.counts
        + ALIKE * read.alike
        + (hit.score - top.score)
        - 0.3 * bool(_EXAMPLE.match(text))
        - 0.4 * read.contrary
    )


def extractive_answer(generation: Generation, quoted: list[Quoted], numbers: dict[int, int]) -> str:
    """Return the quoted sentences joined under their headings, each with its source's number."""
    parts: list[str] = []
    heading: list[str] | None = None
    for quote in quoted:
        under = harmless(generation.section_of(quote.passage).heading)
        text = f"{_ended(plain(quote.text))} [{numbers[quote.passage]}]"
        if under != heading and under:
            parts.append(f"{plain(under[-1])}: {text}")
        else:
            parts.append(text)
        heading = under
    return " ".join(parts)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…", ":")) else f"{text}."
