"""Vectors on disk and the exact search over them (FAISS, inner product of unit vectors)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.chat.config import EMBEDDING_DIMENSION

FILE_NAME = "vectors.faiss"


class VectorStore:
    """One vector per passage, in the order of the passages. FAISS is loaded with the first one."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> VectorStore:
        """Make a store of unit vectors float32[n, 384]."""
        import faiss  # 15 MB that lexical answers do without

        index = faiss.IndexFlatIP(EMBEDDING_DIMENSION)
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> VectorStore:
        """Map the store of `save` into memory; OSError or RuntimeError where it is damaged."""
        import faiss

        return cls(faiss.read_index(str(folder / FILE_NAME), faiss.IO_FLAG_MMAP_IFC))

    def save(self, folder: Path) -> None:
        """Write the store."""
        import faiss

        faiss.write_index(self._index, str(folder / FILE_NAME))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def similarities(self, question: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of every passage to the question's unit vector, float32[n]."""
        count = len(self)
        values = np.zeros(count, dtype=np.float32)
        if count:
            found, order = self._index.search(question.reshape(1, -1), count)
            values[order[0]] = found[0]
        return values

    def vectors(self) -> NDArray[np.float32]:
        """Return all vectors, float32[n, 384]."""
        return np.asarray(self._index.reconstruct_n(0, len(self)), dtype=np.float32)
