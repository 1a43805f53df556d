"""Passages are read with their headings; confidence says whether they hold what was asked."""

from __future__ import annotations

import pytest

from services.chat.answering import CONFIDENCE_MIN
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
