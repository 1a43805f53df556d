"""Reading the passages that words have found: which sentences answer, and how much of the question they hold.

Counting words finds the place, not the answer: a sentence under "Valores a depositar" need not repeat those words.
Here each sentence is read with its headings, as a person would; all candidates at once, from the forward index.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.chat.analysis import fold, words
from services.chat.asking import CONTRARIES, DIFFERENCE, OPPOSITES
from services.chat.forward import NO_COLUMNS, Numbers
from services.chat.generation import Generation
from services.chat.kinds import counts_beside
from services.chat.meaning import Meaning
from services.chat.sought import Flags, Floats, Sought
from services.chat.wanted import Wanted

NAMED = 0.99
# "Otros ingresos varios" is not what "ingresos" names.
_VAGUE = frozenset({"otro", "otra", "otros", "otras", "varios", "varias"})
_VAGUE_NAMED = 0.6


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """What a sentence holds of the question, in shares of its weight.

    `own` by itself, `covered` with its headings, `opening` in its first words; `fits` whether it is of the kind
    that is wanted (a definition, a number), where one is; `counts` whether it has a number; `contrary` whether it
    tells of the contrary (debita for acredita). `alike` is its likeness to the question, 0 without vectors.
    """

    sentence: int
    own: float
    covered: float
    opening: float
    fits: bool
    counts: bool
    contrary: bool
    alike: float


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage's sentences, and what is true of the whole.

    `named` is the share of its heading that was asked about, `held` that of the question which it holds with its
    headings.
    """

    sentences: tuple[ReadSentence, ...]
    named: float
    held: float

    @property
    def covered(self) -> float:
        """The most that one of its sentences holds with the headings."""
        return max((read.covered for read in self.sentences), default=0.0)


@dataclass(frozen=True)
class Reading:
    """Several passages read.

    Of each the most that a sentence holds with its headings (`covered`), by itself (`own`) and by itself being of the
    wanted kind (`fitting`), how near one is in meaning (`alike`), and what ReadPassage says: float64[n]. `sentences`
    are the columns of ReadSentence for all of theirs, one after the other; `first` is where those of each passage
    begin.
    """

    covered: Floats
    own: Floats
    fitting: Floats
    alike: Floats
    named: Floats
    held: Floats
    first: Numbers
    sentences: tuple[NDArray[Any], ...]

    def passage(self, place: int) -> ReadPassage:
        """Return one of the passages, by its place among them."""
        end = self.first[place + 1] if place + 1 < len(self.first) else None
        columns = (column[self.first[place] : end].tolist() for column in self.sentences)
        return ReadPassage(tuple(map(ReadSentence, *columns)), float(self.named[place]), float(self.held[place]))


def read_passages(
    generation: Generation, wanted: Wanted, passages: Sequence[int], meaning: Meaning | None = None
) -> Reading:
    """Read passages, one or more, for what is wanted, which must be something, and for what it means."""
    index, chosen = generation.read, np.array(passages)
    numbers, of = _sentences_of(generation, chosen)
    first = np.searchsorted(of, np.arange(len(chosen)))
    sections, columns = generation.spans[chosen, 0], index.columns[numbers]
    is_row = columns != NO_COLUMNS
    contraries = OPPOSITES if wanted.supposes else CONTRARIES
    against = [pair for pair in contraries if wanted.asked & pair]
    sought = Sought(generation.words, wanted, itertools.chain(DIFFERENCE, *against))
    texts = np.concatenate((numbers, index.headings(sections), index.titles(sections), columns[is_row]))
    there, above, titles, heads = np.split(
        sought.found_in(index, texts), np.cumsum((len(numbers), len(chosen), len(chosen)))
    )
    named = _named(generation, wanted, sought, sections)
    if wanted.compares:
        titles[:, sought.columns(DIFFERENCE)] = False
    held, held_above = sought.held(there), sought.held(above)
    around = held_above[of]
    around[is_row] = np.maximum(around[is_row], sought.held(heads))
    # Under a heading that is what was asked about, a sentence goes without its subject: "Se debita por..."
    subject = sought.held(titles) * (named > NAMED)[:, None]
    opening = np.maximum(sought.held(sought.found_in(index, numbers, index.openings[numbers])), subject[of])
    own, covered = held.sum(axis=1), np.maximum(held, around).sum(axis=1)
    counts = _counts(generation, wanted, chosen[of], numbers)
    alike = np.zeros(len(numbers)) if meaning is None else meaning.sentences(numbers)
    fits = counts | (index.kinds[numbers] & (wanted.kinds & ~wanted.number) != 0)
    return Reading(
        covered=np.maximum.reduceat(covered, first),
        own=np.maximum.reduceat(own, first),
        fitting=np.maximum.reduceat(own * fits, first),
        alike=np.maximum.reduceat(alike, first),
        named=named,
        held=np.maximum(np.maximum.reduceat(held, first), held_above).sum(axis=1),
        first=first,
        sentences=(
            numbers, own, covered, opening.sum(axis=1), fits, counts,
            _contrary(sought, against, wanted, there, above[of]), alike,
        ),
    )


def _sentences_of(generation: Generation, passages: Numbers) -> tuple[Numbers, Numbers]:
    """Return the numbers of the sentences of passages, and the place of each one's passage among them."""
    ranges = [generation.sentences_of(passage) for passage in passages.tolist()]
    counts = [len(one) for one in ranges]
    return np.concatenate([np.arange(one.start, one.stop) for one in ranges]), np.repeat(np.arange(len(ranges)), counts)


def _named(generation: Generation, wanted: Wanted, sought: Sought, sections: Numbers) -> Floats:
    """Return the share of each title's weight that was asked about."""
    of, rows = generation.read.gathered(generation.read.titles(sections))
    if wanted.compares:
        kept = ~np.isin(rows, generation.words.find(DIFFERENCE))
        of, rows = of[kept], rows[kept]
    words = generation.words
    weights = np.where(rows >= 0, words.weights[rows], words.rarest)
    fits, totals = (np.bincount(of, each, len(sections)) for each in (weights * sought.named(rows), weights))
    named = fits / np.where(totals > 0, totals, 1)
    for place in np.flatnonzero(named):
        if _is_vague(generation.sections[sections[place]].heading[-1], wanted):
            named[place] *= _VAGUE_NAMED
    return named


def _is_vague(title: str, wanted: Wanted) -> bool:
    return bool(_VAGUE.intersection(map(fold, words(title))) - wanted.said)


def _counts(generation: Generation, wanted: Wanted, passages: Numbers, numbers: Numbers) -> Flags:
    """Return which sentences have a number that is wanted, beside those that the question says."""
    counts: Flags = generation.read.kinds[numbers] & wanted.number != 0
    said = [word for word in wanted.said if word[0].isdigit()]
    for place in np.flatnonzero(counts) if said else ():
        text = generation.sentence(int(passages[place]), int(numbers[place]))
        counts[place] = counts_beside(text, wanted.number, said)
    return counts


def _contrary(
    sought: Sought, against: Iterable[frozenset[str]], wanted: Wanted, there: Flags, above: Flags
) -> Flags:
    """Return which sentences have the contrary of a word that was asked with, in that word's place.

    A word that a heading holds has none: "deudores" in an account's name.
    """
    contrary = np.zeros(len(there), dtype=np.bool_)
    for pair in against:
        columns = sought.columns(pair)
        asked = ~above[:, columns] & [term in wanted.asked for term in pair]
        said = there[:, columns]
        contrary |= asked.any(axis=1) & said.any(axis=1) & ~(asked & said).any(axis=1)
    return contrary
