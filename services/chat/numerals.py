"""Numbers in words, as digits: veintiuno por ciento is 21 %."""

from __future__ import annotations

import itertools
import re

_ONES = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete"
    " dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete"
    " veintiocho veintinueve"
)
_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_HUNDREDS = "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
_VALUES: dict[str, int] = {
    **{word: value for value, word in enumerate(_ONES.split())},
    **{word: 10 * value for value, word in enumerate(_TENS.split(), start=3)},
    **{word: 100 * value for value, word in enumerate(_HUNDREDS.split(), start=1)},
    **{word[:-2] + "as": 100 * value for value, word in enumerate(_HUNDREDS.split(), start=1) if value > 1},
    "veintiun": 21, "veintiuna": 21, "cien": 100, "un": 1, "una": 1,
}
_SCALES = {"mil": 1000, "millon": 10**6, "millones": 10**6}
# An article is no number by itself.
_ARTICLES = frozenset({"un", "una", "uno"})
_WORD = re.compile(r"[^\W\d_]+|[^\w\s]|\d[\d.,]*|\s+")
_DECIMAL = re.compile(r"\b(\d+) coma (\d+)\b")
_PERCENT = re.compile(r"\b(?:por ciento|porciento)\b")


def in_digits(folded: str) -> str:
    """Return a text in lower case without accents with its numbers in digits."""
    tokens = _WORD.findall(_PERCENT.sub("%", folded))
    written: list[str] = []
    place = 0
    while place < len(tokens):
        value, end = _number_at(tokens, place)
        written.append(str(value) if end > place else tokens[place])
        place = max(end, place + 1)
    return _DECIMAL.sub(r"\1,\2", "".join(written))


def _number_at(tokens: list[str], start: int) -> tuple[int, int]:
    """Return the number that begins at a token and the token after it; (0, start) where none does."""
    total, group, end = 0, 0, start
    for place in itertools.count(start, 2):  # every other token is a blank
        word = tokens[place] if place < len(tokens) else ""
        follows_and = word == "y" and group % 10 == 0 and 30 <= group % 100 <= 90
        if follows_and and place + 2 < len(tokens) and 0 < _VALUES.get(tokens[place + 2], 0) < 10:
            continue
        if word in _SCALES and (end > start or word == "mil"):
            total, group = total + max(group, 1) * _SCALES[word], 0
        elif word in _VALUES and _fits(group, _VALUES[word]) and (end > start or _counts(tokens, place)):
            group += _VALUES[word]
        else:
            break
        end = place + 1
        if place + 1 < len(tokens) and not tokens[place + 1].isspace():
            break
    return total + group, end


def _fits(group: int, value: int) -> bool:
    """Return whether a word goes on with a number: ciento and veinte, treinta and cinco, but not dos and tres."""
    return group == 0 or (group % 100 == 0 and value < 100) or (group % 10 == 0 and group % 100 >= 30 and value < 10)


def _counts(tokens: list[str], place: int) -> bool:
    """Return whether a word that begins a number is one: un and una are before mil, millón and % alone."""
    following = tokens[place + 2] if place + 2 < len(tokens) else ""
    return tokens[place] not in _ARTICLES or following == "%" or following in _SCALES
