"""BERT's uncased WordPiece tokens: Devlin et al. (2018), as the model was trained with."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from pathlib import Path

import numpy as np

_WORD_MAX = 100


class WordPiece:
    """Cuts text into the numbers of a vocabulary file, one token a line; ValueError where one of BERT's own lacks.

    The tokens are sorted in one array of bytes: 30,000 strings in a dictionary would take 4 MB.
    """

    def __init__(self, vocabulary: Path) -> None:
        tokens = np.array(vocabulary.read_bytes().splitlines(), dtype=bytes)
        self._numbers = tokens.argsort(kind="stable")
        self._tokens = tokens[self._numbers]
        self._unknown, self.begin, self.end = map(self._special, ("[UNK]", "[CLS]", "[SEP]"))

    def cut(self, text: str, tokens_max: int) -> list[int]:
        """Return the numbers of a text's tokens, at most `tokens_max`."""
        ids: list[int] = []
        for word in _words(text):
            ids += self._pieces(word)
            if len(ids) >= tokens_max:
                break
        return ids[:tokens_max]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > _WORD_MAX:
            return [self._unknown]
        pieces: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = self._number(("##" if start else "") + word[start:end])
                if piece is not None:
                    break
            else:
                return [self._unknown]
            pieces.append(piece)
            start = end
        return pieces

    def _special(self, token: str) -> int:
        number = self._number(token)
        if number is None:
            raise ValueError(f"The vocabulary has no {token}.")
        return number

    def _number(self, token: str) -> int | None:
        """Return a token's line in the vocabulary, None where it has none."""
        wanted = token.encode()
        place = bisect_right(self._tokens, wanted) - 1
        return int(self._numbers[place]) if place >= 0 and self._tokens[place] == wanted else None


def _words(text: str) -> list[str]:
    """Return words and single signs, lower case, without accents and control characters."""
    out: list[str] = []
    for char in unicodedata.normalize("NFD", text.lower()):
        kind = unicodedata.category(char)
        if kind == "Mn" or char in "\0�" or (kind[0] == "C" and char not in "\t\n\r"):
            continue
        out.append(f" {char} " if _is_sign(char, kind) or _is_ideograph(char) else char)
    return "".join(out).split()


def _is_sign(char: str, kind: str) -> bool:
    # BERT takes all ASCII that is neither letter nor digit for punctuation, `$` and `+` too.
    return kind[0] == "P" or (char.isascii() and char.isprintable() and not char.isalnum() and char != " ")


def _is_ideograph(char: str) -> bool:
    return "一" <= char <= "鿿" or "㐀" <= char <= "䶿" or "豈" <= char <= "﫿"
