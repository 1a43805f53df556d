"""How sure one may be that the passages found hold what was asked.

Logistic regressions on few features, fitted on halves of our own questions and of questions about documents of
others, together with questions about other subjects; reported on the other halves by `make eval-chat`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.chat.reading import ReadPassage, Wanted

# A sentence is about the question when it holds so much of what the best one does.
_ABOUT = 0.8


@dataclass(frozen=True, slots=True)
class _Model:
    """What each feature adds to the logarithm of the odds.

    `covered` the most of the question that a passage holds with its headings; `score` the best passage's; `cosine`
    of the passage nearest in meaning, which counts as far as the question is `unknown`; `name_unknown` (Francia,
    NIIF: no document names what was named); `number_lacking` (how much, when: no sentence about it has a number).
    """

    bias: float
    covered: float
    score: float
    name_unknown: float
    number_lacking: float
    unknown: float = 0.0
    cosine: float = 0.0


_WITH_MEANING = _Model(-3.56, 3.57, 1.64, -1.71, -2.83, unknown=-6.27, cosine=21.8)
_WITH_WORDS = _Model(-3.92, 4.35, 2.3, -1.97, -3.46)


def confidence(wanted: Wanted, reads: Sequence[ReadPassage], *, score: float, cosine: float | None) -> float:
    """Return 0 to 1. `reads` are the best passages, best first; `score` is the first one's.

    `cosine` is the best of theirs to the question, None without vectors.
    """
    if not any(passage.sentences for passage in reads):
        return 0.0
    model = _WITH_WORDS if cosine is None else _WITH_MEANING
    total = (
        model.bias
        + model.covered * max(sum(wanted.held(passage.terms)) for passage in reads)
        + model.score * score
        + model.name_unknown * wanted.names_the_unknown
        + model.number_lacking * _lacks_number(wanted, reads)
        + (model.unknown + model.cosine * max(cosine or 0.0, 0.0)) * wanted.unknown
    )
    return 1 / (1 + math.exp(-total))


def _lacks_number(wanted: Wanted, reads: Sequence[ReadPassage]) -> bool:
    sentences = [sentence for passage in reads for sentence in passage.sentences]
    best = max(sentence.covered for sentence in sentences)
    return wanted.number and not any(
        sentence.counts for sentence in sentences if sentence.covered >= _ABOUT * best
    )
