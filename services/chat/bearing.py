"""Whether sentences of a document say what another sentence says.

Words alone do not tell: "se debita por las ventas" has the words of "se acredita por las ventas". Each fragment of
a claim must stand: every word in the passage, its numbers where the same is told of them, its sides of contraries
in a fragment about the same, nothing denied that is asserted, and no word in the place of another.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from services.chat.analysis import grams
from services.chat.phrasing import SIDES, TURNED
from services.chat.sense import NOTHING, Fragment, Number, Sense, read

# What a fragment leaves unsaid, because its sentence began with it, counts for less than what it says.
LOOSE = 0.4
# The account of an entry has a side in the entry alone: what is told in words goes before it.
ENTRY = 0.9
# The share of a fragment's words that one of the evidence's must hold.
TOGETHER_MIN = 0.6
NEARLY_MIN = 4


@dataclass(frozen=True)
class Evidence:
    """A passage's sentences, taken apart, and the terms and numbers of its headings."""

    sentences: tuple[Sense, ...]
    heading: frozenset[str]
    codes: frozenset[str]

    @classmethod
    def of(cls, sentences: Iterable[str], heading: str) -> Evidence:
        """Take a passage apart."""
        above = read(heading)
        codes = frozenset(value for fragment in above.fragments for value, _unit in fragment.numbers)
        return cls(tuple(read(sentence) for sentence in sentences), above.own, codes)

    @functools.cached_property
    def terms(self) -> frozenset[str]:
        """All of its terms."""
        return self.heading.union(*(sentence.own for sentence in self.sentences))

    @functools.cached_property
    def fragments(self) -> tuple[Fragment, ...]:
        """All of its fragments."""
        return tuple(fragment for sentence in self.sentences for fragment in sentence.fragments)


def bears(evidence: Evidence, claim: str) -> bool:
    """Return whether the evidence says what the claim says."""
    said = read(claim)
    nearest = _nearest(evidence, said.own)
    return bool(said.own) and nearest is not None and not _restricted_otherwise(nearest, said) and all(
        _stands(evidence, fragment) and not _turns(nearest, fragment) for fragment in said.fragments
    )


def _stands(evidence: Evidence, fragment: Fragment) -> bool:
    about = fragment.own - evidence.heading
    return (
        all(_held(term, evidence.terms) for term in fragment.own)
        and _is_told_together(evidence, about)
        and _numbers_stand(evidence, fragment.numbers, about)
        and _sides_stand(evidence, fragment)
        and any(
            _agrees(sentence, other, fragment) and not _is_of_another(evidence, sentence, fragment)
            for sentence, other in _closest(evidence, fragment)
        )
        and _in_order(evidence, fragment)
    )


def _agrees(sentence: Sense, other: Fragment, fragment: Fragment) -> bool:
    """Return whether a sentence's fragment denies what the claim's does, and has its words in their places."""
    return not (
        sentence.only_denied & fragment.asserted or _denied_otherwise(other, fragment) or _misplaced(other, fragment)
    )


def _is_of_another(evidence: Evidence, sentence: Sense, fragment: Fragment) -> bool:
    """Return whether what a sentence says is told of what another one begins with: of a previsión, of a provisión."""
    leads = [other.fragments[0] for other in evidence.sentences if other is not sentence and other.fragments]
    told = [_apart(evidence, sentence.fragments[0], lead) for lead in leads]
    return any(theirs in fragment.own - sentence.own and mine not in fragment.own for mine, theirs in told if theirs)


def _apart(evidence: Evidence, one: Fragment, other: Fragment) -> tuple[str, str]:
    """Return the words that tell apart what two sentences begin with; "" where they do not begin alike.

    Alike is the same word, or two that the headings name.
    """
    pairs = [("", ""), *zip(one.order, other.order, strict=False)]
    place = next((place for place, (left, right) in enumerate(pairs) if left != right), 0)
    first = {*pairs[min(1, place)]}
    named = first <= evidence.heading or place > 1
    alike = named and not first & SIDES.keys() and not (one.is_entry or other.is_entry)
    return pairs[place] if alike else ("", "")


def _is_told_together(evidence: Evidence, about: AbstractSet[str]) -> bool:
    """Return whether most of what a fragment is about stands in one fragment, or is left unsaid there."""
    most = max((_affinity(about, other) for other in evidence.fragments), default=0.0)
    return len(about) < 2 or most >= TOGETHER_MIN * len(about)


def _closest(evidence: Evidence, fragment: Fragment) -> list[tuple[Sense, Fragment]]:
    """Return the fragments that say most of what a claim is about, and then of all of it, each with its sentence."""
    said = [
        (_measure(fragment.own, other.own, evidence.heading), sentence, other)
        for sentence in evidence.sentences for other in sentence.fragments
    ]
    most = max((share for share, _sentence, _other in said), default=(0.0, 0.0))
    return [(sentence, other) for share, sentence, other in said if share == most]


def _measure(terms: AbstractSet[str], there: AbstractSet[str], heading: AbstractSet[str]) -> tuple[float, float]:
    held = {term: _held(term, there) for term in terms}
    return sum(value for term, value in held.items() if term not in heading), sum(held.values())


def _nearest(evidence: Evidence, terms: AbstractSet[str]) -> Sense | None:
    """Return the sentence that holds most of the terms."""
    return max(
        evidence.sentences, key=lambda sentence: _share(terms, sentence.own | evidence.heading), default=None
    )


def _held(term: str, there: AbstractSet[str]) -> float:
    """Return how well the term is there: as it is, or nearly (half of its 4-grams in another)."""
    if term in there:
        return 1.0
    if term in SIDES:
        return 0.0
    if any(_vowels(term) == _vowels(other) for other in there):  # pide, pedir
        return 1.0
    if len(term) < NEARLY_MIN:
        return 0.0
    own = set(grams(term))
    return 0.8 if any(
        other[:3] == term[:3] and other not in SIDES and len(own & set(grams(other))) >= 0.5 * len(own)
        for other in there
    ) else 0.0


@functools.lru_cache(maxsize=1024)
def _vowels(term: str) -> str:
    return term.replace("i", "e")


def _share(terms: AbstractSet[str], there: AbstractSet[str]) -> float:
    return sum(_held(term, there) for term in terms) / len(terms) if terms else 0.0


def _affinity(about: AbstractSet[str], fragment: Fragment) -> float:
    """Return how much of what a claim is about a fragment says, or leaves unsaid."""
    own = fragment.own | fragment.tail
    return sum(_held(term, own) or LOOSE * _held(term, fragment.loose) for term in about)


def _numbers_stand(evidence: Evidence, numbers: AbstractSet[Number], about: AbstractSet[str]) -> bool:
    """Return whether the numbers are told together and of the same things.

    No other number is told more of them, nor of one that these are not told of: reducida beside 10,5 and not 21.
    """
    wanted = {number for number in numbers if number[0] not in evidence.codes}
    told = [fragment for fragment in evidence.fragments if all(_has_number(fragment, number) for number in wanted)]
    others = [fragment for fragment in evidence.fragments if fragment.numbers and fragment not in told]
    beside = {term for term in about if any(_held(term, fragment.own) for fragment in others)}
    most = max((_affinity(about, fragment) for fragment in others), default=0.0)
    return not wanted or any(
        _affinity(about, fragment) >= most and all(_held(term, fragment.own | fragment.loose) for term in beside)
        for fragment in told
    )


def _has_number(fragment: Fragment, number: Number) -> bool:
    return any(_same_number(number, other) for other in fragment.numbers)


def _same_number(number: Number, other: Number) -> bool:
    (value, unit), (other_value, other_unit) = number, other
    return value == other_value and (not unit or not other_unit or bool(_held(unit, {other_unit})))


def _sides_stand(evidence: Evidence, fragment: Fragment) -> bool:
    """Return whether the sides of contraries stand in a fragment about the same, and in no contrary one.

    Together in one fragment, or each in one of the same sentence.
    """
    sides = fragment.sides - evidence.heading
    if not sides or _side_stands(evidence, fragment, sides):
        return True
    return any(sides <= _sides_of(sentence) for sentence in evidence.sentences) and all(
        _side_stands(evidence, fragment, frozenset({side})) for side in sides
    )


def _sides_of(sentence: Sense) -> frozenset[str]:
    return frozenset(side for fragment in sentence.fragments for side in fragment.sides)


def _side_stands(evidence: Evidence, fragment: Fragment, sides: frozenset[str]) -> bool:
    about = (fragment.own | fragment.tail) - sides
    entry = 1.0 if fragment.is_entry or fragment.numbers else ENTRY
    told = [(_affinity(about, other) * (entry if other.is_entry else 1), other) for other in evidence.fragments]
    agreeing = [share for share, other in told if all(_has_side(other, side) for side in sides)]
    contrary = [share for share, other in told if _is_contrary(other, sides)]
    best = max(agreeing, default=-1.0)
    return best >= max(contrary, default=0.0) and (best > 0 or about <= evidence.heading)


def _turns(nearest: Sense, fragment: Fragment) -> bool:
    """Return whether the sentence that the whole claim is nearest to says all of a fragment with a contrary side."""
    about = fragment.own - fragment.sides
    there = [other for other in nearest.fragments if about and about <= other.own]
    return any(_is_contrary(other, fragment.sides) for other in there) and not any(
        fragment.sides <= other.sides for other in there
    )


def _has_side(fragment: Fragment, side: str) -> bool:
    """Return whether a fragment says a side, or leaves it unsaid and says no contrary one."""
    return side in fragment.sides or (side in fragment.loose and not SIDES[side] & fragment.sides)


def _is_contrary(fragment: Fragment, sides: frozenset[str]) -> bool:
    """Return whether a fragment turns some of the sides; one that turns all of several is the other half."""
    turned = [side for side in sides if SIDES[side] & fragment.sides and side not in fragment.sides]
    return bool(turned) and not (len(turned) == len(sides) > 1)


def _denied_otherwise(other: Fragment, fragment: Fragment) -> bool:
    """Return whether one of the two denies what the other asserts."""
    return bool(
        (fragment.denied - other.denied) & other.asserted
        or other.denied & fragment.asserted
        or (fragment.denied ^ other.denied) & {NOTHING}
    )


def _misplaced(other: Fragment, fragment: Fragment) -> bool:
    """Return whether a word stands where the evidence's fragment has another."""
    behind: dict[tuple[str, str], set[str]] = {}
    ahead: dict[tuple[str, str], set[str]] = {}
    for left, preposition, right in other.bonds | other.listed:
        behind.setdefault((left, preposition), set()).add(right)
        ahead.setdefault((preposition, right), set()).add(left)
    attached = {(left, right) for left, preposition, right in fragment.bonds if preposition}
    return any(
        _is_turned(left, preposition, right, other)
        or _is_another(right, behind.get((left, preposition), set()), other, fragment, has_role=preposition == "a")
        or (
            _is_another(left, there := ahead.get((preposition, right), set()), other, fragment)
            and not other.elides((left, preposition, right))
            # The original of the receipt is for the worker: as much the original as without the receipt.
            and not any((stands, left) in attached for stands in there)
        )
        for left, preposition, right in fragment.bonds
    )


def _is_another(
    term: str, there: AbstractSet[str], other: Fragment, fragment: Fragment, *, has_role: bool = False
) -> bool:
    """Return whether other terms stand `there`, which the claim does not have besides; who gets something is one."""
    if not there or _held(term, there):
        return False
    return has_role or not (_held(term, other.own) or there & fragment.own)


def _is_turned(left: str, preposition: str, right: str, other: Fragment) -> bool:
    """Return whether of two terms the one has the other's part: de A a B, de B a A."""
    return bool(preposition) and left != right and len({left, right} & SIDES.keys()) != 1 and (
        (right, preposition, left) in other.bonds
    )


def _in_order(evidence: Evidence, fragment: Fragment) -> bool:
    """Return whether what is less, more, before or after stands on the side where the evidence has it."""
    for place, term in enumerate(fragment.order):
        if term not in TURNED or not 0 < place < len(fragment.order) - 1:
            continue
        left, right = fragment.order[place - 1], fragment.order[place + 1]
        for other in evidence.fragments:
            said = [one for one in (term, TURNED[term]) if one and one in other.order]
            if said and left and right and left in other.order and right in other.order:
                last = len(other.order) - 1 - other.order[::-1].index(right)
                turned = other.order.index(left) > last
                if turned == (said[0] == term):
                    return False
    return True


def _restricted_otherwise(nearest: Sense, claim: Sense) -> bool:
    """Return whether the claim restricts, or leaves open, what the evidence does not."""
    there = nearest.restrictions
    added = claim.restrictions - there
    return bool(
        added & {"only", "conceded"}
        or ("always" in added and "any" not in there)
        or ("must" in added and "may" in there)
        or ("may" in added and "must" in there)
    )
