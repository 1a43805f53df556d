"""The forward index: what reading needs of each sentence and heading, without analysing their text again.

Searching goes from a term to the texts that hold it (lexical.py), reading from the texts that were found to their
terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.chat.analysis import terms, terms_of, words
from services.chat.documents import title_terms
from services.chat.kinds import kinds_of
from services.chat.lexical import ImpactIndex, mapped

# A sentence opens with what it is about: so many words.
OPENING_WORDS = 6
NO_COLUMNS = -1
Numbers = NDArray[np.integer[Any]]
_ARRAYS = ("starts", "rows", "kinds", "openings", "columns")


@dataclass(frozen=True)
class ForwardIndex:
    """Of each text its distinct terms in the order of their first places; of each sentence a little more.

    The texts are the S sentences, the headings above each of the `sections`, the last of these headings (its title),
    and the heads of tables. `starts` int64[texts + 1] into `rows` int32[T], the terms' rows in the index of words (-1
    for a term that it does not hold). `kinds` uint8[S] as in kinds.py; `openings` uint8[S] how many of a sentence's
    terms stand in its first words; `columns` int32[S] which text is the head of the table that it is a row of, or
    NO_COLUMNS.
    """

    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    openings: NDArray[np.uint8]
    columns: NDArray[np.int32]
    sections: int

    @classmethod
    def build(
        cls, sentences: Sequence[str], heads: Sequence[str | None], headings: Sequence[tuple[str, ...]],
        index: ImpactIndex,
    ) -> ForwardIndex:
        """Build from the sentences, for each row of a table its head, and the sections' headings."""
        written = [words(sentence) for sentence in sentences]
        tables = dict.fromkeys(head for head in heads if head is not None)
        texts = [
            *map(terms_of, written),
            *([term for title in heading for term in terms(title)] for heading in headings),
            *map(title_terms, headings),
            *map(terms, tables),
        ]
        distinct = [list(dict.fromkeys(text)) for text in texts]
        first = len(sentences) + 2 * len(headings)
        places = {head: first + place for place, head in enumerate(tables)}
        return cls(
            starts=np.cumsum([0, *map(len, distinct)], dtype=np.int64),
            rows=index.find(term for text in distinct for term in text).astype(np.int32),
            kinds=np.array([kinds_of(sentence) for sentence in sentences], dtype=np.uint8),
            openings=np.array([len(set(terms_of(one[:OPENING_WORDS]))) for one in written], dtype=np.uint8),
            columns=np.array([NO_COLUMNS if head is None else places[head] for head in heads], dtype=np.int32),
            sections=len(headings),
        )

    def headings(self, sections: Numbers) -> Numbers:
        """Return the texts that are the headings above sections."""
        return len(self.kinds) + sections

    def titles(self, sections: Numbers) -> Numbers:
        """Return the texts that are the titles of sections."""
        return len(self.kinds) + self.sections + sections

    def gathered(self, texts: Numbers, most: Numbers | None = None) -> tuple[Numbers, NDArray[np.int32]]:
        """Return for each term of some texts the place of its text among them, and its row.

        With `most` only so many of each text's first terms.
        """
        starts = self.starts[texts]
        counts = self.starts[texts + 1] - starts
        if most is not None:
            counts = np.minimum(counts, most)
        of = np.repeat(np.arange(len(texts)), counts)
        return of, self.rows[np.arange(len(of)) + np.repeat(starts - np.cumsum(counts) + counts, counts)]

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays as `<name>.<array>.npy`."""
        for array in _ARRAYS:
            np.save(folder / f"{name}.{array}.npy", getattr(self, array), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, name: str, sections: int) -> ForwardIndex:
        """Map the arrays of `save` into memory; ValueError or OSError where they are damaged."""
        return cls(**{array: mapped(folder / f"{name}.{array}.npy") for array in _ARRAYS}, sections=sections)
