"""From a word that the documents do not hold to those of theirs that it was meant to be."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.chat.analysis import fold
from services.chat.lexical import ImpactIndex

LENGTH_MIN = 3
# What is longer is no word that somebody types: the index holds none such.
LENGTH_MAX = 40
CANDIDATES = 12
# How near a word is that was written without its vowels.
SHORTENED = 0.8
_GRAM = 3
# How Spanish sounds on this side of the ocean: what is written in two ways and heard as one.
_SOUNDS = tuple((re.compile(pattern), sound) for pattern, sound in (
    (r"h(?!$)", ""), (r"qu(?=[ei])", "k"), (r"c(?=[ei])", "s"), (r"[cq]", "k"), (r"gu(?=[ei])", "G"),
    (r"g(?=[ei])", "j"), (r"ll", "y"), (r"z", "s"), (r"x", "ks"), (r"v", "b"), (r"w", "u"), (r"m(?=[bp])", "n"),
    (r"(.)\1", r"\1"),
))
_VOWELS = re.compile("[aeiou]")


def sound(word: str) -> str:
    """Return how a word sounds: the same for cerrado and serrado, vaca and baca."""
    heard = fold(word)
    for pattern, replacement in _SOUNDS:
        heard = pattern.sub(replacement, heard)
    return heard


def skeleton(word: str) -> str:
    """Return a word's sound without its vowels, which whoever types in a hurry leaves out: cnta for cuenta."""
    heard = sound(word)
    return heard[:1] + _VOWELS.sub("", heard[1:])


def sound_grams(word: str) -> list[str]:
    """Return the 3-grams of a word's sound, its ends marked, and its skeleton."""
    marked = f"<{sound(word)}>"
    grams = [marked[start : start + _GRAM] for start in range(max(len(marked) - _GRAM + 1, 1))]
    return [*grams, f"={skeleton(word)}"]


@dataclass(frozen=True)
class Spellings:
    """The words of the documents, found by their sound. `words` is read when it is first needed."""

    index: ImpactIndex
    words: Callable[[], Sequence[str]]

    def like(self, word: str) -> list[tuple[str, float]]:
        """Return the documents' words that `word` was meant to be, each with how near it is, 0 to 1."""
        if not LENGTH_MIN <= len(word) <= LENGTH_MAX:
            return []
        wanted = sound(word)
        best = _best(self.index.scores(self.index.find(sound_grams(word)).tolist()))
        near = [(self.words()[number], _nearness(wanted, sound(self.words()[number]))) for number in best]
        if not any(nearness for _word, nearness in near) and _lacks_vowels(wanted):
            near = [(found, SHORTENED) for found, _none in near if skeleton(found) == skeleton(word)]
        top = max((nearness for _word, nearness in near), default=0.0)
        return [(found, nearness) for found, nearness in near if nearness > 0 and nearness >= top - 0.02]

    def two_in_one(self, word: str) -> tuple[str, str] | None:
        """Return the two of the documents' words that `word` is without the blank between them, if it is."""
        for cut in range(max(LENGTH_MIN, len(word) - LENGTH_MAX), min(LENGTH_MAX, len(word) - LENGTH_MIN) + 1):
            if self._has(word[:cut]) and self._has(word[cut:]):
                return word[:cut], word[cut:]
        return None

    def _has(self, word: str) -> bool:
        place = bisect_left(self.words(), word)
        return place < len(self.words()) and self.words()[place] == word


def _best(scores: NDArray[np.float32]) -> list[int]:
    """Return the numbers of the best scores above nothing, best first."""
    count = min(CANDIDATES, len(scores))
    best = np.argpartition(scores, -count)[-count:] if count else np.empty(0, dtype=np.intp)
    return [number for number in best[np.argsort(-scores[best], kind="stable")].tolist() if scores[number] > 0]


def _lacks_vowels(heard: str) -> bool:
    """Return whether there are fewer vowels than any word of its length has."""
    return 3 * len(_VOWELS.findall(heard)) <= len(heard)


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
