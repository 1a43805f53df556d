"""Inverted indexes as flat arrays: what each term gives to each unit is computed once, a question adds a few rows.

What it gives is BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009) or, in
titles, its share of the unit. Terms are kept as 64-bit hashes in sorted order, so that the vocabulary is a
memory-mapped array and not a dictionary of strings: at 2**17 terms two share a hash once in two billion indexes.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ARRAYS = ("hashes", "starts", "units", "impacts", "weights")


@functools.lru_cache(maxsize=16_384)
def term_hash(term: str) -> int:
    """Return a term's 64-bit hash, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class ImpactIndex:
    """For each term the units (passages, or words for their sounds) that hold it, and what it gives to their score.

    `hashes` uint64[T] sorted; `starts` int64[T + 1] into `units` int32[P] and `impacts` float32[P];
    `weights` float32[T] the terms' idf; `count` the number of units.
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.int64]
    units: NDArray[np.int32]
    impacts: NDArray[np.float32]
    weights: NDArray[np.float32]
    count: int

    @classmethod
    def build(cls, frequencies: Sequence[Mapping[str, float]], *, k1: float = 1.2, b: float = 0.75) -> ImpactIndex:
        """Build from each unit's term frequencies (weighted where a field weighs more or less)."""
        lengths = np.array([sum(unit.values()) for unit in frequencies], dtype=np.float64)
        postings = sorted(
            (term_hash(term), number, frequency)
            for number, unit in enumerate(frequencies)
            for term, frequency in unit.items()
        )
        columns = zip(*postings, strict=True) if postings else ((), (), ())
        hashes, units, tf = (np.array(column, dtype=kind) for column, kind in zip(
            columns, (np.uint64, np.int32, np.float64), strict=True
        ))
        distinct, first = np.unique(hashes, return_index=True)
        starts = np.append(first, len(hashes)).astype(np.int64)
        df = np.diff(starts)
        idf = np.log1p((len(frequencies) - df + 0.5) / (df + 0.5))
        norm = k1 * (1 - b + b * lengths[units] / max(lengths.mean(), 1e-9)) if len(units) else tf
        impacts = np.repeat(idf, df) * tf * (k1 + 1) / (tf + norm)
        return cls(
            distinct, starts, units, impacts.astype(np.float32), idf.astype(np.float32), len(frequencies)
        )

    @classmethod
    def build_shares(cls, units: Sequence[Collection[str]]) -> ImpactIndex:
        """Build from each unit's distinct terms: what a term gives is its share of the unit's weight, together 1."""
        made = cls.build([dict.fromkeys(unit, 1.0) for unit in units])
        weights = np.repeat(made.weights, np.diff(made.starts))
        totals = np.bincount(made.units, weights=weights, minlength=made.count)
        return replace(made, impacts=(weights / totals[made.units]).astype(np.float32) if len(weights) else weights)

    @property
    def rarest(self) -> float:
        """The weight of the rarest term, which an unknown one has too; 1 in an empty index."""
        return float(self.weights.max()) if len(self.weights) else 1.0

    def find(self, terms: Iterable[str]) -> NDArray[np.int64]:
        """Return each term's row, -1 for one that no unit holds."""
        wanted = np.fromiter((term_hash(term) for term in terms), dtype=np.uint64)
        if not len(self.hashes):
            return np.full(len(wanted), -1)
        rows = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        return np.where(self.hashes[rows] == wanted, rows, -1)

    def scores(self, rows: Iterable[int], weights: Iterable[float] | None = None) -> NDArray[np.float32]:
        """Return each unit's sum over the rows (as `find` gives them; -1 adds nothing), float32[count]."""
        total = np.zeros(self.count, dtype=np.float32)
        for row, weight in zip(rows, weights or iter(lambda: 1.0, None), strict=False):
            if row >= 0:
                held = slice(self.starts[row], self.starts[row + 1])
                total[self.units[held]] += self.impacts[held] * np.float32(weight)
        return total

    def evidence(self, alternatives: Iterable[Sequence[tuple[int, float]]]) -> NDArray[np.float32]:
        """Return each unit's sum over things asked about, each of which counts by the best of its rows.

        `alternatives` gives for each thing the rows (as `find` gives them) that may stand for it, with how
        well each does.
        """
        total = np.zeros(self.count, dtype=np.float32)
        for rows in alternatives:
            if len(rows) == 1:
                total += self.scores([rows[0][0]], [rows[0][1]])
                continue
            best = np.zeros(self.count, dtype=np.float32)
            for row, fit in rows:
                if row >= 0:
                    held = slice(self.starts[row], self.starts[row + 1])
                    best[self.units[held]] = np.maximum(best[self.units[held]], self.impacts[held] * np.float32(fit))
            total += best
        return total

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays as `<name>.<array>.npy`."""
        for array in _ARRAYS:
            np.save(folder / f"{name}.{array}.npy", getattr(self, array), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, name: str, count: int) -> ImpactIndex:
        """Map the arrays of `save` into memory; ValueError or OSError where they are damaged."""
        return cls(**{array: mapped(folder / f"{name}.{array}.npy") for array in _ARRAYS}, count=count)


def mapped(file: Path) -> NDArray[Any]:
    """Return an array that stays on disk, without numpy's memmap class, which makes each slice twice as dear."""
    array: NDArray[Any] = np.load(file, mmap_mode="r", allow_pickle=False).view(np.ndarray)
    return array
