"""Whether what a model wrote stands in the passages it was given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from services.chat.analysis import fold, grams, terms

_CITATION = re.compile(r"\s*\[(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SENTENCE = re.compile(r"[^.!?…\n]*(?:\d[.,]\d[^.!?…\n]*)*(?:[.!?…]+|\n|$)(?:\s*\[[\d,; ]+\])*\s*")
_NEGATION = re.compile(r"\b(?:no|nunca|jamas|ni|tampoco|ningun\w*|sin)\b")
# Pairs that turn a sentence into its contrary: the one that is written must be the one that is quoted.
_CONTRARIES = tuple(
    frozenset(terms(pair)) for pair in (
        "debita acredita", "debe haber", "activo pasivo", "deudora acreedora", "deudor acreedor", "aumenta disminuye",
        "compra venta", "ingreso egreso", "ganancia pérdida", "crédito débito", "cobrar pagar", "cliente proveedor",
        "mayor menor",
    )
)
SUPPORT_MIN = 0.6
SENSE_MIN = 0.3


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer and the passages that bear it (their numbers); none: nothing does."""

    text: str
    citations: tuple[int, ...]


def claims(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """Cut an answer into sentences, each with the numbers it cites."""
    found = []
    for match in _SENTENCE.finditer(text):
        raw = match.group().strip()
        cited = tuple(int(number) for group in _CITATION.findall(raw) for number in re.findall(r"\d+", group))
        sentence = _CITATION.sub("", raw).strip()
        if terms(sentence):
            found.append((sentence, tuple(dict.fromkeys(cited))))
    return found


def ground(text: str, passages: Mapping[int, Sequence[str]]) -> list[Claim]:
    """Return the claims of an answer, each with those of its citations that bear it.

    `passages` gives each passage's sentences by its number. A sentence without a citation is given
    the passages that bear it, if any do.
    """
    return [
        Claim(sentence, tuple(
            number for number in (cited or tuple(passages)) if number in passages and bears(passages[number], sentence)
        ))
        for sentence, cited in claims(text)
    ]


def bears(evidence: Sequence[str], claim: str) -> bool:
    """Return whether the evidence's sentences say what the claim says.

    Every number of the claim stands in the evidence, most of its words do (or words near them), no
    contrary takes the place of what is written, and the sentence nearest to it denies what it denies.
    """
    whole = " ".join(evidence)
    if not numbers(claim) <= numbers(whole):
        return False
    wanted = set(terms(claim))
    if not wanted:
        return False
    if _support(wanted, set(terms(whole))) < SUPPORT_MIN:
        return False
    near = nearest(evidence, claim)
    return _same_sense(wanted, [set(terms(sentence)) for sentence in evidence]) and _denies(claim) == _denies(near)


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


def _same_sense(wanted: set[str], sentences: Sequence[set[str]]) -> bool:
    """Return whether each word that has a contrary stands in a sentence about the same things."""
    for pair in _CONTRARIES:
        written, about = wanted & pair, wanted - pair
        if written and not any(
            written <= sentence and (not about or _support(about, sentence) >= SENSE_MIN) for sentence in sentences
        ):
            return False
    return True


def says_the_contrary(asked: AbstractSet[str], there: AbstractSet[str]) -> bool:
    """Return whether a text has the contrary of a word that was asked with, in that word's place."""
    return any(asked & pair and there & pair and not asked & there & pair for pair in _CONTRARIES)


def _denies(text: str) -> bool:
    return _NEGATION.search(fold(text)) is not None
