"""Questions as the interpreter reads them: folded character by character, words, stems, near words."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

QUESTION_MAX = 2000
# What a slot is replaced by once it is read: §p0 a period, §c1 an account... No one can type it: fold drops §.
MARK = "§"
WORD = re.compile(r"§[a-z]\d+|[a-z0-9]+(?:[.,/-][a-z0-9]+)*")


_AS_TYPED = str.maketrans(
    {"´": None, "°": "o", "º": "o", "ª": "a", "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"'}
)


def fold(text: str) -> str:
    """Return text in lower case without accents or marks that no question needs, ñ as n, blanks single."""
    decomposed = unicodedata.normalize("NFKD", text[:QUESTION_MAX].translate(_AS_TYPED).lower())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^a-z0-9$%<>=.,;:/&+\-'\"\s]", " ", plain).split())


def words(folded: str) -> list[str]:
    """Return the words, numbers and slots of a folded text."""
    return WORD.findall(folded)


@functools.lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Return a word without number and gender: sueldos -> sueld, intereses -> inter, mes -> mes.

    Lighter than a full stemmer on purpose: alquiler must meet alquileres and pagar must not meet pago.
    """
    if word[0].isdigit() or word[0] == MARK:
        return word
    before = ""
    while word != before:
        before = word
        if len(word) > 4 and word.endswith("es") and word[-3] not in "aeiou":
            word = word[:-2]
        elif len(word) > 3 and word[-1] == "s":
            word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] in "aoe" else word


_CONNECTORS = frozenset(
    [
        "a",
        "al",
        "ante",
        "con",
        "de",
        "del",
        "e",
        "el",
        "en",
        "la",
        "las",
        "lo",
        "los",
        "o",
        "para",
        "por",
        "sin",
        "sobre",
        "su",
        "sus",
        "u",
        "un",
        "una",
        "y",
    ]
)


def stems(folded: str) -> tuple[str, ...]:
    """Return the stems of a name's words that carry meaning."""
    return tuple(stem(word) for word in words(folded) if word not in _CONNECTORS)


def is_connector(word: str) -> bool:
    """Return whether the word only joins others."""
    return word in _CONNECTORS


# Spanish of the Río de la Plata: these letters sound alike, and h not at all.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ch", "X"),
        (r"h", ""),
        (r"c(?=[ei])|z|x", "s"),
        (r"sc(?=[ei])|ss+", "s"),
        (r"qu(?=[ei])|q|c", "k"),
        (r"gu(?=[ei])", "G"),
        (r"g(?=[ei])", "j"),
        (r"v|w", "b"),
        (r"ll|y(?=[aeiou])", "Y"),
        (r"y", "i"),
        (r"m(?=[bp])", "n"),
        (r"rr", "r"),
    )
)


@functools.lru_cache(maxsize=16_384)
def sound(word: str) -> str:
    """Return a folded word as it sounds: acientos and asientos, devemos and debemos, iso and hizo are one."""
    for pattern, letter in _SOUNDS:
        word = pattern.sub(letter, word)
    return word


def heard(word: str, known: Iterable[str]) -> str | None:
    """Return the one known word that sounds as `word` does, written otherwise; None for none, or for several."""
    meant = sound(word)
    found = {other for other in known if sound(other) == meant and other != word}
    return found.pop() if len(found) == 1 else None


def near(word: str, known: Iterable[str]) -> str | None:
    """Return the one known word that `word` is a slip of; None for none, or for several.

    A short word may lack, double or swap letters; only from six letters on may one be another, since
    casa is not caja; from nine on two slips are forgiven where the word begins right: ejecutivo is not
    efectivo.
    """
    allowed = 2 if len(word) >= 9 else 1
    found = {
        other
        for other in known
        if abs(len(other) - len(word)) <= allowed
        and len(other) >= 4
        and _starts_alike(word, other)
        and _is_slip(word, other, allowed if word[:2] == other[:2] else 1)
    }
    if len(found) > 1 and len({stem(other) for other in found}) == 1:
        return min(found, key=lambda other: (abs(len(other) - len(word)), other))
    return found.pop() if len(found) == 1 else None


def _starts_alike(word: str, other: str) -> bool:
    return word[0] == other[0] or word[:2] == other[1::-1]


def _is_slip(word: str, other: str, allowed: int) -> bool:
    distance = _distance(word, other)
    if distance == 0 or distance > allowed:
        return False
    substituted = len(word) == len(other) and sorted(word) != sorted(other)
    return not (substituted and len(word) < 6)


def _distance(one: str, two: str) -> int:
    """Return the edits, a swap of neighbours counting one (optimal string alignment)."""
    rows = [list(range(len(two) + 1))]
    for i, char in enumerate(one, 1):
        row = [i]
        for j, other in enumerate(two, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (char != other))
            if i > 1 and j > 1 and char == two[j - 2] and one[i - 2] == other:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
