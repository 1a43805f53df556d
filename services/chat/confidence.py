"""How sure one may be that the passages found hold what was asked.

Two logistic regressions, one of them for an index without vectors. `python -m benchmarks.fit_chat` fitted them on
halves of our own questions and of questions about documents of others, together with questions about other subjects;
the other halves are what `make eval-chat` reports. The library has changed since: what the program prints today answers
and refuses alike but in 3 % of those questions, no better and no worse.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from services.chat.reading import ReadPassage
from services.chat.wanted import Wanted

# A sentence is about the question when it holds so much of what the best one does.
_ABOUT = 0.8


class Evidence(NamedTuple):
    """What speaks for an answer, and against one.

    `covered` is the most of the question that a passage holds with its headings; `score` the best passage's, `margin`
    how far it is above the next; `name_unknown` (Francia, NIIF) that no document names what was named, which in English
    may be another word; `number_lacking` (how much, what share) that no sentence about it has such a number; `english`
    that words hold little of the question. `passage` and `sentence` are the best ones' likeness to it, 0 without
    vectors: of what is answered a sentence stands out.
    """

    covered: float
    score: float
    margin: float
    name_unknown: float
    number_lacking: float
    english: float
    passage: float
    sentence: float


# What each adds to the logarithm of the odds, and these without any.
_WITH_MEANING = Evidence(1.05, 1.04, 1.18, -2.59, -2.04, 1.92, -1.94, 4.48), -3.18
_WITH_WORDS = Evidence(2.8, 1.22, 2.51, -3.34, -1.77, 1.24, 0.0, 0.0), -3.11


def evidence(
    wanted: Wanted, reads: Sequence[ReadPassage], *, scores: Sequence[float], passage: float = 0.0
) -> Evidence | None:
    """Return what the best passages, best first, with their `scores`, say; None where they hold no sentence.

    `passage` is the best one's likeness.
    """
    sentences = [sentence for read in reads for sentence in read.sentences]
    if not sentences:
        return None
    others = scores[1:]
    return Evidence(
        covered=max(read.held for read in reads),
        score=scores[0],
        margin=scores[0] - sum(others) / len(others) if others else 0.0,
        name_unknown=wanted.names_the_unknown and not wanted.english,
        number_lacking=_lacks_number(wanted, reads),
        english=wanted.english,
        passage=passage,
        sentence=max(sentence.alike for sentence in sentences),
    )


def confidence(found: Evidence | None, *, has_meaning: bool) -> float:
    """Return 0 to 1; `has_meaning` says whether there are vectors."""
    if found is None:
        return 0.0
    weights, bias = _WITH_MEANING if has_meaning else _WITH_WORDS
    total = bias + sum(weight * value for weight, value in zip(weights, found, strict=True))
    return 1 / (1 + math.exp(-total))


def _lacks_number(wanted: Wanted, reads: Sequence[ReadPassage]) -> bool:
    sentences = [sentence for passage in reads for sentence in passage.sentences]
    best = max(sentence.covered for sentence in sentences)
    return bool(wanted.number) and not any(
        sentence.counts for sentence in sentences if sentence.covered >= _ABOUT * best
    )
