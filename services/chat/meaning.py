"""What a network has made of a generation, of its passages and of its words, and what a question means beside it."""

from __future__ import annotations

from dataclasses import dataclass

from services.chat.analysis import terms, words
from services.chat.generation import Generation
from services.chat.senses import Alike, Embed, Floats, Senses, has_sense
from services.chat.vector_store import VectorStore


@dataclass(frozen=True, slots=True)
class Meaning:
    """Each passage's cosine to a question, float32[P], and the documents' terms that mean nearly what its words do."""

    cosines: Floats
    alike: Alike


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of the generation of that name."""

    generation: str
    passages: VectorStore
    words: Senses

    @classmethod
    def load(cls, generation: Generation) -> Vectors:
        """Map them into memory; OSError or ValueError where they are damaged."""
        return cls(generation.name, VectorStore.load(generation.folder), Senses.load(generation.folder))

    def meaning(self, question: str, embed: Embed) -> Meaning:
        """Return what a question means, asking the network once: most of its cost is the same for one text or ten."""
        asked = [word for word in dict.fromkeys(words(question)) if terms(word) and has_sense(word)]
        held = self.words.held(asked)
        new = [word for word in asked if word not in held]
        vectors = embed([question, *new])
        learnt = self.words.learn(new, vectors[1:]) if new else {}
        return Meaning(self.passages.similarities(vectors[0]), {**held, **learnt})
