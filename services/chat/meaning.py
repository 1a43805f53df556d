"""What a network has made of a generation, and how near in meaning it is to a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.chat.generation import Generation
from services.chat.vector_store import SentenceStore, VectorStore

Floats = NDArray[np.float32]


class Told(NamedTuple):
    """A passage: the headings above it, and its sentences."""

    heading: str
    sentences: Sequence[str]


class Made(NamedTuple):
    """The unit vectors of passages, float32[n, 384], and of all their sentences in a row, float32[s, 384]."""

    passages: Floats
    sentences: Floats


class Scale(NamedTuple):
    """A network's cosines of a question and a text about something else, and of a question and its answer."""

    other: float
    answer: float

    def likeness(self, cosines: Floats) -> Floats:
        """Return cosines on the scale that is the same for all networks: 0 something else, 1 an answer."""
        like: Floats = (cosines - np.float32(self.other)) / np.float32(self.answer - self.other)
        return like


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of the generation of that name."""

    generation: str
    passages: VectorStore
    sentences: SentenceStore

    @classmethod
    def load(cls, generation: Generation) -> Vectors:
        """Map them into memory; OSError or ValueError where they are damaged."""
        sentences = SentenceStore.load(generation.folder, len(generation.sentence_spans))
        return cls(generation.name, VectorStore.load(generation.folder), sentences)


@dataclass(frozen=True, slots=True)
class Meaning:
    """A question's unit vector beside the vectors of a generation."""

    question: Floats
    vectors: Vectors
    scale: Scale

    def passages(self) -> Floats:
        """Return the likeness of each passage, float32[P]."""
        return self.scale.likeness(self.vectors.passages.similarities(self.question))

    def sentences(self, numbers: NDArray[np.integer[Any]]) -> Floats:
        """Return the likeness of some sentences, float32[n]."""
        return self.scale.likeness(self.vectors.sentences.similarities(self.question, numbers))
