"""Words of the documents that mean nearly what another word does: sueldo for salary, automotor for auto.

Each term of the documents has the vector of its most frequent word, made with those of the passages by the same
network; a question's words find theirs by it. Where the network reads several languages it translates, too.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.chat.analysis import terms, words
from services.chat.config import EMBEDDING_DIMENSION
from services.chat.lexical import mapped
from services.chat.spelling import LENGTH_MAX, LENGTH_MIN

VECTORS = "senses.npy"
TERMS = "senses.json"
# The cosine from which two words mean nearly the same: below it stand words that are seldom seen together.
NEAR = 0.6
ALIKE_MAX = 6
# Terms that have a vector, the most frequent ones: 12 MB on disk.
TERMS_MAX = 16_384
# Vectors that are widened at once: 3 MB.
_BLOCK = 2_048
# Words whose neighbours are remembered.
_HELD_MAX = 4_096

Floats = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Floats]
# By word, the terms of the documents that mean nearly the same, each with its cosine, NEAR to 1.
Alike = Mapping[str, tuple[tuple[str, float], ...]]


class Senses:
    """The terms and their unit vectors, float16[n, 384]. Safe to share between threads."""

    def __init__(self, known: Sequence[str], vectors: NDArray[np.float16]) -> None:
        self._terms, self._vectors = known, vectors
        self._held: dict[str, tuple[tuple[str, float], ...]] = {}

    @classmethod
    def load(cls, folder: Path) -> Senses:
        """Map what `write` wrote; OSError or ValueError where it is damaged."""
        return cls(list(json.loads((folder / TERMS).read_text(encoding="utf-8"))), mapped(folder / VECTORS))

    def alike(self, asked: Iterable[str], embed: Embed) -> Alike:
        """Return the terms that mean nearly what each of these words does, at most ALIKE_MAX, the nearest first."""
        found = {word: self._held.get(word) for word in asked if has_sense(word)}
        new = [word for word, held in found.items() if held is None]
        if new and self._terms:
            near = dict(zip(new, self._near(embed(new)), strict=True))
            if len(self._held) + len(near) > _HELD_MAX:
                self._held = {}
            self._held |= near
            found |= near
        return {word: held for word, held in found.items() if held}

    def _near(self, vectors: Floats) -> Iterator[tuple[tuple[str, float], ...]]:
        blocks = range(0, len(self._terms), _BLOCK)
        cosines = np.concatenate(
            [self._vectors[start : start + _BLOCK].astype(np.float32) @ vectors.T for start in blocks]
        )
        for column in cosines.T:
            best = np.argsort(-column, kind="stable")[:ALIKE_MAX]
            yield tuple((self._terms[place], float(column[place])) for place in best if column[place] >= NEAR)


def has_sense(word: str) -> bool:
    """Return whether a word is one: neither a number nor a small word."""
    return word.isalpha() and LENGTH_MIN <= len(word) <= LENGTH_MAX


def write(folder: Path, texts: Iterable[str], embed: Embed, *, old: Path | None = None) -> None:
    """Write the terms of texts with their vectors; those that `old`, a folder of the same network, has are kept."""
    spoken = _spoken(texts)
    kept = _vectors(old) if old else {}
    new = [word for word in spoken.values() if word not in kept]
    kept |= dict(zip(new, embed(new).astype(np.float16), strict=True))
    vectors = np.array([kept[word] for word in spoken.values()], dtype=np.float16).reshape(-1, EMBEDDING_DIMENSION)
    np.save(folder / VECTORS, vectors, allow_pickle=False)
    (folder / TERMS).write_text(json.dumps(spoken, ensure_ascii=False), encoding="utf-8")


def _spoken(texts: Iterable[str]) -> dict[str, str]:
    """Return the most frequent word of each of the most frequent terms."""
    counted = Counter(word.lower() for text in texts for word in words(text) if has_sense(word))
    spoken: dict[str, str] = {}
    for word, _count in counted.most_common():
        for term in terms(word):
            spoken.setdefault(term, word)
        if len(spoken) >= TERMS_MAX:
            break
    return spoken


def _vectors(folder: Path) -> dict[str, NDArray[np.float16]]:
    """Return the vectors that an older generation has, by word."""
    try:
        spoken = json.loads((folder / TERMS).read_text(encoding="utf-8"))
        return dict(zip(spoken.values(), mapped(folder / VECTORS), strict=True))
    except (OSError, ValueError):
        return {}
