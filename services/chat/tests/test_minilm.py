"""The network in numpy against the original's vectors.

reference_vectors.json was computed once by sentence-transformers over the same weights, at 256 tokens.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from services.chat.minilm import MiniLM
from services.chat.networks import MINILM, ModelMissing

REFERENCE = json.loads((Path(__file__).parent / "reference_vectors.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def embedder(tmp_path_factory) -> MiniLM:
    return MiniLM(MINILM.folder(), tmp_path_factory.mktemp("networks"))


@pytest.mark.parametrize("entry", REFERENCE, ids=lambda entry: entry["text"][:20] or "blank")
def test_vectors_are_the_originals(embedder, entry):
    vector = embedder.question(entry["text"])

    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert float(vector @ np.array(entry["vector"], dtype=np.float32)) > 0.995


def test_other_weights_are_refused(tmp_path):
    (tmp_path / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n")
    (tmp_path / "model.safetensors").write_bytes(b"\0" * 100)

    with pytest.raises(ModelMissing):
        MiniLM(MINILM.folder(tmp_path), tmp_path / "networks")


def test_a_vocabulary_that_is_none_is_refused(tmp_path):
    shutil.copy(MINILM.folder() / "model.safetensors", tmp_path)
    (tmp_path / "vocab.txt").write_text("basura\n")

    with pytest.raises(ModelMissing, match="UNK"):
        MiniLM(MINILM.folder(tmp_path), tmp_path / "networks")


def test_a_folder_without_weights_says_so(tmp_path):
    with pytest.raises(ModelMissing, match="safetensors"):
        MINILM.folder(tmp_path)
