"""Finding the passages that answer a question.

Counting words over the whole index chooses the candidates, reading them (reading.py) sets their order.
Scores are added, never ranks: a rank throws away how much better the first one is. Words decide while they are
known; the dense vectors are asked when they are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.chat.analysis import grams, terms
from services.chat.asking import Concept, concepts
from services.chat.confidence import confidence
from services.chat.generation import Generation
from services.chat.lexical import ImpactIndex
from services.chat.reading import ReadPassage, Wanted, read_passage

Floats = NDArray[np.floating[Any]]
Similarities = Callable[[Generation, str], Floats | None]
K1_PLUS_1 = 2.2
# How many passages are read.
CANDIDATES = 24
# Where a passage holds this share of the question its words settle it, and where they know nearly all of it they
# decide: the vectors are not asked.
SETTLED = 0.75
UNKNOWN_MIN = 0.1
# From so many of the best passages sentences are quoted: the confidence is about them.
SURE_OF = 3


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts; 0 switches it off.

    Every lexical score is first divided by what a perfect passage would have, so that all lie between 0 and
    about 1, as do the shares that reading gives; `dense` counts standard deviations, in the measure in
    which the question is unknown. Fitted on the questions
    of the half `tune` of benchmarks/chat/questions.jsonl, reported on the other.
    """

    word: float = 0.7
    sentence: float = 0.1
    section: float = 0.25
    gram: float = 0.17
    gram_unknown: float = 0.15
    dense: float = 0.3
    covered: float = 1.2
    own: float = 0.8
    opening: float = 0.4
    fitting: float = 0.2
    named: float = 0.35
    alike: float = 0.55
    first: float = 0.03


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, its score, its similarity to the question in 0..1, and what was found by counting and reading.

    `word` is its BM25, divided by that of a passage that holds all that is asked often.
    """

    passage: int
    score: float
    similarity: float
    word: float
    read: ReadPassage = field(repr=False)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The best passages, best first; `confidence` in 0..1 that they hold what was asked."""

    hits: tuple[Hit, ...]
    confidence: float
    unknown: float
    wanted: Wanted


def retrieve(
    generation: Generation,
    question: str,
    *,
    top_k: int,
    owner: int | None = None,
    weights: Weights = Weights(),
    similarities: Similarities | None = None,
) -> Retrieved:
    """Return the passages that fit best, of everybody's documents and the owner's.

    `similarities` gives each passage's cosine to the question, or None while there are no vectors.
    """
    wanted = Wanted.of(question, concepts(question, generation.words, generation.spellings))
    visible = _visible(generation, owner)
    if not wanted.concepts or not visible.any():
        return Retrieved((), 0.0, 1.0, wanted)
    found = _Lexical.of(generation, question, wanted.concepts)
    score = np.where(visible, found.fused(weights), -np.inf)
    reads = {number: read_passage(generation, wanted, number) for number in _best(score, CANDIDATES)}
    settled = max(read.best("covered") for read in reads.values()) >= SETTLED
    ask = similarities if weights.dense and found.unknown >= UNKNOWN_MIN and not settled else None
    if ask is not None and (cosine := ask(generation, question)) is not None:
        score = score + weights.dense * found.unknown * _standard(cosine)
        for number in _best(score, CANDIDATES):
            reads.setdefault(number, read_passage(generation, wanted, number))
    hits = sorted(
        (
            _hit(number, float(score[number]), float(found.word[number]), read, weights)
            for number, read in reads.items()
        ),
        key=lambda hit: (-hit.score, hit.passage),
    )[:top_k]
    return Retrieved(tuple(hits), _sure(wanted, hits, found.unknown), found.unknown, wanted)


def _sure(wanted: Wanted, hits: Sequence[Hit], unknown: float) -> float:
    reads = [hit.read for hit in hits[:SURE_OF]]
    return confidence(wanted, reads, word=hits[0].word, unknown=unknown) if reads else 0.0


def _best(score: Floats, count: int) -> list[int]:
    return [int(number) for number in np.argsort(-score, kind="stable")[:count] if np.isfinite(score[number])]


def _hit(number: int, score: float, word: float, read: ReadPassage, weights: Weights) -> Hit:
    full = (
        score
        + weights.covered * read.best("covered")
        + weights.own * read.best("own")
        + weights.opening * read.best("opening")
        + weights.fitting * read.fitting
        + weights.named * read.named
        + weights.alike * read.alike
        + weights.first * read.first
    )
    return Hit(number, full, round(min(read.best("covered"), 1.0), 4), word, read)


@dataclass(frozen=True)
class _Lexical:
    """The scores of all passages, float32[P] each; `unknown` the share of the question that nobody knows."""

    word: Floats
    sentence: Floats
    section: Floats
    gram: Floats
    unknown: float

    @classmethod
    def of(cls, generation: Generation, question: str, asked: Sequence[Concept]) -> _Lexical:
        total = sum(concept.weight for concept in asked)
        in_sentences = _evidence(generation.sentences, asked, total)
        marked = [gram for term in dict.fromkeys(terms(question)) for gram in grams(term)]
        return cls(
            word=_evidence(generation.words, asked, total),
            sentence=np.maximum.reduceat(in_sentences, generation.spans[:, 3]),
            section=_evidence(generation.section_words, asked, total)[generation.spans[:, 0]],
            gram=_gram_score(generation.grams, marked),
            unknown=sum(concept.weight for concept in asked if not concept.terms) / total,
        )

    def fused(self, weights: Weights) -> Floats:
        fused: Floats = (
            weights.word * self.word
            + weights.sentence * self.sentence
            + weights.section * self.section
            + (weights.gram + weights.gram_unknown * self.unknown) * self.gram
        )
        return fused


def _evidence(index: ImpactIndex, asked: Iterable[Concept], total: float) -> Floats:
    """Return each unit's score, divided by that of a unit that holds all that is asked often."""
    alternatives = [
        list(zip(index.find(term for term, _fit in concept.terms).tolist(), (fit for _term, fit in concept.terms),
                 strict=True))
        for concept in asked if concept.terms
    ]
    normal: Floats = index.evidence(alternatives) / np.float32(max(total * K1_PLUS_1, 1e-9))
    return normal


def _gram_score(index: ImpactIndex, marked: Sequence[str]) -> Floats:
    rows = index.find(marked)
    known = rows >= 0
    total = float(index.weights[rows[known]].sum()) + index.rarest * int((~known).sum())
    normal: Floats = index.scores(rows.tolist()) / np.float32(max(total * K1_PLUS_1, 1e-9))
    return normal


def _standard(values: Floats) -> Floats:
    standard: Floats = (values - values.mean()) / max(float(values.std()), 1e-6)
    return standard


def _visible(generation: Generation, owner: int | None) -> NDArray[np.bool_]:
    owners = [document.owner for document in generation.documents]
    if not any(mark is not None for mark in owners):
        return np.ones(len(generation.spans), dtype=bool)
    seen = np.array([mark is None or mark == owner for mark in owners])
    of_section = np.array([section.document for section in generation.sections], dtype=np.int64)
    shown: NDArray[np.bool_] = seen[of_section[generation.spans[:, 0]]]
    return shown
