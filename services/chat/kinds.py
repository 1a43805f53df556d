"""What kind of sentence one is: a definition, an entry, one with a number. Known when the index is made.

Whatever changes here changes manifest.FORMAT: an index keeps the kinds of its sentences.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from services.chat.analysis import fold

# Kinds are bits; those of numbers say that a sentence has such a number of its own, and no name of something.
DEFINES, RECORDS, NUMBER, SHARE, YEAR = (1 << bit for bit in range(5))
# A definition says so within so many characters.
_DEFINES_WITHIN = 120
_DEFINES = re.compile(r"\b(?:es|son|significan?|representan?|consisten?|se llaman?|se denominan?)\b")
_RECORDS = re.compile(r"\b(?:debita|acredita|debitan|acreditan|debe|haber)\b")
_NUMBERS = {
    # A number, or how one is got.
    NUMBER: re.compile(
        r"\d|\b(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|cien|mil|medi[oa]"
        r"|mitad|tercio|doceava|doble)\b|\bun[ao]? (?:sola )?(?:hora|minuto|mes|ano|dia|vez|semana)\b"
        r"|\b(?:dividi\w+|multiplic\w+|se resta|restar|es igual|suma de)\b"
    ),
    SHARE: re.compile(r"\d\s*%|\bpor ciento\b|\d/\d|\b(?:mitad|tercio|cuarto|quinto|decimo|doceava)\b"),
    YEAR: re.compile(r"\b[12]\d{3}\b"),
}
# Numbers that are names: of articles, laws, forms, accounts, and those that only count the lines of a list.
_NAME_WITH_NUMBER = re.compile(
    r"\b(?:art(?:iculo)?s?|ley(?:es)?|decretos?|formularios?|rt|resoluci\w+|inc(?:iso)?)\.?\s*(?:n\W{0,3})?[\d.,/ y]*\d"
    r"|\b\d{5} (?=[a-z])|^\s*\d+[.)]\s|^\s*\d+(?:\.\d+)+\s"
)


def kinds_of(sentence: str) -> int:
    """Return the kinds that a sentence is of, as bits."""
    folded = fold(sentence)
    kinds = DEFINES * bool(_DEFINES.search(folded, 0, _DEFINES_WITHIN)) | RECORDS * bool(_RECORDS.search(folded))
    bare = _NAME_WITH_NUMBER.sub(" ", folded)
    return kinds | sum(
        kind for kind, number in _NUMBERS.items() if number.search(folded) and number.search(bare)
    )


def counts_beside(sentence: str, kind: int, said: Collection[str]) -> bool:
    """Return whether a sentence has a number of a kind beside those that the question `said`."""
    bare = _NAME_WITH_NUMBER.sub(" ", fold(sentence))
    for word in said:
        if word[0].isdigit():
            bare = re.sub(rf"(?<![\d.,]){re.escape(word)}(?![.,]?\d)", " ", bare)
    return bool(_NUMBERS[kind].search(bare))
