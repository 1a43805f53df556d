"""Vectors on disk, those of passages in FAISS's format, and the exact search over them.

A flat index of inner products is a head of 45 bytes before the numbers: FAISS, whose import costs 35 MB, is needed
neither to write nor to read it, and opens what is written here. An exact scan by numpy is as fast as its own.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.chat.config import EMBEDDING_DIMENSION
from services.chat.lexical import mapped

FILE_NAME = "vectors.faiss"
SENTENCES = "sentence_vectors.npy"
# The kind, dimensions, vectors, two numbers that FAISS once used, whether it is trained, the metric (0: inner
# product), and how many numbers follow.
_HEAD = struct.Struct("<4siqqq?iq")
_UNUSED = 1 << 20


class VectorStore:
    """One unit vector per passage, in the order of the passages: float32[n, 384]."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self._vectors = vectors

    @classmethod
    def load(cls, folder: Path) -> VectorStore:
        """Map the store of `save` into memory; OSError or ValueError where it is damaged."""
        file = folder / FILE_NAME
        with file.open("rb") as opened:
            head = opened.read(_HEAD.size)
        count, rest = divmod(max(file.stat().st_size - _HEAD.size, 0), 4 * EMBEDDING_DIMENSION)
        if head != _head(count) or rest:
            raise ValueError(f"{FILE_NAME} is no flat index of {EMBEDDING_DIMENSION} dimensions.")
        shape = (count, EMBEDDING_DIMENSION)
        vectors = np.memmap(file, "<f4", "r", _HEAD.size, shape) if count else np.empty(shape, dtype=np.float32)
        return cls(vectors.view(np.ndarray))

    def save(self, folder: Path) -> None:
        """Write the store."""
        with (folder / FILE_NAME).open("wb") as file:
            file.write(_head(len(self)))
            file.write(np.ascontiguousarray(self._vectors, dtype="<f4").data)

    def __len__(self) -> int:
        return len(self._vectors)

    def similarities(self, question: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of every passage to the question's unit vector, float32[n]."""
        cosines: NDArray[np.float32] = self._vectors @ question
        return cosines

    def vectors(self) -> NDArray[np.float32]:
        """Return all vectors, float32[n, 384]."""
        return self._vectors


class SentenceStore:
    """One vector per sentence, int8[n, 384], each as long as 8 bits let it be: only those of candidates are read."""

    def __init__(self, vectors: NDArray[np.int8]) -> None:
        self._vectors = vectors

    @classmethod
    def of(cls, vectors: NDArray[np.float32]) -> SentenceStore:
        """Return the store of unit vectors, float32[n, 384]."""
        longest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True, initial=0), np.float32(1e-9))
        return cls(np.rint(vectors * (127 / longest)).astype(np.int8))

    @classmethod
    def load(cls, folder: Path, count: int) -> SentenceStore:
        """Map the store of `save` into memory; OSError, or ValueError where it is damaged or not of `count` vectors."""
        vectors = mapped(folder / SENTENCES)
        if vectors.shape != (count, EMBEDDING_DIMENSION) or vectors.dtype != np.int8:
            raise ValueError(f"{SENTENCES} is not of {count} vectors of {EMBEDDING_DIMENSION} dimensions.")
        return cls(vectors)

    def save(self, folder: Path) -> None:
        """Write the store."""
        np.save(folder / SENTENCES, self._vectors, allow_pickle=False)

    def similarities(self, question: NDArray[np.float32], numbers: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return the cosines of some sentences to the question's unit vector, float32[numbers]."""
        chosen = self._vectors[numbers].astype(np.float32)
        cosines: NDArray[np.float32] = chosen @ question / np.maximum(np.linalg.norm(chosen, axis=1), 1)
        return cosines

    def vectors(self) -> NDArray[np.int8]:
        """Return all vectors, int8[n, 384]."""
        return self._vectors


def _head(count: int) -> bytes:
    return _HEAD.pack(
        b"IxFI", EMBEDDING_DIMENSION, count, _UNUSED, _UNUSED, True, 0, count * EMBEDDING_DIMENSION
    )
