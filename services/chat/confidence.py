"""How sure one may be that the passages found hold what was asked.

Logistic regressions on few features, fitted on halves of our own questions and of questions about documents of
others, together with questions about other subjects; reported on the other halves by `make eval-chat`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.chat.reading import ReadPassage
from services.chat.wanted import Wanted

# A sentence is about the question when it holds so much of what the best one does.
_ABOUT = 0.8


@dataclass(frozen=True, slots=True)
class _Model:
    """What each feature adds to the logarithm of the odds.

    `covered` the most of the question that a passage holds with its headings; `score` the best passage's, `margin`
    how far it is above the next; `cosine` of the passage nearest in meaning; `name_unknown` (Francia, NIIF: no
    document names what was named); `number_lacking` (how much, what share: no sentence about it has such a number);
    `english` and `english_cosine` for questions in another language, of which words hold little and meaning all.
    """

    bias: float
    covered: float
    score: float
    margin: float
    name_unknown: float
    number_lacking: float
    english: float
    cosine: float = 0.0
    english_cosine: float = 0.0


_WITH_MEANING = _Model(-5.36, 4.45, 1.28, 1.66, -2.41, -3.09, english=-2.13, cosine=3.1, english_cosine=22.0)
_WITH_WORDS = _Model(-4.45, 5.31, 1.41, 1.48, -2.36, -3.03, english=2.83)


def confidence(wanted: Wanted, reads: Sequence[ReadPassage], *, scores: Sequence[float], cosine: float | None) -> float:
    """Return 0 to 1. `reads` are the best passages, best first, with their `scores`.

    `cosine` is the best of theirs to the question, None without vectors.
    """
    if not any(passage.sentences for passage in reads):
        return 0.0
    model = _WITH_WORDS if cosine is None else _WITH_MEANING
    others = scores[1:]
    total = (
        model.bias
        + model.covered * max(passage.held for passage in reads)
        + model.score * scores[0]
        + model.margin * (scores[0] - sum(others) / len(others) if others else 0.0)
        + model.name_unknown * wanted.names_the_unknown
        + model.number_lacking * _lacks_number(wanted, reads)
        + model.english * wanted.english
        + (model.cosine + model.english_cosine * wanted.english) * max(cosine or 0.0, 0.0)
    )
    return 1 / (1 + math.exp(-total))


def _lacks_number(wanted: Wanted, reads: Sequence[ReadPassage]) -> bool:
    sentences = [sentence for passage in reads for sentence in passage.sentences]
    best = max(sentence.covered for sentence in sentences)
    return bool(wanted.number) and not any(
        sentence.counts for sentence in sentences if sentence.covered >= _ABOUT * best
    )
