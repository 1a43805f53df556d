"""Sentence embeddings of all-MiniLM-L6-v2 in numpy: 384 numbers a text, no torch.

The network is a BERT of six layers (hidden 384, twelve heads, intermediate 1536, GELU) whose last
hidden states are averaged and normalised. Its weights are in 8 bits (weights.py), widened for the time of
one product.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.chat.config import EMBEDDING_DIMENSION
from services.chat.networks import MINILM_IDENTITY
from services.chat.weights import Tensors, in_8_bits
from services.chat.wordpiece import WordPiece

TOKENS_MAX = 256
LAYERS = 6
HEADS = 12
MATRIX_MAX = 1536 * 384
# Texts at once: the weights are widened once for all of them.
BATCH = 4
# Rows of 1,536 numbers that stay in the processor's cache from one step of a formula to the next.
ROWS = 64
_EPSILON = 1e-12

Floats = NDArray[np.float32]


class Embedder:
    """Turns texts into unit vectors, float32[n, 384]. Safe to share between threads."""

    identity = MINILM_IDENTITY

    def __init__(self, folder: Path, networks: Path) -> None:
        """Open the weights, in 8 bits under `networks`; ModelMissing when they are not the official ones."""
        self._tokens = WordPiece(folder / "vocab.txt")
        tensors = in_8_bits(folder, networks)
        self._word = _Rows(tensors, "embeddings.word_embeddings.weight")
        self._position = tensors.rows("embeddings.position_embeddings.weight", 0, TOKENS_MAX)
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
        room = _Room()
        for layer in self._layers:
            states = layer(states, spans, room)
        pooled = np.stack([states[span].mean(axis=0) for span in spans])
        unit: Floats = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), _EPSILON)
        return unit


class _Rows:
    """A matrix in 8 bits, each row with its own scale; read when it is asked for."""

    def __init__(self, tensors: Tensors, name: str) -> None:
        self._tensors, self._name = tensors, name
        self._scale: Floats = tensors[f"{name}.scale"]

    def __getitem__(self, numbers: NDArray[np.int64]) -> Floats:
        rows = [self._tensors.rows(self._name, number, number + 1) for number in numbers.tolist()]
        widened: Floats = np.concatenate(rows) * self._scale[numbers]
        return widened

    def whole(self, room: _Room) -> Floats:
        """Return the matrix, which stands until the room is used again."""
        shape = self._tensors.shape(self._name)
        narrow, wide = (part[: math.prod(shape)].reshape(shape) for part in (room.narrow, room.wide))
        self._tensors.read_into(narrow, self._name)
        return np.multiply(narrow, self._scale, out=wide)


class _Room:
    """Room for one matrix of a layer, in 8 bits and widened.

    One for all matrices of a pass: fresh memory for each would take more time than the products.
    """

    def __init__(self) -> None:
        self.narrow = np.empty(MATRIX_MAX, dtype=np.int8)
        self.wide = np.empty(MATRIX_MAX, dtype=np.float32)


class _Linear:
    """x W^T + b."""

    def __init__(self, tensors: Tensors, name: str) -> None:
        self._weight = _Rows(tensors, f"{name}.weight")
        self._bias = tensors[f"{name}.bias"]

    def __call__(self, states: Floats, room: _Room) -> Floats:
        product: Floats = states @ self._weight.whole(room).T
        product += self._bias
        return product


class _Norm:
    """Layer normalisation."""

    def __init__(self, tensors: Tensors, name: str) -> None:
        self._gain, self._shift = tensors[f"{name}.weight"], tensors[f"{name}.bias"]

    def __call__(self, states: Floats) -> Floats:
        centred = states - states.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + _EPSILON)
        normal: Floats = centred / spread * self._gain + self._shift
        return normal


class _Layer:
    """One block of the encoder."""

    def __init__(self, tensors: Tensors, name: str) -> None:
        self._query = _Linear(tensors, f"{name}.attention.self.query")
        self._key = _Linear(tensors, f"{name}.attention.self.key")
        self._value = _Linear(tensors, f"{name}.attention.self.value")
        self._out = _Linear(tensors, f"{name}.attention.output.dense")
        self._attended = _Norm(tensors, f"{name}.attention.output.LayerNorm")
        self._wide = _Linear(tensors, f"{name}.intermediate.dense")
        self._narrow = _Linear(tensors, f"{name}.output.dense")
        self._done = _Norm(tensors, f"{name}.output.LayerNorm")

    def __call__(self, states: Floats, spans: Sequence[slice], room: _Room) -> Floats:
        states = self._attended(states + self._out(self._attend(states, spans, room), room))
        return self._done(states + self._narrow(_gelu(self._wide(states, room)), room))

    def _attend(self, states: Floats, spans: Sequence[slice], room: _Room) -> Floats:
        """Let the tokens of each text look at one another."""
        parts = [part(states, room) for part in (self._query, self._key, self._value)]
        return np.concatenate([_attention(*(part[span] for part in parts)) for span in spans])


def _attention(query: Floats, key: Floats, value: Floats) -> Floats:
    shape = query.shape
    query, key, value = _heads(query), _heads(key), _heads(value)
    weights: Floats = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[-1]))
    weights -= weights.max(axis=-1, keepdims=True)
    np.exp(weights, out=weights)
    weights /= weights.sum(axis=-1, keepdims=True)
    attended: Floats = (weights @ value).transpose(1, 0, 2).reshape(shape)
    return attended


def _heads(states: Floats) -> Floats:
    return states.reshape(len(states), HEADS, -1).transpose(1, 0, 2)


def _gelu(values: Floats) -> Floats:
    """Replace each x by x Phi(x), with erf by Abramowitz and Stegun 7.1.26 (error below 2e-7); return them."""
    for first in range(0, len(values), ROWS):
        block = values[first : first + ROWS]
        scaled = np.abs(block) * np.float32(0.7071067811865476)
        t = 1 / (1 + np.float32(0.3275911) * scaled)
        series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
        erf = np.copysign(1 - series * np.exp(-scaled * scaled), block)
        block *= 0.5 * (1 + erf)
    return values
