"""Looking for a question's terms in many texts at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.chat.forward import ForwardIndex, Numbers
from services.chat.lexical import ImpactIndex
from services.chat.wanted import Wanted

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Sought:
    """The terms that are looked for: each has a column in tables of what texts hold, the last column is nothing's.

    `others` are terms that do not stand for what is asked about and are looked for beside.
    """

    def __init__(self, words: ImpactIndex, wanted: Wanted, others: Iterable[str]) -> None:
        standing = [term for concept in wanted.concepts for term, _fit in concept.terms]
        terms = list(dict.fromkeys([*standing, *others]))
        rows = words.find(terms)
        # The last is one that no text has, so that each row of a text finds a place. (np.unique would load numpy.ma.)
        self._rows = np.array([*sorted({*rows[rows >= 0].tolist()}), np.iinfo(np.int64).max])
        self._column = dict(zip(terms, self._columns(rows).tolist(), strict=True))
        self._columns_of_concepts = self.columns(standing)
        self._fits = np.array([fit for concept in wanted.concepts for _term, fit in concept.terms])
        known = [place for place, concept in enumerate(wanted.concepts) if concept.terms]
        self._shares = np.array([wanted.shares[place] for place in known])
        counts = [len(wanted.concepts[place].terms) for place in known]
        self._first = np.cumsum([0, *counts[:-1]]) if counts else np.empty(0, dtype=np.int64)

    def columns(self, terms: Iterable[str]) -> list[int]:
        """Return the columns of terms that are looked for."""
        return [self._column[term] for term in terms]

    def found_in(self, index: ForwardIndex, texts: Numbers, most: NDArray[Any] | None = None) -> Flags:
        """Return which terms each text holds, bool[texts, columns]; among its first `most`, where they are given."""
        of, rows = index.gathered(texts, most)
        columns = self._columns(rows)
        found = np.zeros((len(texts), len(self._rows)), dtype=np.bool_)
        found[of, columns] = True
        found[:, -1] = False
        return found

    def held(self, found: Flags) -> Floats:
        """Return how much of the question each text holds by each of the concepts that documents know, float64[n, c].

        `found` is as `found_in` gives it. A concept counts as well as the best of its terms.
        """
        fits = found[:, self._columns_of_concepts] * self._fits
        best: Floats = np.maximum.reduceat(fits, self._first, axis=1) * self._shares
        return best

    def named(self, rows: NDArray[np.int32]) -> Floats:
        """Return how well each of some terms, by their rows, stands for something that is asked about."""
        fits = np.zeros(len(self._rows))
        np.maximum.at(fits, self._columns_of_concepts, self._fits)
        fits[-1] = 0
        found: Floats = fits[self._columns(rows)]
        return found

    def _columns(self, rows: NDArray[np.integer[Any]]) -> Numbers:
        columns = np.searchsorted(self._rows, rows)
        return np.where(self._rows[columns] == rows, columns, len(self._rows) - 1)
