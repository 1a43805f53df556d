"""BERT's uncased WordPiece tokens: Devlin et al. (2018), as the model was trained with."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_WORD_MAX = 100


class WordPiece:
    """Cuts text into the numbers of a vocabulary file, one token a line."""

    def __init__(self, vocabulary: Path) -> None:
        lines = vocabulary.read_text(encoding="utf-8").splitlines()
        self._ids = {token: number for number, token in enumerate(lines)}
        self._unknown, self._start, self._end = (self._ids[token] for token in ("[UNK]", "[CLS]", "[SEP]"))

    def encode(self, text: str, tokens_max: int) -> NDArray[np.int64]:
        """Return the token numbers between [CLS] and [SEP], at most `tokens_max` with them."""
        ids = [self._start]
        for word in _words(text):
            ids += self._pieces(word)
            if len(ids) >= tokens_max:
                break
        return np.array([*ids[: tokens_max - 1], self._end])

    def _pieces(self, word: str) -> list[int]:
        if len(word) > _WORD_MAX:
            return [self._unknown]
        pieces: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = self._ids.get(("##" if start else "") + word[start:end])
                if piece is not None:
                    break
            else:
                return [self._unknown]
            pieces.append(piece)
            start = end
        return pieces


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
