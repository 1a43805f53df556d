"""What a sentence says, taken apart so that what one says can be held against what another does (bearing.py).

A sentence is cut into fragments, about one statement each, with its words, its numbers and their units, the sides
of contraries, what is denied, and which word stands beside which.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.chat.phrasing import (
    DEBIT_CREDIT,
    DENIALS,
    DENIED_AGAIN,
    MODALS,
    PREPOSITIONS,
    SIDES,
    UNITS,
    UNITS_BEFORE,
    canonical,
    pieces,
    prepared,
    restrictions_in,
)

# What is denied where nothing stands behind the no: los demás no.
NOTHING = "-"
_ENTRY = re.compile(r"\s*(?:[-*+•]\s+)?(?:Debe|Haber)\s*:", re.IGNORECASE)
_AS_ONE = {"al": "a", "del": "de"}
# A term, the preposition between, and the next term.
Bond = tuple[str, str, str]
# A value and its unit, "" where none is said.
Number = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Fragment:
    """About one statement of a sentence.

    `own` are its terms, in `order` as they stand, "" for a number. `lead` is the sentence's first fragment, whose
    words it may leave unsaid; `tail` are the terms of the clause (que ...) that follows it. `carried` is the side of
    debit and credit that it goes on with. `bonds` are neighbours, `listed` those that it has with what goes on a list.
    `denied` are terms, values and NOTHING. `is_entry`: a line of a book-keeping entry.
    """

    own: frozenset[str]
    order: tuple[str, ...]
    numbers: frozenset[Number]
    bonds: frozenset[Bond]
    listed: frozenset[Bond]
    denied: frozenset[str]
    carried: frozenset[str]
    tail: frozenset[str]
    lead: Fragment | None
    is_entry: bool

    @property
    def asserted(self) -> frozenset[str]:
        """What it says without denying it."""
        return (self.own | {value for value, _unit in self.numbers}) - self.denied

    @property
    def loose(self) -> frozenset[str]:
        """What it may leave unsaid."""
        return self.lead.own if self.lead else frozenset()

    @property
    def sides(self) -> frozenset[str]:
        """Its sides of contraries."""
        return (self.own & SIDES.keys()) | self.carried

    def elides(self, bond: Bond) -> bool:
        """Return whether the lead has the first term of a bond before something else: A surge de B y C, de D."""
        left, preposition, right = bond
        bonds = self.lead.bonds if self.lead else ()
        said = {last for first, between, last in bonds if (first, between) == (left, preposition)}
        return bool(said) and right not in said


@dataclass(frozen=True)
class Sense:
    """A sentence taken apart, and what restricts the whole of it (phrasing.restrictions_in)."""

    fragments: tuple[Fragment, ...]
    restrictions: frozenset[str]

    @functools.cached_property
    def own(self) -> frozenset[str]:
        """All of its terms."""
        return frozenset(term for fragment in self.fragments for term in fragment.own)

    @functools.cached_property
    def only_denied(self) -> frozenset[str]:
        """What it denies and nowhere says."""
        denied = frozenset(what for fragment in self.fragments for what in fragment.denied)
        return denied - frozenset(what for fragment in self.fragments for what in fragment.asserted)


@functools.lru_cache(maxsize=256)
def read(sentence: str) -> Sense:
    """Take a sentence apart."""
    said = prepared(sentence)
    is_entry = _ENTRY.match(sentence) is not None
    readers: list[_Reader] = []
    for tokens, goes_on in pieces(said):
        reader = _Reader(tokens)
        if readers and goes_on:
            reader.go_on_with(readers[-1])
        if readers and tokens[0] == "que":
            readers[-1].tail = frozenset(reader.terms)
        readers.append(reader)
    lead = readers[0].fragment(None, is_entry=is_entry) if readers else None
    others = tuple(reader.fragment(lead, is_entry=is_entry) for reader in readers[1:])
    return Sense((lead, *others) if lead else (), restrictions_in(said))


def one_spelling(raw: str) -> str:
    """Return a number as digits with a comma before its fraction: 1.234,50 and 1234,5 are one."""
    whole, mark, fraction = raw.rpartition(",")
    if not mark:
        whole, fraction = raw, ""
        if re.fullmatch(r"\d+\.\d{1,2}", raw):
            whole, _point, fraction = raw.partition(".")
    digits = re.sub(r"\D", "", whole).lstrip("0") or "0"
    fraction = re.sub(r"\D", "", fraction).rstrip("0")
    return f"{digits},{fraction}" if fraction else digits


class _Reader:
    """Reads the tokens of a fragment."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.terms: list[str] = []
        self.bonds: list[Bond] = []
        self.listed: list[Bond] = []
        self.tail: frozenset[str] = frozenset()
        self.head = self  # the statement that a list began with
        self._order: list[str] = []
        self._numbers: list[Number] = []
        self._denied: list[str] = []
        self._preposition = ""
        self._denying = self._has_denied = False
        for place, token in enumerate(tokens):
            self._read(token, tokens[place - 1] if place else "", tokens[place + 1] if place + 1 < len(tokens) else "")
        self._deny(NOTHING)
        self.side = DEBIT_CREDIT.intersection(self.terms)

    def go_on_with(self, before: _Reader) -> None:
        """Take this one as a further member of the list that the one before it is of."""
        self.head = before.head
        self.side = self.side or before.side
        for other in {before.head, before} if self.terms else ():
            bonds = [(left, preposition, self.terms[0]) for left, preposition, _right in other.bonds[-1:]]
            other.listed += bonds
            self.listed += bonds

    def fragment(self, lead: Fragment | None, *, is_entry: bool) -> Fragment:
        """Return what was read."""
        own = frozenset(self.terms)
        return Fragment(
            own=own, order=tuple(self._order), numbers=frozenset(self._numbers), bonds=frozenset(self.bonds),
            listed=frozenset(self.listed), denied=frozenset(self._denied), carried=frozenset(self.side - own),
            tail=self.tail, lead=lead, is_entry=is_entry,
        )

    def _read(self, token: str, before: str, following: str) -> None:
        if token[0].isdigit():
            self._number(one_spelling(token), before, following)
        elif token in DENIALS or token in PREPOSITIONS:
            self._connect(token)
        elif token in UNITS and before[:1].isdigit():
            pass
        elif token not in MODALS and (term := canonical(token)):
            self._term(term)

    def _connect(self, word: str) -> None:
        if word in DENIALS and not (word in DENIED_AGAIN and self._has_denied):
            self._denying = self._has_denied = True
        if word in PREPOSITIONS:
            self._preposition = _AS_ONE.get(word, word)

    def _number(self, value: str, before: str, following: str) -> None:
        unit = UNITS_BEFORE.get(before, "")
        if not unit and following == "%":
            unit = following
        elif not unit and following.isalpha() and following not in PREPOSITIONS:
            unit = canonical(following)
        self._numbers.append((value, "" if unit in SIDES else unit))
        self._order.append("")
        self._deny(value)

    def _term(self, term: str) -> None:
        if self.terms:
            self.bonds.append((self.terms[-1], self._preposition, term))
        self.terms.append(term)
        self._order.append(term)
        self._preposition = ""
        self._deny(term)

    def _deny(self, what: str) -> None:
        if self._denying:
            self._denied.append(what)
        self._denying = False
