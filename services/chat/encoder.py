"""Texts as unit vectors: the average of the states that a BERT gives their tokens.

A passage is read once, with its headings. The average of all its states is its vector, that of a sentence's states the
sentence's: a sentence "Se acredita por los pagos" is so known to be about what stands above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np

from services.chat.bert import Bert
from services.chat.config import EMBEDDING_DIMENSION
from services.chat.meaning import Floats, Made, Told
from services.chat.networks import ModelMissing

# Tokens at once, of several texts or a long one: the weights are widened once for all.
BATCH = 512
_EPSILON = 1e-12


class Tokens(Protocol):
    """Cuts texts into tokens; `begin` and `end` stand around each text."""

    begin: int
    end: int

    def cut(self, text: str, tokens_max: int) -> list[int]:
        """Return the numbers of a text's tokens, at most `tokens_max`, without begin and end."""
        ...


class Encoder:
    """A network with its tokens. Safe to share between threads."""

    def __init__(self, bert: Bert, tokens: Tokens, *, tokens_max: int, asked: str = "", told: str = "") -> None:
        """`asked` and `told` stand before questions and passages, where the network was trained so."""
        self._bert, self._tokens, self._tokens_max = bert, tokens, tokens_max
        self._asked, self._told = asked, told

    def question(self, text: str) -> Floats:
        """Return a question's unit vector, float32[384]; ModelMissing where the disk lost or damaged the network."""
        (states,) = self._bert.states([self._whole(self._cut(self._asked + text))])
        return _sound(unit(states.mean(axis=0)))

    def passages(self, passages: Sequence[Told]) -> Made:
        """Return the vectors of passages and of their sentences; ModelMissing."""
        whole: list[Floats] = []
        parts: list[Floats] = []
        for group in self._groups(passages):
            read = self._bert.states([tokens for tokens, _spans in group])
            for states, (_tokens, spans) in zip(read, group, strict=True):
                whole.append(states.mean(axis=0))
                parts += [states[span].mean(axis=0) if span.start < span.stop else whole[-1] for span in spans]
        return Made(_stacked(whole), _stacked(parts))

    def _groups(self, passages: Sequence[Told]) -> Iterator[list[tuple[list[int], list[slice]]]]:
        """Yield the tokens of a few passages at a time, at most BATCH together, with where their sentences are."""
        group: list[tuple[list[int], list[slice]]] = []
        held = 0
        for passage in passages:
            read = self._read(passage)
            if group and held + len(read[0]) > BATCH:
                yield group
                group, held = [], 0
            group.append(read)
            held += len(read[0])
        if group:
            yield group

    def _read(self, passage: Told) -> tuple[list[int], list[slice]]:
        tokens = self._cut(self._told) + self._cut(passage.heading)
        ends = [len(tokens)]
        for sentence in passage.sentences:
            tokens += self._cut(sentence)
            ends.append(len(tokens))
        # One more: the beginning stands before all.
        places = [min(end, self._tokens_max - 2) + 1 for end in ends]
        return self._whole(tokens), [slice(*both) for both in pairwise(places)]

    def _whole(self, tokens: list[int]) -> list[int]:
        return [self._tokens.begin, *tokens[: self._tokens_max - 2], self._tokens.end]

    def _cut(self, text: str) -> list[int]:
        return self._tokens.cut(text, self._tokens_max)


def _stacked(vectors: list[Floats]) -> Floats:
    return _sound(unit(np.stack(vectors))) if vectors else np.empty((0, EMBEDDING_DIMENSION), dtype=np.float32)


def _sound(vectors: Floats) -> Floats:
    if not np.isfinite(vectors).all():
        raise ModelMissing("The network's weights are damaged: what it makes of a text is no number.")
    return vectors


def unit(vectors: Floats) -> Floats:
    """Return vectors of the length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    normal: Floats = vectors / np.maximum(lengths, np.float32(_EPSILON))
    return normal
