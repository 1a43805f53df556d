"""What people say and what the books say: the related words of `words/`, read at the first question.

Lists of our own: `es_ar.txt` always, `english.txt` for questions in English, `common.txt` what everybody says,
`abbreviations.txt` what short forms stand for. All are data that a teacher may mend; their format stands at their head.
"""

from __future__ import annotations

import functools
import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.chat.analysis import fold, terms, words
from services.chat.spelling import sound

_FOLDER = Path(__file__).resolve().parent / "words"
# The small words that tell one language from the other.
_ENGLISH = """
a the is are was were what how when where who which why does do did can could should must of and an for in to be i
my it not it's can't don't with from at by we you between much many long
"""
_SPANISH = """
a el la los las un una de del que q se en y con por para como cuando cual cuanto es son no si me mi lo al
"""
_ENGLISH_WORDS = frozenset(_ENGLISH.split())
_SPANISH_WORDS = frozenset(_SPANISH.split())
PHRASE_MAX = 3


# A related word is evidence and no proof; a translation is the word itself.
RELATED = 0.6
TRANSLATED = 0.95


@dataclass(frozen=True)
class Lexicon:
    """Terms by the stemmed words of a phrase: who asks with the one may mean any of the other, as well as `fit`.

    `sounds` are the same terms by how a single word sounds, for who writes exel.
    """

    phrases: Mapping[tuple[str, ...], tuple[str, ...]]
    sounds: Mapping[str, tuple[str, ...]]
    fit: float

    def split(self, asked: Sequence[str]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Cut the terms of a question into phrases, the longest first, each with the terms related to it."""
        found = []
        place = 0
        while place < len(asked):
            for length in range(min(PHRASE_MAX, len(asked) - place), 0, -1):
                phrase = tuple(asked[place : place + length])
                if length == 1 or phrase in self.phrases:
                    break
            found.append((phrase, self.phrases.get(phrase, ())))
            place += length
        return found


def lexicon_for(question: str) -> Lexicon:
    """Return the words related to those of a question, by its language."""
    return _lexicon(speaks_english(question))


def speaks_english(question: str) -> bool:
    """Return whether a question is in English: more of its small words are English than Spanish."""
    asked = fold(question).replace("’", "'").split()
    bare = [word.strip("¿?¡!.,;:") for word in asked]
    english = sum(word in _ENGLISH_WORDS for word in bare)
    return english > 0 and english > sum(word in _SPANISH_WORDS for word in bare)


@functools.cache
def common_terms() -> frozenset[str]:
    """Return the terms of the words that everybody says about anything."""
    lines = (_FOLDER / "common.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(term for line in lines if not line.startswith("#") for term in terms(line))


def abbreviations_for(question: str) -> Mapping[str, str]:
    """Return what short forms stand for in a question (cmv: costo de mercaderías vendidas): in English nothing."""
    return {} if speaks_english(question) else _abbreviations()


@functools.cache
def _abbreviations() -> Mapping[str, str]:
    lines = (_FOLDER / "abbreviations.txt").read_text(encoding="utf-8").splitlines()
    parts = (line.partition(":") for line in lines if not line.startswith("#"))
    return {short: full.strip() for left, _colon, full in parts for short in left.split()}


@functools.cache
def _lexicon(english: bool) -> Lexicon:
    phrases: defaultdict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    sounds: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for asked, meant in _pairs("english.txt" if english else "es_ar.txt"):
        phrase = tuple(_terms(asked))
        for term in _terms(meant):
            if phrase and (term,) != phrase:
                phrases[phrase][term] = None
                sounds[sound(asked)][term] = None
    return Lexicon(
        phrases={phrase: tuple(others) for phrase, others in phrases.items()},
        sounds={heard: tuple(others) for heard, others in sounds.items()},
        fit=TRANSLATED if english else RELATED,
    )


def _pairs(name: str) -> Iterator[tuple[str, str]]:
    """Yield what is asked with what is meant by it, for each line of a list."""
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        left, colon, right = line.partition(":")
        yield from itertools.product(left.split(), right.split()) if colon else itertools.permutations(left.split(), 2)


def _terms(entry: str) -> list[str]:
    return [term for word in words(entry.replace("_", " ")) for term in terms(word)]
