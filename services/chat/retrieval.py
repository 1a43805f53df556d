"""Finding the passages that answer a question.

Counting words over the whole index and comparing meanings choose the candidates, reading them (reading.py) sets
their order. Scores are added, never ranks: a rank throws away how much better the first one is.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.chat.analysis import grams, terms
from services.chat.asking import Concept, as_meant, concepts
from services.chat.confidence import Evidence, confidence, evidence
from services.chat.documents import title_terms
from services.chat.generation import Generation
from services.chat.lexical import ImpactIndex
from services.chat.meaning import Meaning
from services.chat.reading import NAMED, Reading, ReadPassage, read_passages
from services.chat.wanted import Wanted

Floats = NDArray[np.floating[Any]]
MeaningOf = Callable[[Generation, str], Meaning | None]
K1_PLUS_1 = 2.2
# How many passages are read for what their words count, and how many more for their heading and for what they mean.
CANDIDATES = 16
NAMED_CANDIDATES = 4
ALIKE_CANDIDATES = 6
# From so many of the best passages sentences are quoted: the confidence is about them.
SURE_OF = 3


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts; 0 switches it off.

    Each lies between 0 and about 1: counts are divided by what a perfect passage would have, reading gives shares,
    `alike` is the likeness of the passage's likest sentence. Fitted on halves of our own questions and of questions
    about documents of others, and reported on the other halves (decisions 0057 and 0061).
    """

    word: float = 1.0
    gram: float = 0.1
    covered: float = 0.2
    own: float = 0.28
    fitting: float = 0.26
    named: float = 0.6
    alike: float = 1.15


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, its score, its similarity to the question in 0..1, and what was found by reading."""

    passage: int
    score: float
    similarity: float
    read: ReadPassage = field(repr=False)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The best passages, best first; `confidence` in 0..1 that they hold what was asked, by the `evidence`.

    The first `compared` are about one each of the things whose difference is asked for.
    """

    hits: tuple[Hit, ...]
    confidence: float
    wanted: Wanted
    compared: int = 0
    evidence: Evidence | None = None


def retrieve(
    generation: Generation,
    question: str,
    *,
    top_k: int,
    owner: int | None = None,
    weights: Weights = Weights(),
    meaning: MeaningOf | None = None,
) -> Retrieved:
    """Return the passages that fit best, of everybody's documents and the owner's.

    `meaning` gives what the question means, or None while there are no vectors.
    """
    wanted = Wanted.of(question, concepts(question, generation.words, generation.spellings))
    visible = _visible(generation, owner)
    if not wanted.concepts or not visible.any():
        return Retrieved((), 0.0, wanted)
    meant = None
    if meaning and weights.alike:
        meant = meaning(generation, as_meant(question, generation.words, generation.spellings))
    score = np.where(visible, _counted(generation, question, wanted.concepts, weights), -np.inf)
    named = generation.titles.evidence(_rows(generation.titles, wanted.concepts))
    chosen = _best(score, CANDIDATES) + _best(np.where(named > NAMED, score, -np.inf), NAMED_CANDIDATES)
    alike = meant.passages() if meant else None
    if alike is not None:
        chosen += _best(np.where(visible, alike, -np.inf), ALIKE_CANDIDATES)
    chosen = list(dict.fromkeys(chosen))
    reading = read_passages(generation, wanted, chosen, meant)
    scores = score[chosen] + _read_score(reading, weights)
    ranked = sorted(range(len(chosen)), key=lambda place: (
        -scores[place], generation.document_of(chosen[place]).owner is None, chosen[place]
    ))
    told = _told_once(generation, ((chosen[place], place) for place in ranked))
    # Things that are compared are looked for among all.
    hits = [
        _hit(passage, float(scores[place]), alike, reading.passage(place))
        for passage, place in itertools.islice(told, None if wanted.compares else max(top_k, SURE_OF))
    ]
    found, compared = _evidence_of(wanted, hits[:SURE_OF], alike), _compared(generation, wanted, hits)
    first = [*compared, *(hit for hit in hits if hit not in compared)]
    sure = confidence(found, has_meaning=meant is not None)
    return Retrieved(tuple(first[:top_k]), sure, wanted, len(compared), found)


def _told_once(generation: Generation, ranked: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the passages without those whose heading and text a better one has: a copy, or versions of a document."""
    told = set()
    for passage, place in ranked:
        key = (*generation.section_of(passage).heading[-1:], generation.text(passage))
        if key not in told:
            told.add(key)
            yield passage, place


def _compared(generation: Generation, wanted: Wanted, hits: Sequence[Hit]) -> list[Hit]:
    """Return for each of the things that are compared the best passage about it alone, where none is about them all."""
    if not wanted.compares or not wanted.sides:
        return []
    titles = {hit.passage: set(title_terms(generation.section_of(hit.passage).heading)) for hit in hits}
    shared = frozenset.intersection(*wanted.sides)
    alone = [
        [hit for hit in hits if titles[hit.passage] <= side and not titles[hit.passage] <= shared]
        for side in wanted.sides
    ]
    if hits[0].read.named > NAMED and not any(hits[0] in found for found in alone):
        return []
    # What a section is about stands at its beginning.
    section = generation.section_of
    first = [
        min((hit for hit in found if section(hit.passage) is section(found[0].passage)), key=lambda hit: hit.passage)
        for found in alone if found
    ]
    return first if len({hit.passage for hit in first}) == len(alone) else []


def _evidence_of(wanted: Wanted, best: Sequence[Hit], alike: Floats | None) -> Evidence | None:
    return evidence(
        wanted, [hit.read for hit in best], scores=[hit.score for hit in best],
        passage=0.0 if alike is None else float(max(alike[hit.passage] for hit in best)),
    )


def _best(score: Floats, count: int) -> list[int]:
    """Return the passages with the best finite scores, best first; of equal ones the first."""
    if count < len(score):
        least = np.partition(score, len(score) - count)[-count]
        near = np.flatnonzero(score >= least)
    else:
        near = np.arange(len(score))
    best = near[np.argsort(-score[near], kind="stable")][:count]
    return [number for number in best.tolist() if np.isfinite(score[number])]


def _read_score(reading: Reading, weights: Weights) -> Floats:
    score: Floats = (
        weights.covered * reading.covered
        + weights.own * reading.own
        + weights.fitting * reading.fitting
        + weights.alike * reading.alike
        + weights.named * reading.named * reading.covered
    )
    return score


def _hit(number: int, score: float, alike: Floats | None, read: ReadPassage) -> Hit:
    similarity = max(read.covered, 0.0 if alike is None else float(alike[number]))
    return Hit(number, score, round(min(similarity, 1.0), 4), read)


def _counted(generation: Generation, question: str, asked: Sequence[Concept], weights: Weights) -> Floats:
    """Return what counting gives each passage, float32[P]: its words, and its 4-grams, which bear wrong letters."""
    total = sum(concept.weight for concept in asked)
    marked = [gram for term in dict.fromkeys(terms(question)) for gram in grams(term)]
    counted: Floats = (
        weights.word * _evidence(generation.words, asked, total) + weights.gram * _gram_score(generation.grams, marked)
    )
    return counted


def _evidence(index: ImpactIndex, asked: Iterable[Concept], total: float) -> Floats:
    """Return each unit's score, divided by that of a unit that holds all that is asked often."""
    normal: Floats = index.evidence(_rows(index, asked)) / np.float32(max(total * K1_PLUS_1, 1e-9))
    return normal


def _rows(index: ImpactIndex, asked: Iterable[Concept]) -> list[list[tuple[int, float]]]:
    """Return for each thing asked about the rows of the terms that may stand for it, with how well each does."""
    return [
        list(zip(index.find(term for term, _fit in concept.terms).tolist(), (fit for _term, fit in concept.terms),
                 strict=True))
        for concept in asked if concept.terms
    ]


def _gram_score(index: ImpactIndex, marked: Sequence[str]) -> Floats:
    rows = index.find(marked)
    known = rows >= 0
    total = float(index.weights[rows[known]].sum()) + index.rarest * int((~known).sum())
    normal: Floats = index.scores(rows.tolist()) / np.float32(max(total * K1_PLUS_1, 1e-9))
    return normal


def _visible(generation: Generation, owner: int | None) -> NDArray[np.bool_]:
    owners = [document.owner for document in generation.documents]
    if not any(mark is not None for mark in owners):
        return np.ones(len(generation.spans), dtype=bool)
    seen = np.array([mark is None or mark == owner for mark in owners])
    of_section = np.array([section.document for section in generation.sections], dtype=np.int64)
    shown: NDArray[np.bool_] = seen[of_section[generation.spans[:, 0]]]
    return shown
