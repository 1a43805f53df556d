"""How sure one may be that the passages found hold what was asked.

A logistic regression on few features, fitted on the half `tune` of benchmarks/chat/questions.jsonl: its
target is that the quoted sentences hold the answer. Reported on the other half by `make eval-chat`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from services.chat.reading import ReadPassage, Wanted

_BIAS = -3.1
_COVERED = 2.75  # the most of the question that a sentence holds with its headings
_KNOWN = 0.75  # how much of the question the documents know at all
_WORD = 3.2  # the best passage's BM25, normalised
_NAME_LACKING = -1.75  # Francia, NIIF: what was named is not there
_NUMBER_LACKING = -0.4  # how much, when: no sentence about it has a number


def confidence(wanted: Wanted, reads: Sequence[ReadPassage], *, word: float, unknown: float) -> float:
    """Return 0 to 1. `reads` are the best passages, best first; `word` is the first one's BM25."""
    covered = max(read.best("covered") for read in reads)
    lacks_number = wanted.number and not any(_answers_with_number(read) for read in reads[:1])
    total = (
        _BIAS
        + _COVERED * covered
        + _KNOWN * (1 - unknown)
        + _WORD * word
        + _NAME_LACKING * reads[0].lacks_name
        + _NUMBER_LACKING * lacks_number
    )
    return 1 / (1 + math.exp(-total))


def _answers_with_number(read: ReadPassage) -> bool:
    """Return whether a sentence of the wanted kind holds at least half of what the best one does."""
    best = read.best("covered")
    return any(one.fits and one.covered >= best / 2 for one in read.sentences)
