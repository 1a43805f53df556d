"""The weights of a network in 8 bits, and reading of them what is needed.

Matrices are kept as 8-bit integers with a scale per row, cosine 0.999 to the original, in a file that is made once
from the published one (unpacking.py). What is read of it leaves the process again; the system keeps the file, once
for all processes.
"""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from services.chat.networks import ModelMissing

FILE = "weights.safetensors"
# The table of tokens, which no product needs whole.
TABLE = "embeddings.word_embeddings.weight"
_KINDS = {"F32": "<f4", "I8": "|i1"}
# Few rows: not worth a scale for each.
_WHOLE = ("embeddings.position_embeddings.weight", "embeddings.token_type_embeddings.weight")
# Rows of a matrix that are turned into 8 bits at once.
_BLOCK = 1024
_EPSILON = 1e-12


class Source(Protocol):
    """Where weights come from."""

    def shape(self, name: str) -> tuple[int, ...]:
        """Return a tensor's shape."""
        ...

    def rows(self, name: str, first: int, end: int) -> NDArray[Any]:
        """Return rows first..end of a tensor, float32."""
        ...


class Tensors:
    """A safetensors file: a JSON header with offsets, then the raw numbers. Safe to share between threads."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("rb", buffering=0)
        (length,) = struct.unpack("<Q", os.pread(self._file.fileno(), 8, 0))
        self._header = json.loads(os.pread(self._file.fileno(), length, 8))
        self._data = 8 + length

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.rows(name, 0, self.shape(name)[0])

    def names(self) -> list[str]:
        """Return the tensors' names."""
        return [name for name in self._header if name != "__metadata__"]

    def shape(self, name: str) -> tuple[int, ...]:
        """Return a tensor's shape."""
        return tuple(self._header[name]["shape"])

    def rows(self, name: str, first: int, end: int) -> NDArray[Any]:
        """Return rows first..end of a tensor, as they are in the file."""
        _count, *rest = self.shape(name)
        rows = np.empty((end - first, *rest), dtype=_KINDS[self._header[name]["dtype"]])
        self.read_into(rows, name, first)
        return rows

    def read_into(self, rows: NDArray[Any], name: str, first: int = 0) -> None:
        """Fill an array with rows of a tensor of its kind, from row `first` on; ModelMissing."""
        start = self._data + self._header[name]["data_offsets"][0] + first * rows[:1].nbytes
        if os.preadv(self._file.fileno(), [rows.data], start) < rows.nbytes:
            raise ModelMissing("The file of the weights has become shorter since it was opened.")


def write_in_8_bits(source: Source, names: Sequence[str], file: Path) -> None:
    """Write tensors of a source: matrices in 8 bits with their scales, the others as they are."""
    with file.open("wb") as out:
        _write_header(out, [part for name in names for part in _parts(source, name)])
        for name in names:
            for piece in _pieces(source, name):
                out.write(piece.data)


def _write_header(file: IO[bytes], parts: list[tuple[str, str, tuple[int, ...]]]) -> None:
    header, start = {}, 0
    for name, kind, shape in parts:
        end = start + np.dtype(_KINDS[kind]).itemsize * math.prod(shape)
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": (start, end)}
        start = end
    encoded = json.dumps(header).encode()
    file.write(struct.pack("<Q", len(encoded)) + encoded)


def _goes_in_8_bits(source: Source, name: str) -> bool:
    return len(source.shape(name)) == 2 and name not in _WHOLE


def _parts(source: Source, name: str) -> list[tuple[str, str, tuple[int, ...]]]:
    """Return name, kind and shape of what is written for a tensor."""
    shape = source.shape(name)
    if not _goes_in_8_bits(source, name):
        return [(name, "F32", shape)]
    return [(name, "I8", shape), (f"{name}.scale", "F32", (shape[0], 1))]


def _pieces(source: Source, name: str) -> Iterator[NDArray[Any]]:
    """Yield a tensor as it is written: a matrix in 8 bits, some rows at a time, then the scales of its rows."""
    if not _goes_in_8_bits(source, name):
        yield source.rows(name, 0, source.shape(name)[0])
        return
    count, scales = source.shape(name)[0], []
    for first in range(0, count, _BLOCK):
        rows = source.rows(name, first, min(first + _BLOCK, count))
        scales.append(np.abs(rows).max(axis=1, keepdims=True) / 127 + _EPSILON)
        yield np.round(rows / scales[-1]).astype(np.int8)
    yield np.concatenate(scales)
