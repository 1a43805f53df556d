"""Whether what a model wrote stands in the passages it was given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from services.chat.analysis import fold, grams, terms
from services.chat.documents import sentences

_CITATION = re.compile(r"\s*\[(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Citations behind the full stop belong to the sentence before it.
_BEHIND = re.compile(r"([.!?…]+)((?:\s*\[\d[\d,; ]*\])+)")
_CLAUSE = re.compile(r"\s*[;:]\s*|,\s+|\s+(?:y|e|pero|mientras que)\s+")
_NEGATION = re.compile(r"\b(?:no|nunca|jamas|ni|tampoco|ningun\w*|sin)\b")
# So many terms after a negation are what it denies.
_DENIED = 2
# Pairs that turn a sentence into its contrary: the one that is written must be the one that is quoted.
CONTRARIES = tuple(
    frozenset(terms(pair)) for pair in (
        "debita acredita", "debe haber", "activo pasivo", "deudora acreedora", "deudor acreedor", "aumenta disminuye",
        "compra venta", "ingreso egreso", "ganancia pérdida", "crédito débito", "cobrar pagar", "cliente proveedor",
        "mayor menor",
    )
)
SUPPORT_MIN = 0.6
SENSE_MIN = 0.3
# A number stands where nearly as much of the rest of the claim does as anywhere.
NUMBER_SLACK = 0.15


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer and the passages that bear it (their numbers); none: nothing does."""

    text: str
    citations: tuple[int, ...]


def claims(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """Cut an answer into sentences, each with the numbers it cites."""
    found = []
    for raw in sentences(_BEHIND.sub(r"\2\1", text)):
        cited = tuple(int(number) for group in _CITATION.findall(raw) for number in re.findall(r"\d+", group))
        sentence = _CITATION.sub("", raw).strip()
        if terms(sentence):
            found.append((sentence, tuple(dict.fromkeys(cited))))
    return found


def ground(text: str, passages: Mapping[int, Sequence[str]], above: Mapping[int, str] | None = None) -> list[Claim]:
    """Return the claims of an answer, each with those of its citations that bear it.

    `passages` gives each passage's sentences by its number, `above` its headings. A sentence without a
    citation is given the passages that bear it, if any do.
    """
    headings = above or {}
    return [
        Claim(sentence, tuple(
            number for number in (cited or tuple(passages))
            if number in passages and bears(passages[number], sentence, headings.get(number, ""))
        ))
        for sentence, cited in claims(text)
    ]


def bears(evidence: Sequence[str], claim: str, heading: str = "") -> bool:
    """Return whether the evidence's sentences, under their heading, say what the claim says.

    Most of the claim's words stand in the evidence (or words near them); its numbers stand there too, in
    sentences about the same; no contrary takes the place of what is written; and nothing is denied that
    is asserted there, nor the other way round.
    """
    wanted = set(terms(claim))
    if not wanted or _support(wanted, set(terms(f"{heading} {' '.join(evidence)}"))) < SUPPORT_MIN:
        return False
    parts = [part for part in _CLAUSE.split(claim) if terms(part)]
    return (
        (_numbers_stand(evidence, [claim], heading) or _numbers_stand(evidence, parts, heading))
        and (_same_sense(evidence, [claim]) or _same_sense(evidence, parts))
        and not _denied_otherwise(nearest(evidence, claim), claim)
    )


def nearest(evidence: Sequence[str], claim: str) -> str:
    """Return the sentence of the evidence that shares most with the claim."""
    wanted = set(terms(claim))
    return max(evidence, key=lambda sentence: _support(wanted, set(terms(sentence))), default="")


def numbers(text: str) -> set[str]:
    """Return the numbers of a text in one spelling: 1.234,50 and 1234,5 are one."""
    return {_one_spelling(raw) for raw in _NUMBER.findall(text)}


def _one_spelling(raw: str) -> str:
    whole, mark, fraction = raw.rpartition(",")
    if not mark:
        whole, fraction = raw, ""
        if re.fullmatch(r"\d+\.\d{1,2}", raw):
            whole, _point, fraction = raw.partition(".")
    digits = re.sub(r"\D", "", whole).lstrip("0") or "0"
    fraction = re.sub(r"\D", "", fraction).rstrip("0")
    return f"{digits},{fraction}" if fraction else digits


def _support(wanted: set[str], there: set[str]) -> float:
    """Return the share of the wanted terms that are there, or nearly (half of their 4-grams in one term)."""
    if not wanted:
        return 0.0
    missing = wanted - there
    near = sum(1 for term in missing if _nearly(term, there))
    return (len(wanted) - len(missing) + 0.8 * near) / len(wanted)


def _nearly(term: str, there: set[str]) -> bool:
    if term[0].isdigit():
        return False
    own = set(grams(term))
    return any(len(own & set(grams(other))) >= 0.5 * max(len(own), 1) for other in there if other[:3] == term[:3])


def _numbers_stand(evidence: Sequence[str], parts: Sequence[str], heading: str) -> bool:
    """Return whether the numbers of each part stand in a sentence about the same, and not in its neighbour's place."""
    read = [(set(terms(f"{heading} {sentence}")), numbers(f"{heading} {sentence}")) for sentence in evidence]
    return all(_number_stands(read, part) for part in parts if numbers(part))


def _number_stands(read: Sequence[tuple[set[str], set[str]]], part: str) -> bool:
    """`read` are the terms and numbers of the evidence's sentences.

    The sentence with the number is about the part as much as any other is, and lacks none of its words
    that stand beside another number: "general" beside 21, "reducida" beside 10,5.
    """
    wanted = numbers(part)
    about = {term for term in terms(part) if not term[0].isdigit()}
    least = max((_support(about, there) for there, _counted in read), default=0.0) - NUMBER_SLACK if about else 0.0
    for there, counted in read:
        if wanted <= counted and (not about or _support(about, there) >= least):
            beside = {term for others, other in read if other and not wanted <= other for term in others}
            if not (about & beside) - there:
                return True
    return False


def _same_sense(evidence: Sequence[str], parts: Sequence[str]) -> bool:
    """Return whether each word that has a contrary stands in a sentence about the same things."""
    there = [set(terms(sentence)) for sentence in evidence]
    for part in parts:
        wanted = set(terms(part))
        for pair in CONTRARIES:
            written, about = wanted & pair, wanted - pair
            if written and not any(
                written <= sentence and (not about or _support(about, sentence) >= SENSE_MIN) for sentence in there
            ):
                return False
    return True


def _denied_otherwise(evidence: str, claim: str) -> bool:
    """Return whether one of the two denies what the other asserts."""
    denied_there, asserted_there = _denied_and_asserted(evidence)
    denied, asserted = _denied_and_asserted(claim)
    return bool((denied - denied_there - asserted) & asserted_there or (denied_there - asserted_there) & asserted)


def _denied_and_asserted(text: str) -> tuple[set[str], set[str]]:
    """Return the terms that a text denies, and those that it says without denying them."""
    denied: list[str] = []
    rest: list[str] = []
    for number, part in enumerate(_NEGATION.split(fold(text))):
        found = terms(_CLAUSE.split(part)[0]) if number else []
        denied += found[:_DENIED]
        after = terms(part)
        rest += after[min(_DENIED, len(found)):] if number else after
    return set(denied), set(rest)


def says_the_contrary(asked: AbstractSet[str], there: AbstractSet[str]) -> bool:
    """Return whether a text has the contrary of a word that was asked with, in that word's place."""
    return any(asked & pair and there & pair and not asked & there & pair for pair in CONTRARIES)
