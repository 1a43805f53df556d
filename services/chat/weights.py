"""The weights of all-MiniLM-L6-v2 in 8 bits, and reading of them what is needed.

Matrices are kept as 8-bit integers with a scale per row, cosine 0.999 to the original, in a file that is made once
from the official one (unpacking.py). What is read of it leaves the process again; the system keeps the file, once
for all processes.
"""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from services.chat.networks import MINILM, MINILM_UNPACKED, ModelMissing
from services.chat.unpacking import unpacked

_FILE = "weights.safetensors"
_KINDS = {"F32": "<f4", "I8": "|i1"}
# Few rows: not worth a scale for each.
_WHOLE = ("embeddings.position_embeddings.weight", "embeddings.token_type_embeddings.weight")
_UNUSED = ("embeddings.position_ids", "pooler.dense.weight", "pooler.dense.bias")
# Rows of a matrix that are turned into 8 bits at once.
_BLOCK = 1024
_EPSILON = 1e-12


def in_8_bits(official: Path, networks: Path) -> Tensors:
    """Return the weights in 8 bits, made of the official folder under `networks` at the first time; ModelMissing."""
    try:
        folder = unpacked(networks, MINILM_UNPACKED, partial(_write_in_8_bits, official))
        return Tensors(folder / _FILE)
    except OSError as error:
        raise ModelMissing(f"all-MiniLM-L6-v2 cannot be unpacked: {error}") from error


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


def _write_in_8_bits(official: Path, folder: Path) -> None:
    MINILM.check(official)
    tensors = Tensors(official / "model.safetensors")
    names = [name for name in tensors.names() if name not in _UNUSED]
    with (folder / _FILE).open("wb") as file:
        _write_header(file, [part for name in names for part in _parts(tensors, name)])
        for name in names:
            for piece in _pieces(tensors, name):
                file.write(piece.data)


def _write_header(file: IO[bytes], parts: list[tuple[str, str, tuple[int, ...]]]) -> None:
    header, start = {}, 0
    for name, kind, shape in parts:
        end = start + np.dtype(_KINDS[kind]).itemsize * math.prod(shape)
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": (start, end)}
        start = end
    encoded = json.dumps(header).encode()
    file.write(struct.pack("<Q", len(encoded)) + encoded)


def _goes_in_8_bits(tensors: Tensors, name: str) -> bool:
    return len(tensors.shape(name)) == 2 and name not in _WHOLE


def _parts(tensors: Tensors, name: str) -> list[tuple[str, str, tuple[int, ...]]]:
    """Return name, kind and shape of what is written for a tensor."""
    shape = tensors.shape(name)
    if not _goes_in_8_bits(tensors, name):
        return [(name, "F32", shape)]
    return [(name, "I8", shape), (f"{name}.scale", "F32", (shape[0], 1))]


def _pieces(tensors: Tensors, name: str) -> Iterator[NDArray[Any]]:
    """Yield a tensor as it is written: a matrix in 8 bits, some rows at a time, then the scales of its rows."""
    if not _goes_in_8_bits(tensors, name):
        yield tensors[name]
        return
    count, scales = tensors.shape(name)[0], []
    for first in range(0, count, _BLOCK):
        rows = tensors.rows(name, first, min(first + _BLOCK, count))
        scales.append(np.abs(rows).max(axis=1, keepdims=True) / 127 + _EPSILON)
        yield np.round(rows / scales[-1]).astype(np.int8)
    yield np.concatenate(scales)
