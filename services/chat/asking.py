"""What a question asks about: its concepts, each with the terms of the documents that may stand for it."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.chat.analysis import STOP_WORDS, fold, terms, words
from services.chat.lexical import ImpactIndex
from services.chat.lexicon import Lexicon, abbreviations_for, common_terms, lexicon_for, speaks_english
from services.chat.spelling import LENGTH_MIN, Spellings, sound

# What a word was perhaps meant to be counts for a little less than the word.
MEANT = 0.9
# From this nearness on a misspelt word is read as the other.
SURELY = 0.85
# A name is its own word until but one letter of a long one is wrong: Francia is no franquicia.
NAME_NEARNESS = 0.87
# A word of one or two letters that nobody knows is shorthand of chats: q, x, d.
SHORTHAND_MAX = 2
DIFFERENCE = frozenset(terms("diferencia distinguir difference"))
# What an account is or does, and what it is not: who supposes the one wrongly is answered with the other.
NATURES = tuple(
    frozenset(terms(pair)) for pair in (
        "debita acredita", "debe haber", "activo pasivo", "deudora acreedora", "deudor acreedor", "aumenta disminuye",
        "ingreso egreso", "ganancia pérdida",
    )
)
# Two things, of which nobody supposes the one by mistake.
OPPOSITES = tuple(
    frozenset(terms(pair)) for pair in (
        "compra venta", "crédito débito", "cobrar pagar", "cliente proveedor", "mayor menor",
    )
)
# Pairs that turn a sentence into its contrary.
CONTRARIES = NATURES + OPPOSITES
_ASKS_WHETHER = re.compile(
    r"^\W*(?:(?:y|pero|entonces) )?(?:(?:no )?(?:es|son|se)|por ?que|acaso|(?:verdad|cierto) que)\b"
)
_STATES = re.compile(r"\b(?:es|son)\b")
_INTERROGATIVE = re.compile(r"\b(?:que|cual|cuales|quien|quienes|cuando|como|donde|cuant[oa]s?)\b")
_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL = "A-ZÁÉÍÓÚÜÑ"
_NAME = re.compile(rf"\b[{_CAPITAL}]{{2,}}\b|(?<=[\w,;%)] )[{_CAPITAL}][^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing asked about: the terms that stand for it, each with how well it does (0 to 1).

    `asked` is the question's own term. Without any term the documents do not know it. `weight` grows
    with rarity: what nobody knows weighs as much as what is rarest. `is_name`: written as a name is.
    """

    asked: str
    terms: tuple[tuple[str, float], ...]
    weight: float
    is_name: bool = False


def concepts(question: str, index: ImpactIndex, spellings: Spellings) -> list[Concept]:
    """Return what is asked about, in the question's order, each once."""
    lexicon = lexicon_for(question)
    named = _names(question)
    spelled = {term: word for word in _written(question, index, spellings) for term in terms(word)}
    found: dict[str, Concept] = {}
    natures = NATURES if supposes(question) else ()
    for phrase, related in lexicon.split(list(spelled)):
        candidates = _meanings(phrase, related, lexicon.fit)
        for pair in natures:
            candidates |= dict.fromkeys(pair - {*phrase} if not pair.isdisjoint(phrase) else (), MEANT)
        is_name = not named.isdisjoint(phrase)
        unknown = not related and (index.find(phrase) < 0).all()
        if unknown and _asks_nothing(spelled[phrase[0]], phrase[0]):
            continue
        if unknown:
            candidates |= _perhaps_meant(spelled[phrase[0]], lexicon, spellings, NAME_NEARNESS if is_name else 0.0)
        concept = _concept(index, " ".join(phrase), candidates, is_name)
        found[concept.asked] = concept
    return _without_difference(list(found.values()))


def supposes(question: str) -> bool:
    """Return whether a question supposes something, rightly or not: is it so, why is it so."""
    bare = fold(question)
    return bool(_ASKS_WHETHER.match(bare) or (_STATES.search(bare) and not _INTERROGATIVE.search(bare)))


def as_meant(question: str, index: ImpactIndex, spellings: Spellings) -> str:
    """Return a question with each misspelt or short word as it was surely meant, for who reads the whole of it.

    In English what the documents do not hold is no mistake.
    """
    if speaks_english(question):
        return question
    named, short = _names(question), abbreviations_for(question)

    def meant(found: re.Match[str]) -> str:
        word = found.group()
        own = terms(word)
        if full := short.get(fold(word)):
            return f"{word} ({full})" if (index.find(own) >= 0).any() else full
        if not own or not named.isdisjoint(own) or (index.find(own) >= 0).any() or _is_known(word, own):
            return word
        likest = max(spellings.like(word), key=lambda like: like[1], default=(word, 0.0))
        return likest[0] if likest[1] >= SURELY else word

    # A letter and its accent may be two signs, and the word would end between them.
    return _WORD.sub(meant, unicodedata.normalize("NFC", question))


def _is_known(word: str, own: Sequence[str]) -> bool:
    """Return whether a word that the documents do not hold is one nevertheless."""
    phrases = lexicon_for(word).phrases
    return _asks_nothing(word, own[0]) or any((term,) in phrases for term in own)


def _written(question: str, index: ImpactIndex, spellings: Spellings) -> Iterator[str]:
    """Yield the words of a question, two that were written as one apart, and what short ones stand for."""
    short = abbreviations_for(question)
    for word in words(question):
        is_known = (index.find(terms(word)) >= 0).any()
        is_long = word.isalpha() and len(word) >= 2 * LENGTH_MIN + 1
        if full := short.get(fold(word)):
            yield from (word, *words(full)) if is_known else words(full)
        elif is_known or not is_long or spellings.like(word):
            yield word
        else:
            yield from spellings.two_in_one(fold(word)) or (word,)


def _asks_nothing(word: str, term: str) -> bool:
    """Return whether a word that the documents do not hold is shorthand, or says only how or what everybody says."""
    return (
        len(word) <= SHORTHAND_MAX or word.endswith("mente") or term in common_terms()
        or sound(word) in _stop_sounds()
    )


@functools.cache
def _stop_sounds() -> frozenset[str]:
    """How the words sound that are no terms: kuando is none either."""
    return frozenset(sound(word) for word in STOP_WORDS if len(word) > SHORTHAND_MAX)


def _perhaps_meant(word: str, lexicon: Lexicon, spellings: Spellings, least: float) -> dict[str, float]:
    """Return the terms of what a word was perhaps meant to be: a word of the documents, or one that people use."""
    candidates = dict.fromkeys(lexicon.sounds.get(sound(word), ()), MEANT * lexicon.fit)
    for other, nearness in spellings.like(word):
        if nearness < least:
            continue
        for term in terms(other):
            candidates |= dict.fromkeys(lexicon.phrases.get((term,), ()), lexicon.fit * nearness)
            candidates[term] = MEANT * nearness
    return candidates


def _without_difference(asked: list[Concept]) -> list[Concept]:
    """Return the concepts without the word difference where two things or more are compared: texts seldom say it."""
    others = [concept for concept in asked if concept.asked not in DIFFERENCE]
    return others if len(others) > 1 else asked


def _names(question: str) -> frozenset[str]:
    """Return the terms of names: capitals within a sentence, and acronyms. Who shouts names nothing."""
    if question == question.upper():
        return frozenset()
    found = (match.group() for match in _NAME.finditer(question))
    return frozenset(term for name in found for term in terms(name))


def _concept(index: ImpactIndex, asked: str, candidates: dict[str, float], is_name: bool) -> Concept:
    rows = zip(candidates.items(), index.find(candidates), strict=True)
    held = [(term, fit, index.weights[row]) for (term, fit), row in rows if row >= 0]
    weight = max((fit * idf for _term, fit, idf in held), default=index.rarest)
    return Concept(asked, tuple((term, fit) for term, fit, _idf in held), float(weight), is_name)


def _meanings(phrase: tuple[str, ...], related: Iterable[str], fit: float) -> dict[str, float]:
    """Return the terms of a phrase and those related to it; a part of a phrase is not the phrase."""
    own = 1.0 if len(phrase) == 1 else fit
    return dict.fromkeys(related, fit) | dict.fromkeys(phrase, own)
