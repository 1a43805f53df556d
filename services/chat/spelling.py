"""From a word that the documents do not hold to those of theirs that it was meant to be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.chat.analysis import fold
from services.chat.lexical import ImpactIndex

LENGTH_MIN = 3
CANDIDATES = 12
_GRAM = 3
# How Spanish sounds on this side of the ocean: what is written in two ways and heard as one.
_SOUNDS = tuple((re.compile(pattern), sound) for pattern, sound in (
    (r"h(?!$)", ""), (r"qu(?=[ei])", "k"), (r"c(?=[ei])", "s"), (r"[cq]", "k"), (r"gu(?=[ei])", "G"),
    (r"g(?=[ei])", "j"), (r"ll", "y"), (r"z", "s"), (r"x", "ks"), (r"v", "b"), (r"w", "u"), (r"m(?=[bp])", "n"),
    (r"(.)\1", r"\1"),
))


def sound(word: str) -> str:
    """Return how a word sounds: the same for cerrado and serrado, vaca and baca."""
    heard = fold(word)
    for pattern, replacement in _SOUNDS:
        heard = pattern.sub(replacement, heard)
    return heard


def sound_grams(word: str) -> list[str]:
    """Return the 3-grams of a word's sound, its ends marked."""
    marked = f"<{sound(word)}>"
    return [marked[start : start + _GRAM] for start in range(max(len(marked) - _GRAM + 1, 1))]


@dataclass(frozen=True)
class Spellings:
    """The words of the documents, found by their sound. `words` is read when it is first needed."""

    index: ImpactIndex
    words: Callable[[], Sequence[str]]

    def like(self, word: str) -> list[tuple[str, float]]:
        """Return the documents' words that `word` was meant to be, each with how near it is, 0 to 1."""
        if len(word) < LENGTH_MIN:
            return []
        wanted = sound(word)
        scores = self.index.scores(self.index.find(sound_grams(word)).tolist())
        best = scores.argsort()[::-1][:CANDIDATES]
        near = [(self.words()[number], _nearness(wanted, sound(self.words()[number]))) for number in best.tolist()]
        top = max((nearness for _word, nearness in near), default=0.0)
        return [(found, nearness) for found, nearness in near if nearness > 0 and nearness >= top - 0.02]


def _nearness(wanted: str, heard: str) -> float:
    """Return 1 for what sounds alike, less for each letter that is wrong; 0 beyond one, in long words two."""
    longest = max(len(wanted), len(heard))
    allowed = min(longest // 5 + (longest >= 8), 2)
    apart = _distance(wanted, heard, allowed)
    return 0.0 if apart > allowed else 1 - apart / (longest + 1)


def _distance(one: str, other: str, most: int) -> int:
    """Return how many letters are wrong, missing, too many or exchanged (Damerau); `most` + 1 for more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for line, letter in enumerate(one, start=1):
        older, before = before, row
        row = [line]
        for column, opposite in enumerate(other, start=1):
            cost = min(row[-1] + 1, before[column] + 1, before[column - 1] + (letter != opposite))
            if line > 1 and column > 1 and letter == other[column - 2] and one[line - 2] == opposite:
                cost = min(cost, older[column - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
