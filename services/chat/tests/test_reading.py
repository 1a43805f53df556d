"""Passages are read with their headings; confidence says whether they hold what was asked."""

from __future__ import annotations

import pytest

from services.chat import index
from services.chat.answering import CONFIDENCE_MIN
from services.chat.documents import Document
from services.chat.retrieval import retrieve


def read(generation, question):
    found = retrieve(generation, question, top_k=3)
    return found, found.hits[0].read


def test_a_heading_counts_for_the_sentences_under_it(generation):
    found, passage = read(generation, "saldo de Proveedores")
    balance = next(one for one in passage.sentences if "saldo" in generation.sentence(found_at(found), one.sentence))

    assert balance.covered > 0.99
    assert balance.own < balance.covered
    assert passage.named == 1.0


def found_at(found):
    return found.hits[0].passage


@pytest.mark.parametrize(
    ("question", "sentence"),
    [("¿Cuánto es el IVA?", "La alícuota general del IVA es del 21 %."),
     ("¿Qué es Proveedores?", "Representa las deudas por compras en cuenta corriente.")],
)
def test_a_sentence_is_known_to_be_of_the_kind_that_is_wanted(generation, question, sentence):
    found, passage = read(generation, question)
    fitting = [generation.sentence(found_at(found), one.sentence) for one in passage.sentences if one.fits]

    assert fitting[0] == sentence
    assert len(fitting) < len(passage.sentences)


def test_a_sentence_about_the_contrary_is_known(generation):
    found, passage = read(generation, "¿Cuándo se debita Mercaderías?")
    contrary = [generation.sentence(found_at(found), one.sentence) for one in passage.sentences if one.contrary]

    assert contrary == ["Se acredita por el costo de lo vendido."]


@pytest.mark.parametrize(
    "question",
    ["¿Cuándo se debita Mercaderías?", "q alicuota tiene el ibba", "What is the VAT rate?", "saldo de proveedores"],
)
def test_one_is_sure_of_what_is_there(generation, question):
    assert read(generation, question)[0].confidence >= CONFIDENCE_MIN


@pytest.mark.parametrize(
    "question",
    ["¿Qué dice la NIIF 16?", "¿Quién ganó el mundial?", "¿Cuál es la capital de Francia?", "¿Cuánto vale un caballo?",
     "¿Cuánto es el IVA en Brasil?"],
)
def test_one_is_not_sure_of_what_is_not(generation, question):
    assert read(generation, question)[0].confidence < CONFIDENCE_MIN


def made_of(root, text):
    with index.building(root):
        return index.build(root, [Document("cuentas.md", text)], size=500, overlap=50)


def test_a_word_of_the_heading_has_no_contrary(root):
    made = made_of(root, "# Cuentas\n\n## Deudores incobrables\n\nSe debita al usarla. Su saldo es acreedor.\n")
    _found, passage = read(made, "¿Qué saldo tiene Deudores incobrables?")

    assert not any(one.contrary for one in passage.sentences)


def test_a_heading_of_what_is_left_over_is_not_what_was_asked_about(root):
    made = made_of(root, "# Cuentas\n\n## Ingresos\n\nSe ganan.\n\n## Otros ingresos varios\n\nSe ganan a veces.\n")
    named = {
        made.section_of(hit.passage).heading[-1]: hit.read.named
        for hit in retrieve(made, "¿Qué son los ingresos?", top_k=3).hits
    }

    assert named["Ingresos"] == 1.0
    assert named["Otros ingresos varios"] < 1.0


def test_a_misspelt_quantity_asks_for_a_number_too(root):
    made = made_of(root, "# Reserva\n\nEs un porcentaje de la ganancia: el 5 %.\n")

    assert retrieve(made, "q porsentaje es", top_k=3).wanted.number
