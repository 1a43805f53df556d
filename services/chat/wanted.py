"""What a question wants: what it asks about, and the kind of sentence that answers it."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.chat.analysis import fold, terms, words
from services.chat.asking import Concept, supposes
from services.chat.kinds import DEFINES, NUMBER, RECORDS, SHARE, YEAR
from services.chat.lexicon import RELATED, speaks_english

# Rarity finds the place; what is to be read there is often a common word: debita, acredita, saldo.
RARITY = 0.25
_QUANTITIES = frozenset(terms("porcentaje alícuota tasa"))
_WHAT_IS = re.compile(
    r"\b(?:que|q) (?:es|son|significan?|representan?|quiere decir|se entiende por)\b|\bdefini(?:cion|me)\b"
    r"|\bwhat(?:'s| is| are| does)\b"
)
_HOW_MUCH = re.compile(
    r"\bcuant[oa]s?\b|\bhow (?:much|many|long)\b|\b(?:que|cual es el) (?:importe|monto|fecha|dia|plazo|tope)\b"
)
_WHAT_SHARE = re.compile(r"\b(?:porcentaje|alicuota|tasa|rate|percentage)\b|\bque parte\b")
_WHAT_YEAR = re.compile(r"\b(?:que|cual es el) ano\b|\b(?:what|which) year\b")
_HOW_RECORDED = re.compile(
    r"\b(?:registr|contabiliz|asient|asent|anot|imput|record)\w*|\b(?:que|donde) (?:cuenta|va|lo pongo|la pongo)\b"
)
_COMPARES = re.compile(
    r"\b(?:que|la) diferencia|\bdiferencias? (?:hay |existe )?entre\b|\bdistingu|\bse diferencian?\b|\bvs\b"
    r"|\bdifference between\b"
)
_AND = re.compile(r"\b(?:y|e|o|u|vs|and|or|con|contra)\b")


@dataclass(frozen=True)
class Wanted:
    """What a question asks about, and what kind of answer it wants; `said` are its words.

    `kinds` are the kinds of sentences that are wanted and `number` that of the number, 0 where none is (kinds.py);
    `compares` says that the difference between things is wanted, of which `sides` are the terms, and `english` that
    the question is in English. `supposes`: it supposes something, and a contrary nature answers as well.
    """

    concepts: Sequence[Concept]
    kinds: int
    number: int
    compares: bool = False
    sides: tuple[frozenset[str], ...] = ()
    english: bool = False
    said: frozenset[str] = frozenset()
    supposes: bool = False

    @classmethod
    def of(cls, question: str, concepts: Sequence[Concept]) -> Wanted:
        """Read a question."""
        bare = fold(question)
        compares = len(concepts) > 1 and bool(_COMPARES.search(bare))
        defines = DEFINES * (compares or bool(_WHAT_IS.search(bare)))
        # A misspelt "porcentage" asks for a share as well.
        share = _WHAT_SHARE.search(bare) or any(
            term in _QUANTITIES and fit > RELATED for concept in concepts for term, fit in concept.terms
        )
        number = SHARE if share else YEAR if _WHAT_YEAR.search(bare) else NUMBER if _HOW_MUCH.search(bare) else 0
        kinds = defines | RECORDS * bool(_HOW_RECORDED.search(bare)) | number
        said = frozenset(fold(word) for word in words(question))
        sides = _sides(bare, concepts) if compares else ()
        return cls(concepts, kinds, number, compares, sides, speaks_english(question), said, supposes(question))

    @functools.cached_property
    def asked(self) -> frozenset[str]:
        """The question's own terms."""
        return frozenset(concept.asked for concept in self.concepts)

    @functools.cached_property
    def shares(self) -> tuple[float, ...]:
        """How much of the question each concept is; together 1."""
        weights = [concept.weight**RARITY for concept in self.concepts]
        return tuple(weight / sum(weights) for weight in weights)

    @property
    def names_the_unknown(self) -> bool:
        """Whether something is named that no document names."""
        return any(concept.is_name and not concept.terms for concept in self.concepts)


def _sides(bare: str, concepts: Sequence[Concept]) -> tuple[frozenset[str], ...]:
    """Return the terms of each of the things that are compared: what stands between one "and" and the next.

    Where that cannot be told, each concept is a thing.
    """
    parts = [frozenset(terms(part)) for part in _AND.split(bare)]
    told = [
        frozenset(term for concept in concepts if concept.asked in part for term, _fit in concept.terms)
        for part in parts
    ]
    sides = [side for side in told if side]
    return tuple(sides) if len(sides) > 1 else tuple(frozenset(t for t, _fit in one.terms) for one in concepts)
