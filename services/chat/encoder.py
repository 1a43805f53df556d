"""The encoder of universal-sentence-encoder-multilingual 3 in numpy: pieces of words to vectors of sentences.

Yang et al. (2019), "Multilingual Universal Sentence Encoder for Semantic Retrieval": each piece's row of a table and
what convolutions of 2, 3 and 5 pieces make of it are averaged, and a small network makes the sentence of it.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.chat.lexical import mapped
from services.chat.networks import ModelMissing

# The table of pieces has so many parts, the part of a piece being its remainder.
PARTS = 17
PART_ROWS = 7530
WIDTH = 512
# How many pieces are looked at together, and how many of them before the one that is made.
CONVOLUTIONS = ((2, 0), (3, 1), (5, 2))
_GAP = 2
_TABLE = "table.bin"
_SCALE = ".scale.npy"
# The layers' weights were quantised when they were published: multiples in -127..127 of one number each.
_LEVELS = np.float32(127)
# Rows of a matrix that are widened at once: 128 KB.
_ROWS = 128
_EPSILON = 1e-12

Floats = NDArray[np.float32]


def unpack_encoder(weights: Path, folder: Path) -> None:
    """Write the arrays of the packed weights as files for `Encoder`: 66 MB of table, 4 MB of layers."""
    with zipfile.ZipFile(weights) as archive:
        archive.extractall(folder)
    with (folder / _TABLE).open("wb") as table:
        for part in range(PARTS):
            packed = folder / f"q{part + 1}.npy"
            np.load(packed).tofile(table)
            packed.unlink()
    for file in list(folder.glob("*.npy")):
        weight = np.load(file)
        if weight.ndim == 2 and weight.dtype == np.float32:
            scale = np.abs(weight).max() / _LEVELS
            np.save(file, np.round(weight / scale).astype(np.int8))
            np.save(file.with_suffix(_SCALE), scale)


class Encoder:
    """Turns the pieces of several texts into unit vectors, float32[n, 512]. Safe to share between threads.

    The texts stand one after the other with two empty rows before, between and behind them, so that the convolutions
    of one see nothing of the next.
    """

    def __init__(self, folder: Path) -> None:
        """Map what `unpack_encoder` has written; OSError or ValueError where it is damaged."""

        def read(name: str) -> NDArray[Any]:
            return mapped(folder / f"{name}.npy")

        def matrix(name: str) -> _Matrix:
            return _Matrix(read(name), read(f"{name}.scale"))

        self._table = _Table(folder / _TABLE, read("scale"), read("lo"))
        self._narrow = [(matrix(f"proj{size}"), read(f"proj_b{size}")) for size, _left in CONVOLUTIONS]
        self._first_norm = [np.concatenate([read(f"{name}{size}") for size, _left in CONVOLUTIONS])
                            for name in ("ln_g", "ln_b")]
        self._layers = [
            [_Convolution(matrix(f"w{layer}_{size}"), read(f"b{layer}_{size}"), left, size) for layer in (1, 2)]
            for size, left in CONVOLUTIONS
        ]
        self._last_norm = read("ln_g"), read("ln_b")
        self._mixed, self._mixed_bias = matrix("cnn_W"), read("cnn_b")
        self._dense = [matrix(name) for name in ("d0", "d1", "p1", "d2", "p3", "d3")]

    def __call__(self, texts: Sequence[Sequence[int]]) -> Floats:
        """Return one vector per text, each of one piece or more; ModelMissing where the table was cut meanwhile."""
        counts = np.array([len(numbers) for numbers in texts])
        # Where each piece stands: two empty rows come before each text.
        places = np.arange(counts.sum()) + _GAP * np.repeat(np.arange(1, len(texts) + 1), counts)
        rows = self._table[[number for numbers in texts for number in numbers]]
        narrow = _normal(np.hstack([matrix(rows) + bias for matrix, bias in self._narrow]), *self._first_norm)
        parts = [rows]
        for states, (first, second) in zip(np.split(narrow, len(self._layers), axis=1), self._layers, strict=True):
            parts.append(second(first(states, places), places))
        states = _normal(np.hstack(parts), *self._last_norm)
        summed = self._mixed(np.add.reduceat(states, np.cumsum(counts) - counts, axis=0))
        # The sum over the root of the count: each piece has the bias once.
        roots: Floats = np.sqrt(counts[:, None], dtype=np.float32)
        return self._sentence(summed / roots + roots * self._mixed_bias)

    def _sentence(self, states: Floats) -> Floats:
        d0, d1, p1, d2, p3, d3 = self._dense
        first = _positive(p1(states) + d1(_positive(d0(states))))
        return unit(np.tanh(p3(first) + d3(_positive(d2(first)))))


class _Table:
    """A row of 512 numbers for each piece, in 8 bits, with a scale for each part of the table.

    Rows are read, not mapped: the kernel maps 64 KB about each touched place, so that 50 questions would draw 10 MB of
    the 66 into memory, and in time all of it.
    """

    def __init__(self, file: Path, scale: Floats, low: Floats) -> None:
        self._file = file.open("rb", buffering=0)
        self._scale, self._low = scale, low

    def __getitem__(self, numbers: Sequence[int]) -> Floats:
        parts = np.array(numbers) % PARTS
        places = WIDTH * (parts * PART_ROWS + np.array(numbers) // PARTS)
        packed = b"".join(os.pread(self._file.fileno(), WIDTH, place) for place in places.tolist())
        if len(packed) < WIDTH * len(places):
            raise ModelMissing("The table of the network has become shorter since it was opened.")
        rows = np.frombuffer(packed, np.uint8).reshape(-1, WIDTH) * self._scale[parts, None]
        return rows + self._low[parts, None]


class _Matrix:
    """A matrix in 8 bits with one scale, as it was published, widened a few rows at a time."""

    def __init__(self, packed: NDArray[np.int8], scale: Floats) -> None:
        self._packed, self._scale = packed, scale

    def __call__(self, states: Floats) -> Floats:
        """Return float32[n, columns], the states' product with the matrix."""
        product = np.zeros((len(states), self._packed.shape[1]), dtype=np.float32)
        for first in range(0, len(self._packed), _ROWS):
            rows = slice(first, first + _ROWS)
            product += states[:, rows] @ self._packed[rows].astype(np.float32)
        product *= self._scale
        return product


class _Convolution:
    """What each piece becomes by those about it, added to what it was."""

    def __init__(self, weight: _Matrix, bias: Floats, left: int, size: int) -> None:
        """Of the `size` pieces that are looked at `left` stand before the one that is made."""
        self._weight, self._bias = weight, bias
        self._shifts = np.arange(-left, size - left)

    def __call__(self, states: Floats, places: NDArray[np.intp]) -> Floats:
        """Return float32[n, w] of float32[n, w], whose rows stand at `places`, with nothing between them."""
        spaced = np.zeros((places[-1] + 1 + _GAP, states.shape[1]), np.float32)
        spaced[places] = states
        windows = spaced[places[:, None] + self._shifts].reshape(len(states), -1)
        return _positive(self._weight(windows) + self._bias) + states


def _normal(states: Floats, gain: Floats, shift: Floats) -> Floats:
    """Return states of mean 0 and variance 1 each, stretched and moved (layer normalisation)."""
    states = states - states.mean(axis=1, keepdims=True)
    states /= np.sqrt(np.einsum("ij,ij->i", states, states) / states.shape[1] + _EPSILON)[:, None]
    states *= gain
    states += shift
    return states


def _positive(states: Floats) -> Floats:
    return np.maximum(states, 0)


def unit(vectors: Floats) -> Floats:
    """Return vectors of length 1."""
    normal: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), _EPSILON)
    return normal
