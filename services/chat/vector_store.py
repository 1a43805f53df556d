"""Vectors on disk in FAISS's format, and the exact search over them.

FAISS writes the file (a flat index of inner products, in the process that makes the index); questions
read it through numpy: an exact scan is as fast, and importing FAISS costs a web process 35 MB.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.chat.config import EMBEDDING_DIMENSION

FILE_NAME = "vectors.faiss"
# What a flat index of inner products begins with; its vectors are the end of the file.
_MAGIC = b"IxFI"
_COUNT_AT = 8


class VectorStore:
    """One unit vector per passage, in the order of the passages: float32[n, 384]."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self._vectors = vectors

    @classmethod
    def load(cls, folder: Path) -> VectorStore:
        """Map the store of `save` into memory; OSError or ValueError where it is damaged."""
        file = folder / FILE_NAME
        with file.open("rb") as opened:
            head = opened.read(_COUNT_AT + 8)
        dimension = int.from_bytes(head[4:_COUNT_AT], "little")
        count = int.from_bytes(head[_COUNT_AT:], "little")
        start = file.stat().st_size - 4 * count * EMBEDDING_DIMENSION
        if not head.startswith(_MAGIC) or dimension != EMBEDDING_DIMENSION or start < len(head):
            raise ValueError(f"{FILE_NAME} is no flat index of {EMBEDDING_DIMENSION} dimensions.")
        shape = (count, EMBEDDING_DIMENSION)
        vectors = np.memmap(file, "<f4", "r", start, shape) if count else np.empty(shape, dtype=np.float32)
        return cls(vectors.view(np.ndarray))

    def save(self, folder: Path) -> None:
        """Write the store."""
        import faiss

        index = faiss.IndexFlatIP(EMBEDDING_DIMENSION)
        index.add(np.ascontiguousarray(self._vectors, dtype=np.float32))
        faiss.write_index(index, str(folder / FILE_NAME))

    def __len__(self) -> int:
        return len(self._vectors)

    def similarities(self, question: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of every passage to the question's unit vector, float32[n]."""
        cosines: NDArray[np.float32] = self._vectors @ question
        return cosines

    def vectors(self) -> NDArray[np.float32]:
        """Return all vectors, float32[n, 384]."""
        return self._vectors
