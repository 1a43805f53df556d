"""Reading the passages that words have found: which sentences answer, and how much of the question they hold.

Counting words finds the place, not the answer: a sentence under "Valores a depositar" need not repeat
those words. Here each sentence is read with its headings, as a person would.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.chat.analysis import fold, terms, terms_of, words
from services.chat.asking import DIFFERENCE, Concept
from services.chat.documents import title_terms
from services.chat.generation import Generation
from services.chat.grounding import says_the_contrary
from services.chat.lexicon import RELATED, speaks_english
from services.chat.tables import is_row

# A sentence opens with what it is about: so many words.
OPENING_WORDS = 6
# Rarity finds the place; what is to be read there is often a common word: debita, acredita, saldo.
RARITY = 0.25
NAMED = 0.99
# "Otros ingresos varios" is not what "ingresos" names.
_VAGUE = frozenset({"otro", "otra", "otros", "otras", "varios", "varias"})
_VAGUE_NAMED = 0.6
_QUANTITIES = frozenset(terms("porcentaje alícuota tasa"))
_WHAT_IS = re.compile(
    r"\b(?:que|q) (?:es|son|significan?|representan?|quiere decir|se entiende por)\b|\bdefini(?:cion|me)\b"
    r"|\bwhat(?:'s| is| are| does)\b"
)
_DEFINES = re.compile(r"\b(?:es|son|significan?|representan?|consisten?|se llaman?|se denominan?)\b")
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
_RECORDS = re.compile(r"\b(?:debita|acredita|debitan|acreditan|debe|haber)\b")
# A number, or how one is got.
_NUMBER = re.compile(
    r"\d|\b(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|cien|mil|medi[oa]|mitad"
    r"|tercio|doceava|doble)\b|\bun[ao]? (?:sola )?(?:hora|minuto|mes|ano|dia|vez|semana)\b"
    r"|\b(?:dividi\w+|multiplic\w+|se resta|restar|es igual|suma de)\b"
)
_SHARE = re.compile(r"\d\s*%|\bpor ciento\b|\d/\d|\b(?:mitad|tercio|cuarto|quinto|decimo|doceava)\b")
_YEAR = re.compile(r"\b[12]\d{3}\b")
# Numbers that are names: of articles, laws, forms, accounts, and those that only count the lines of a list.
_NAME_WITH_NUMBER = re.compile(
    r"\b(?:art(?:iculo)?s?|ley(?:es)?|decretos?|formularios?|rt|resoluci\w+|inc(?:iso)?)\.?\s*(?:n\W{0,3})?[\d.,/ y]*\d"
    r"|\b\d{5} (?=[a-z])|^\s*\d+[.)]\s|^\s*\d+(?:\.\d+)+\s"
)


@dataclass(frozen=True)
class Wanted:
    """What a question asks about, and what kind of answer it wants; `said` are its words.

    `number` finds the number that is wanted, where one is; `compares` says that the difference between things is
    wanted, `english` that the question is in English.
    """

    concepts: Sequence[Concept]
    definition: bool
    number: re.Pattern[str] | None
    entry: bool
    compares: bool = False
    english: bool = False
    said: frozenset[str] = frozenset()

    @classmethod
    def of(cls, question: str, concepts: Sequence[Concept]) -> Wanted:
        """Read a question."""
        bare = fold(question)
        compares = len(concepts) > 1 and bool(_COMPARES.search(bare))
        definition, entry = compares or bool(_WHAT_IS.search(bare)), bool(_HOW_RECORDED.search(bare))
        # A misspelt "porcentage" asks for a share as well.
        share = _WHAT_SHARE.search(bare) or any(
            term in _QUANTITIES and fit > RELATED for concept in concepts for term, fit in concept.terms
        )
        number = (
            _SHARE if share else _YEAR if _WHAT_YEAR.search(bare) else _NUMBER if _HOW_MUCH.search(bare) else None
        )
        said = frozenset(fold(word) for word in words(question))
        return cls(concepts, definition, number, entry, compares, speaks_english(question), said)

    @property
    def is_of_a_kind(self) -> bool:
        """Whether a certain kind of sentence is wanted."""
        return self.definition or self.entry or self.number is not None

    def is_counted_in(self, folded: str) -> bool:
        """Return whether a folded sentence has the number that is wanted: its own, and no name of something."""
        if self.number is None or not self.number.search(folded):
            return False
        bare = _NAME_WITH_NUMBER.sub(" ", folded)
        for said in self.said:
            if said[0].isdigit():
                bare = re.sub(rf"(?<![\d.,]){re.escape(said)}(?![.,]?\d)", " ", bare)
        return bool(self.number.search(bare))

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

    @functools.cached_property
    def _fits(self) -> dict[str, float]:
        fits: dict[str, float] = {}
        for concept in self.concepts:
            for term, fit in concept.terms:
                fits[term] = max(fit, fits.get(term, 0.0))
        return fits

    def fit_of(self, term: str) -> float:
        """Return how well a term of the documents stands for something that is asked about."""
        return self._fits.get(term, 0.0)

    def held(self, there: Collection[str]) -> list[float]:
        """Return for each concept how much of the question a text with these terms holds by it."""
        return [share * concept.held_in(there) for share, concept in zip(self.shares, self.concepts, strict=True)]


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """What a sentence holds of the question, in shares of its weight.

    `own` by itself, `covered` with its headings, `opening` in its first words; `fits` whether it is of the kind
    that is wanted (a definition, a number), where one is; `counts` whether it has a number; `contrary` whether it
    tells of the contrary (debita for acredita). `terms` are its own.
    """

    sentence: int
    terms: frozenset[str]
    own: float
    covered: float
    opening: float
    fits: bool
    counts: bool
    contrary: bool


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage's sentences, and what is true of the whole.

    `named` is the share of its heading that was asked about, `above` are the terms of its headings.
    """

    sentences: tuple[ReadSentence, ...]
    named: float
    above: frozenset[str]

    def best(self, kind: str) -> float:
        """Return the most that any of the sentences holds."""
        return max((getattr(read, kind) for read in self.sentences), default=0.0)

    @property
    def terms(self) -> frozenset[str]:
        """Its terms and those of its headings."""
        return self.above.union(*(read.terms for read in self.sentences))

    @property
    def fitting(self) -> float:
        """The most that a sentence of the wanted kind holds by itself."""
        return max((read.own for read in self.sentences if read.fits), default=0.0)


def read_passage(generation: Generation, wanted: Wanted, passage: int) -> ReadPassage:
    """Read a passage for what is wanted."""
    heading = generation.section_of(passage).heading
    above = frozenset(term for title in heading for term in terms(title))
    title = frozenset(title_terms(heading)) - (DIFFERENCE if wanted.compares else frozenset())
    named = _named(generation, wanted, title)
    if heading and _VAGUE.intersection(fold(word) for word in words(heading[-1])) - wanted.said:
        named *= _VAGUE_NAMED
    # Under a heading that is what was asked about, a sentence goes without its subject: "Se debita por..."
    subject = title if named > NAMED else frozenset()
    reader = _Reader(wanted, wanted.held(above), subject, wanted.asked - above)
    return ReadPassage(
        tuple(
            reader.read(number, generation.sentence(passage, number), generation.head_of(passage, number))
            for number in generation.sentences_of(passage)
        ),
        named=named,
        above=above,
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the sentences of a passage; `above` is what its headings hold, by concept.

    `asked` are the question's terms that no heading holds: "deudores" in an account's name has no contrary.
    """

    wanted: Wanted
    above: list[float]
    subject: frozenset[str]
    asked: frozenset[str]

    def read(self, number: int, sentence: str, head: str) -> ReadSentence:
        written = words(sentence)
        there = frozenset(terms_of(written))
        held = self.wanted.held(there)
        above = self.above
        if is_row(sentence):
            columns = self.wanted.held(frozenset(terms(head)))
            above = list(map(max, above, columns))
        opening = self.subject.union(terms_of(written[:OPENING_WORDS]))
        folded = fold(sentence) if self.wanted.is_of_a_kind else ""
        counts = self.wanted.is_counted_in(folded)
        return ReadSentence(
            sentence=number,
            terms=there,
            own=sum(held),
            covered=sum(map(max, held, above)),
            opening=sum(self.wanted.held(opening)),
            fits=counts or self._fits(folded),
            counts=counts,
            contrary=says_the_contrary(self.asked, there),
        )

    def _fits(self, folded: str) -> bool:
        return (self.wanted.definition and bool(_DEFINES.search(folded, 0, 20 * OPENING_WORDS))) or (
            self.wanted.entry and bool(_RECORDS.search(folded))
        )


def _named(generation: Generation, wanted: Wanted, title: frozenset[str]) -> float:
    """Return the share of a heading's weight that was asked about."""
    named = list(title)
    rows = generation.words.find(named)
    weights = [float(generation.words.weights[row]) if row >= 0 else generation.words.rarest for row in rows]
    fits = sum(weight * wanted.fit_of(term) for weight, term in zip(weights, named, strict=True))
    return fits / sum(weights) if named else 0.0
