"""Sentence embeddings of all-MiniLM-L6-v2 in numpy: an English network of six layers, 384 numbers a text."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from services.chat.bert import Bert, EightBits
from services.chat.encoder import Encoder
from services.chat.meaning import Scale
from services.chat.networks import MINILM, MINILM_IDENTITY, MINILM_UNPACKED, ModelMissing
from services.chat.unpacking import unpacked
from services.chat.weights import FILE, TABLE, Tensors, write_in_8_bits
from services.chat.wordpiece import WordPiece

TOKENS_MAX = 256
_UNUSED = ("embeddings.position_ids", "pooler.dense.weight", "pooler.dense.bias")


class MiniLM(Encoder):
    """Turns texts into unit vectors of 384 numbers; each text is cut at 256 tokens."""

    identity = MINILM_IDENTITY
    scale = Scale(other=0.1, answer=0.6)

    def __init__(self, folder: Path, networks: Path) -> None:
        """Open the weights, in 8 bits under `networks`; ModelMissing when they are not the official ones."""
        try:
            tensors = Tensors(unpacked(networks, MINILM_UNPACKED, partial(_write, folder)) / FILE)
            tokens = WordPiece(folder / "vocab.txt")
        except (OSError, ValueError) as error:
            raise ModelMissing(f"all-MiniLM-L6-v2 cannot be unpacked: {error}") from error
        super().__init__(Bert(tensors, EightBits(tensors, TABLE)), tokens, tokens_max=TOKENS_MAX)


def _write(official: Path, folder: Path) -> None:
    MINILM.check(official)
    tensors = Tensors(official / "model.safetensors")
    write_in_8_bits(tensors, [name for name in tensors.names() if name not in _UNUSED], folder / FILE)
