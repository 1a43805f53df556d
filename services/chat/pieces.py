"""Pieces of words by SentencePiece's unigram model: Kudo and Richardson (2018), "SentencePiece".

The 250,000 pieces lie as sorted 64-bit hashes in a memory-mapped array, as the index's terms do, and not as a
dictionary of strings, which takes 90 MB. All substrings of a text are hashed at once, a length at a time (each hash
grows out of the one a sign shorter), which no cryptographic hash could; no two pieces share one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.chat.lexical import mapped

BEGIN, END, UNKNOWN = 0, 2, 3
# The first pieces are no text: begin, padding, end and unknown.
_FIRST = 4
# The longest piece has 16 signs.
PIECE_MAX = 16
# As many signs as 512 pieces can have: the rest of a text is not looked at.
CHARS_MAX = 8192
_ARRAYS = ("hashes", "numbers", "scores")
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_MARK = "▁"
# What `nmt_nfkc` takes for blanks, beside those that NFKC makes blanks of.
_BLANKS = " \t\n\f\r\u1680\u200b\u200e\u200f\u2028\u2029\u2581\ufeff\ufffd"
_BETWEEN = re.compile(f"[{_BLANKS}]+")


class Pieces:
    """Cuts text into the numbers of the likeliest pieces. Safe to share between threads."""

    begin, end = BEGIN, END

    def __init__(self, folder: Path) -> None:
        """Map what `unpack_pieces` has written; OSError or ValueError where it is damaged."""
        self._hashes, self._numbers, self._scores = (mapped(folder / f"pieces.{name}.npy") for name in _ARRAYS)
        # What no piece covers costs more than any: SentencePiece's own penalty.
        self._unknown_score = float(self._scores.min()) - 10

    def cut(self, text: str, tokens_max: int) -> list[int]:
        """Return the numbers of a text's pieces, at most `tokens_max`; of blanks there are none."""
        signs = _normal(text)
        return self._likeliest(signs)[:tokens_max] if signs else []

    def _likeliest(self, signs: str) -> list[int]:
        """Return the pieces whose scores have the greatest sum (Viterbi)."""
        count = len(signs)
        best = [0.0] + [-np.inf] * count
        came: list[tuple[int, int]] = [(0, UNKNOWN)] * (count + 1)
        for start, length, number, score in zip(*self._candidates(signs), strict=True):
            end, reached = start + length, best[start] + score
            if reached > best[end]:
                best[end], came[end] = reached, (start, number)
        numbers = []
        while count:
            count, number = came[count]
            numbers.append(number)
        return numbers[::-1]

    def _candidates(self, signs: str) -> tuple[list[int], list[int], list[int], list[float]]:
        """Return start, length, number and score of the pieces in a text, by start and length.

        A sign that is no piece stands as the unknown one.
        """
        rows = np.full((len(signs), min(PIECE_MAX, len(signs))), -1)
        for length, hashes in enumerate(_substrings(signs)):
            found = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
            rows[: len(hashes), length] = np.where(self._hashes[found] == hashes, found, -1)
        unknown = rows[:, 0] < 0
        rows[unknown, 0] = 0
        starts, lengths = np.nonzero(rows >= 0)
        held = rows[starts, lengths]
        strange = unknown[starts] & (lengths == 0)
        numbers = np.where(strange, UNKNOWN, self._numbers[held])
        scores = np.where(strange, self._unknown_score, self._scores[held])
        return starts.tolist(), (lengths + 1).tolist(), numbers.tolist(), scores.tolist()


def unpack_pieces(pieces: Sequence[str], scores: NDArray[np.float32], folder: Path) -> None:
    """Write pieces as arrays sorted by hash: uint64, int32, float32. The last is a mask, no text either."""
    hashes = _hashes(pieces[_FIRST:-1])
    order = np.argsort(hashes)
    np.save(folder / "pieces.hashes.npy", hashes[order])
    np.save(folder / "pieces.numbers.npy", (order + _FIRST).astype(np.int32))
    np.save(folder / "pieces.scores.npy", scores[_FIRST:-1][order].astype(np.float32))


def _normal(text: str) -> str:
    """Return a text as the pieces were made from: NFKC, a mark before each word, no blanks."""
    words = _BETWEEN.split(unicodedata.normalize("NFKC", text.lstrip(_BLANKS)[:CHARS_MAX]))
    return "".join(_MARK + word for word in words if word)


def _substrings(signs: str) -> list[NDArray[np.uint64]]:
    """Return for each length from 1 to that of the longest piece the hashes of all substrings, by their start."""
    # Plus one, since a zero before others would not be seen.
    codes = np.frombuffer(signs.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64) + np.uint64(1)
    found = [codes]
    for length in range(1, min(PIECE_MAX, len(codes))):
        found.append(found[-1][:-1] * _FACTOR + codes[length:])
    return found


def _hashes(pieces: Sequence[str]) -> NDArray[np.uint64]:
    """Return the hash of each piece, as `_substrings` has it."""
    codes = np.array(pieces, dtype=f"<U{PIECE_MAX}").view("<u4").reshape(-1, PIECE_MAX).astype(np.uint64)
    hashes = np.zeros(len(pieces), dtype=np.uint64)
    for column in codes.T:  # zeros behind the shorter ones
        hashes = np.where(column, hashes * _FACTOR + column + np.uint64(1), hashes)
    return hashes
