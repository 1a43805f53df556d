"""BERT in numpy: Devlin et al. (2018), the encoder of the sentence networks that we read.

Blocks of self-attention and GELU, each normalised after its sum. The weights are in 8 bits on disk (weights.py) and
are widened for the time of one product; nothing of them stays in the process.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from services.chat.weights import Tensors

# Of 384 to 1,536 numbers and back: the largest product of the networks that we know.
MATRIX_MAX = 1536 * 384
HEADS = 12
# Rows of 1,536 numbers that stay in the processor's cache from one step of a formula to the next.
_ROWS = 64
_EPSILON = 1e-12
_LAYER = re.compile(r"encoder\.layer\.(\d+)\.")

Floats = NDArray[np.float32]
Tokens = Sequence[int]


class Bert:
    """The network between the numbers of tokens and their states. Safe to share between threads."""

    def __init__(self, tensors: Tensors, words: Callable[[NDArray[np.int64]], Floats]) -> None:
        """Open the weights; `words` gives the rows of the table of tokens, float32[n, hidden]."""
        self._words = words
        self._positions: Floats = tensors["embeddings.position_embeddings.weight"]
        self._type = tensors["embeddings.token_type_embeddings.weight"][0]
        self._norm = _Norm(tensors, "embeddings.LayerNorm")
        numbers = {int(found[1]) for name in tensors.names() if (found := _LAYER.match(name))}
        self._layers = [_Layer(tensors, f"encoder.layer.{number}") for number in sorted(numbers)]

    def states(self, texts: Sequence[Tokens]) -> list[Floats]:
        """Return the last states of each text's tokens, float32[tokens, hidden]; a product is made for all at once."""
        ends = list(itertools.accumulate(map(len, texts)))
        spans = [slice(end - len(text), end) for text, end in zip(texts, ends, strict=True)]
        places = np.concatenate([np.arange(len(text)) for text in texts])
        tokens = np.concatenate([np.asarray(text, dtype=np.int64) for text in texts])
        states = self._norm(self._words(tokens) + self._positions[places] + self._type)
        room = _Room()
        for layer in self._layers:
            states = layer(states, spans, room)
        return [states[span] for span in spans]


class EightBits:
    """A matrix in 8 bits, each row with its own scale; read when it is asked for."""

    def __init__(self, tensors: Tensors, name: str) -> None:
        self._tensors, self._name = tensors, name
        self._scale: Floats = tensors[f"{name}.scale"]

    def __call__(self, numbers: NDArray[np.int64]) -> Floats:
        """Return rows of the matrix."""
        rows = [self._tensors.rows(self._name, number, number + 1) for number in numbers.tolist()]
        widened: Floats = np.concatenate(rows) * self._scale[numbers]
        return widened

    def times(self, states: Floats, room: _Room) -> Floats:
        """Return states W^T."""
        shape = self._tensors.shape(self._name)
        narrow, wide = (part[: math.prod(shape)].reshape(shape) for part in (room.narrow, room.wide))
        self._tensors.read_into(narrow, self._name)
        np.copyto(wide, narrow)
        product: Floats = states @ wide.T
        product *= self._scale.T
        return product


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
        self._weight = EightBits(tensors, f"{name}.weight")
        self._bias = tensors[f"{name}.bias"]

    def __call__(self, states: Floats, room: _Room) -> Floats:
        product = self._weight.times(states, room)
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
    for first in range(0, len(values), _ROWS):
        block = values[first : first + _ROWS]
        scaled = np.abs(block) * np.float32(0.7071067811865476)
        t = 1 / (1 + np.float32(0.3275911) * scaled)
        series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
        erf = np.copysign(1 - series * np.exp(-scaled * scaled), block)
        block *= 0.5 * (1 + erf)
    return values
