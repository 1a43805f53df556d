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
# The cosine from which two words mean nearly the same (decision 0060).
NEAR = 0.6
ALIKE_MAX = 6
# Terms that have a vector, the most frequent ones: 6 MB on disk.
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
    """The terms and their vectors, int8[n, 384], each as long as 8 bits let it be. Safe to share between threads."""

    def __init__(self, known: Sequence[str], vectors: NDArray[np.int8]) -> None:
        self._terms, self._vectors = known, vectors
        self._lengths = np.concatenate(
            [np.zeros(0, np.float32), *(np.linalg.norm(block, axis=1) for block in self._blocks())]
        )
        self._held: dict[str, tuple[tuple[str, float], ...]] = {}

    @classmethod
    def load(cls, folder: Path) -> Senses:
        """Map what `write` wrote; OSError or ValueError where it is damaged."""
        return cls(list(json.loads((folder / TERMS).read_text(encoding="utf-8"))), mapped(folder / VECTORS))

    def held(self, asked: Iterable[str]) -> Alike:
        """Return what is remembered of words; a word that was not asked about before is not among them."""
        held = self._held
        return {word: held[word] for word in asked if word in held}

    def learn(self, new: Sequence[str], vectors: Floats) -> Alike:
        """Return the terms that mean nearly what words do, by their unit vectors, and remember them.

        At most ALIKE_MAX terms a word, the nearest first.
        """
        found = dict(zip(new, self._near(vectors) if self._terms else [()] * len(new), strict=True))
        held = {} if len(self._held) + len(found) > _HELD_MAX else self._held
        self._held = held | found
        return found

    def _near(self, vectors: Floats) -> Iterator[tuple[tuple[str, float], ...]]:
        cosines = np.concatenate([block @ vectors.T for block in self._blocks()]) / self._lengths[:, None]
        for column in cosines.T:
            best = np.argpartition(-column, min(ALIKE_MAX, len(column) - 1))[:ALIKE_MAX]
            best = best[np.argsort(-column[best], kind="stable")]
            yield tuple((self._terms[place], float(column[place])) for place in best if column[place] >= NEAR)

    def _blocks(self) -> Iterator[Floats]:
        for start in range(0, len(self._terms), _BLOCK):
            yield self._vectors[start : start + _BLOCK].astype(np.float32)


def has_sense(word: str) -> bool:
    """Return whether a word is one: neither a number nor a small word."""
    return word.isalpha() and LENGTH_MIN <= len(word) <= LENGTH_MAX


def write(folder: Path, texts: Iterable[str], embed: Embed, *, old: Path | None = None) -> None:
    """Write the terms of texts with their vectors; those that `old`, a folder of the same network, has are kept."""
    spoken = _spoken(texts)
    kept = _vectors(old) if old else {}
    new = [word for word in spoken.values() if word not in kept]
    kept |= dict(zip(new, _in_8_bits(embed(new)), strict=True))
    vectors = np.array([kept[word] for word in spoken.values()], dtype=np.int8).reshape(-1, EMBEDDING_DIMENSION)
    np.save(folder / VECTORS, vectors, allow_pickle=False)
    (folder / TERMS).write_text(json.dumps(spoken, ensure_ascii=False), encoding="utf-8")


def _in_8_bits(vectors: Floats) -> NDArray[np.int8]:
    longest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True, initial=0), np.float32(1e-9))
    packed: NDArray[np.int8] = np.rint(vectors * (127 / longest)).astype(np.int8)
    return packed


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


def _vectors(folder: Path) -> dict[str, NDArray[np.int8]]:
    """Return the vectors that an older generation has, by word."""
    try:
        spoken = json.loads((folder / TERMS).read_text(encoding="utf-8"))
        return dict(zip(spoken.values(), mapped(folder / VECTORS), strict=True))
    except (OSError, ValueError):
        return {}
