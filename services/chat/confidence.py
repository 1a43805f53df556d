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
class Nearest:
    """How near in meaning to the question is what was found: the best passage's likeness, and the best sentence's."""

    passage: float
    sentence: float


@dataclass(frozen=True, slots=True)
class _Model:
    """What each feature adds to the logarithm of the odds.

    `covered` the most of the question that a passage holds with its headings; `score` the best passage's, `margin`
    how far it is above the next; `name_unknown` (Francia, NIIF: no document names what was named; in English names are
    other words); `number_lacking` (how much, what share: no sentence about it has such a number); `english` for
    questions in another language, of which words hold little; `passage` and `sentence` as in Nearest: of what is
    answered a sentence stands out.
    """

    bias: float
    covered: float
    score: float
    margin: float
    name_unknown: float
    number_lacking: float
    english: float
    passage: float = 0.0
    sentence: float = 0.0


_WITH_MEANING = _Model(-3.18, 1.05, 1.04, 1.18, -2.59, -2.04, english=1.92, passage=-1.94, sentence=4.48)
_WITH_WORDS = _Model(-3.11, 2.8, 1.22, 2.51, -3.34, -1.77, english=1.24)


def confidence(
    wanted: Wanted, reads: Sequence[ReadPassage], *, scores: Sequence[float], nearest: Nearest | None
) -> float:
    """Return 0 to 1. `reads` are the best passages, best first, with their `scores`; `nearest` None without vectors."""
    if not any(passage.sentences for passage in reads):
        return 0.0
    model = _WITH_WORDS if nearest is None else _WITH_MEANING
    others = scores[1:]
    total = (
        model.bias
        + model.covered * max(passage.held for passage in reads)
        + model.score * scores[0]
        + model.margin * (scores[0] - sum(others) / len(others) if others else 0.0)
        + model.name_unknown * (wanted.names_the_unknown and not wanted.english)
        + model.number_lacking * _lacks_number(wanted, reads)
        + model.english * wanted.english
    )
    if nearest is not None:
        total += model.passage * nearest.passage + model.sentence * nearest.sentence
    return 1 / (1 + math.exp(-total))


def _lacks_number(wanted: Wanted, reads: Sequence[ReadPassage]) -> bool:
    sentences = [sentence for passage in reads for sentence in passage.sentences]
    best = max(sentence.covered for sentence in sentences)
    return bool(wanted.number) and not any(
        sentence.counts for sentence in sentences if sentence.covered >= _ABOUT * best
    )
