"""Words of the documents that mean nearly what those of a question do."""

from __future__ import annotations

import numpy as np
import pytest

from services.chat import index, rag_service, senses
from services.chat.config import ChatConfig
from services.chat.documents import Document
from services.chat.meaning import Vectors
from services.chat.senses import ALIKE_MAX, NEAR, Senses

WORK = """# Reglamento

## Sueldos

El sueldo se deposita el primer día hábil de cada mes.

## Automotores

Los automotores se guardan en el galpón del fondo.
"""


def circle(texts):
    """Words on a circle: of a length of n letters at n degrees times ten."""
    angles = np.radians([10 * len(text) for text in texts])
    vectors = np.zeros((len(texts), 384), dtype=np.float32)
    vectors[:, 0], vectors[:, 1] = np.cos(angles), np.sin(angles)
    return vectors


def test_the_nearest_terms_are_found_whatever_the_block_they_stand_in(tmp_path, monkeypatch):
    words = ["a" * length for length in range(3, 25)]
    senses.write(tmp_path, [" ".join(words)], circle)
    monkeypatch.setattr(senses, "_BLOCK", 5)

    found = Senses.load(tmp_path).learn(["bbbb"], circle(["bbbb"]))

    assert len(found["bbbb"]) == ALIKE_MAX
    cosines = [cosine for _term, cosine in found["bbbb"]]
    assert cosines == sorted(cosines, reverse=True)
    assert all(NEAR <= cosine <= 1.01 for cosine in cosines)
    assert cosines[0] == pytest.approx(1, abs=0.01)


def test_without_words_nothing_is_alike(tmp_path):
    senses.write(tmp_path, ["1 2 3"], circle)

    assert Senses.load(tmp_path).learn(["sueldo"], circle(["sueldo"])) == {"sueldo": ()}


def test_a_question_is_asked_of_the_network_once_with_its_new_words(root, generation, monkeypatch):
    asked = []
    with index.building(root):
        held = Vectors.load(index.add_vectors(root, circle))
    monkeypatch.setattr(senses, "_HELD_MAX", 4)

    def meaning(question):
        return held.meaning(question, lambda texts: asked.append(texts) or circle(texts)).alike

    first = meaning("¿El saldo de 2024 es deudor?")
    again = meaning("Saldo deudor")
    more = meaning("¿El saldo deudor, acreedor y contable?")  # more than are remembered

    assert asked == [["¿El saldo de 2024 es deudor?", "saldo", "deudor"], ["Saldo deudor"],
                     ["¿El saldo deudor, acreedor y contable?", "acreedor", "contable"]]
    assert first == again
    assert first.items() <= more.items()
    meaning("¿Una devolución?")
    assert meaning("Saldo deudor") == first


@pytest.fixture
def answered(root):
    """Ask an index of our own with the real network."""
    rag_service.configure(ChatConfig(data_dir=root, index_dir=root), documents=lambda: [Document("r.md", WORK)])
    rag_service.rebuild_index()
    yield lambda question: rag_service.query(question, stream=False)
    rag_service.configure()


@pytest.mark.parametrize(
    ("question", "said"),
    [("When is the salary deposited?", "primer día hábil"), ("Where are the cars kept?", "galpón del fondo"),
     ("¿Dónde guardan los autos?", "galpón del fondo")],
)
def test_a_question_in_other_words_finds_the_sentence(answered, question, said):
    assert said in answered(question)["answer"]


def test_a_generation_without_them_is_asked_by_words_alone(root, answered):
    generation = rag_service._the().generation()
    (generation.folder / senses.TERMS).unlink()

    assert rag_service.meaning(generation, "autos") is None
    assert "galpón" in answered("¿Dónde se guardan los automotores?")["answer"]
