"""The weights in 8 bits: made once, made anew where they are damaged, refused where they cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from services.chat.minilm import MiniLM
from services.chat.networks import MINILM, ModelMissing

TEXT = "¿Cuándo se debita Mercaderías?"


@pytest.fixture
def networks(tmp_path):
    return tmp_path / "networks"


def weights_in(networks):
    (file,) = networks.glob("*/weights.safetensors")
    return file


def test_the_8_bit_file_is_made_once(networks):
    first = MiniLM(MINILM.folder(), networks).question(TEXT)
    made = weights_in(networks).stat()

    assert np.array_equal(MiniLM(MINILM.folder(), networks).question(TEXT), first)
    assert weights_in(networks).stat().st_ino == made.st_ino
    assert made.st_size < 24_000_000


def test_a_file_that_was_cut_is_made_anew(networks):
    first = MiniLM(MINILM.folder(), networks).question(TEXT)
    weights_in(networks).write_bytes(b"\0" * 1000)

    assert np.array_equal(MiniLM(MINILM.folder(), networks).question(TEXT), first)


def test_a_file_that_is_cut_under_its_reader_is_no_model(networks):
    embedder = MiniLM(MINILM.folder(), networks)
    weights_in(networks).write_bytes(b"")

    with pytest.raises(ModelMissing):
        embedder.question(TEXT)


def test_a_folder_that_cannot_be_written_is_told(networks):
    networks.write_text("a file where a folder should be")

    with pytest.raises(ModelMissing, match="unpacked"):
        MiniLM(MINILM.folder(), networks)
