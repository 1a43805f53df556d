"""How sure one may be that the passages found hold what was asked.

A logistic regression on few features, fitted on the half `tune` of benchmarks/chat/questions.jsonl: its
target is that the quoted sentences hold the answer. Reported on the other half by `make eval-chat`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from services.chat.reading import ReadPassage, Wanted

_BIAS = -2.73
_COVERED = 1.79  # the most of the question that a sentence holds with its headings
_WEIGHTY = 1.31  # the same by weight: what is rare is what was asked about
_KNOWN = 0.75  # how much of the question the documents know at all
_WORD = 1.79  # the best passage's BM25, normalised
_NAME_LACKING = -1.5  # Francia, NIIF: what was named is not there
_NUMBER_LACKING = -2.29  # how much, when: no sentence about it has a number
# A sentence is about the question when it holds so much of what the best one does.
_ABOUT = 0.8


def confidence(wanted: Wanted, reads: Sequence[ReadPassage], *, word: float, unknown: float) -> float:
    """Return 0 to 1. `reads` are the best passages, best first; `word` is the first one's BM25."""
    pairs = [(passage, sentence) for passage in reads for sentence in passage.sentences]
    if not pairs:
        return 0.0
    passage, best = max(pairs, key=lambda pair: pair[1].covered)
    lacks_number = wanted.number and not any(
        sentence.counts for _passage, sentence in pairs if sentence.covered >= _ABOUT * best.covered
    )
    total = (
        _BIAS
        + _COVERED * best.covered
        + _WEIGHTY * wanted.weight_in(best.terms | passage.above)
        + _KNOWN * (1 - unknown)
        + _WORD * word
        + _NAME_LACKING * reads[0].lacks_name
        + _NUMBER_LACKING * lacks_number
    )
    return 1 / (1 + math.exp(-total))
