"""Finding the passages that answer a question, and how sure one may be that any does.

Words decide while the index knows them; where it does not (typing errors, another language) the
4-grams within words and the dense vectors take over, in the measure in which the question's terms are
unknown (`oov`). Scores are added, never ranks: a rank throws away how much better the first one is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.chat.analysis import grams, terms
from services.chat.index import Generation
from services.chat.lexical import ImpactIndex

Floats = NDArray[np.floating[Any]]
Similarities = Callable[[Generation, str], Floats | None]
K1_PLUS_1 = 2.2


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts; 0 switches it off.

    Every lexical score is first divided by what a perfect passage would have, so that all lie
    between 0 and about 1; `dense` counts standard deviations. Tuned on one half of
    benchmarks/chat/questions.jsonl, reported on the other.
    """

    word: float = 1.0
    sentence: float = 0.2
    section: float = 0.25
    gram: float = 1.5
    gram_unknown: float = 4.0
    dense: float = 0.3


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, its fused score, its similarity to the question in 0..1, and its sentences' scores."""

    passage: int
    score: float
    similarity: float
    sentence_scores: dict[int, float] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The best passages, best first; `confidence` in 0..1 that they are about what was asked."""

    hits: tuple[Hit, ...]
    confidence: float
    unknown: float


@dataclass(frozen=True)
class _Question:
    """A question's distinct terms as rows of the index, each with its weight."""

    terms: list[str]
    rows: NDArray[np.int64]
    weights: Floats

    @property
    def total(self) -> float:
        return float(self.weights.sum())


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

    `similarities` gives each passage's cosine to the question, or None while there are no vectors;
    it is asked only when the question has terms that the index has never seen.
    """
    asked = _ask(generation.words, list(dict.fromkeys(terms(question))))
    visible = _visible(generation, owner)
    if not asked.terms or not visible.any():
        return Retrieved((), 0.0, 1.0)
    unknown = float(asked.weights[asked.rows < 0].sum()) / asked.total
    marked = _ask(generation.grams, [gram for term in asked.terms for gram in grams(term)])
    sentence_scores = _normal(generation.sentences, _ask(generation.sentences, asked.terms))
    evidence = _Evidence(
        word=_normal(generation.words, asked),
        sentence=np.maximum.reduceat(sentence_scores, generation.spans[:, 3]),
        section=_normal(generation.section_words, _ask(generation.section_words, asked.terms))[generation.spans[:, 0]],
        gram=_normal(generation.grams, marked),
    )
    score = evidence.lexical(weights, unknown)
    if weights.dense and unknown > 0 and similarities and (cosine := similarities(generation, question)) is not None:
        score = score + weights.dense * unknown**2 * _standard(cosine)
    score = np.where(visible, score, -np.inf)
    best = [int(number) for number in np.argsort(-score, kind="stable")[:top_k] if np.isfinite(score[number])]
    hits = tuple(
        Hit(
            passage=number,
            score=float(score[number]),
            similarity=round(float(np.clip(evidence.similarity(number), 0, 1)), 4),
            sentence_scores={
                sentence: float(sentence_scores[sentence]) for sentence in generation.sentences_of(number)
            },
        )
        for number in best
    )
    return Retrieved(hits, _confidence(generation, asked, marked, hits), unknown)


@dataclass(frozen=True)
class _Evidence:
    word: Floats
    sentence: Floats
    section: Floats
    gram: Floats

    def lexical(self, weights: Weights, unknown: float) -> Floats:
        gram = weights.gram + weights.gram_unknown * unknown
        fused: Floats = (
            weights.word * self.word
            + weights.sentence * self.sentence
            + weights.section * self.section
            + gram * self.gram
        )
        return fused

    def similarity(self, number: int) -> float:
        return float(max(self.word[number], self.gram[number]) * 0.6 + self.sentence[number] * 0.4)


def _ask(index: ImpactIndex, wanted: Sequence[str]) -> _Question:
    """Return the terms' rows; a term that the index does not know weighs as much as its rarest."""
    rows = index.find(wanted)
    rarest = float(index.weights.max()) if len(index.weights) else 1.0
    weights = np.where(rows >= 0, index.weights[rows] if len(index.weights) else 0.0, rarest)
    return _Question(list(wanted), rows, weights.astype(np.float32))


def _normal(index: ImpactIndex, asked: _Question) -> Floats:
    """Return each unit's score, divided by that of a unit that holds every term often."""
    normal: Floats = index.scores(asked.rows.tolist()) / np.float32(max(asked.total * K1_PLUS_1, 1e-9))
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


def _confidence(generation: Generation, asked: _Question, marked: _Question, hits: Sequence[Hit]) -> float:
    """Return how much of the question the best passages hold, by weight: parts of words, and one sentence."""
    best = hits[:3]
    if not best:
        return 0.0
    in_sentences = _ask(generation.sentences, asked.terms)
    sentence = max(
        _coverage(generation.sentences, in_sentences, number) for hit in best for number in hit.sentence_scores
    )
    return 0.7 * max(_coverage(generation.grams, marked, hit.passage) for hit in best) + 0.3 * sentence


def _coverage(index: ImpactIndex, asked: _Question, unit: int) -> float:
    """Return the share of the question's weight that the unit holds."""
    held = sum(
        float(weight) for row, weight in zip(asked.rows.tolist(), asked.weights, strict=True)
        if row >= 0 and _holds(index, row, unit)
    )
    return held / max(asked.total, 1e-9)


def _holds(index: ImpactIndex, row: int, unit: int) -> bool:
    units = index.units[index.starts[row] : index.starts[row + 1]]
    place = int(np.searchsorted(units, unit))
    return place < len(units) and units[place] == unit
