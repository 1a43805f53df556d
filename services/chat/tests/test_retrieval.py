"""The passage that answers comes first, and what is not there is known not to be."""

from __future__ import annotations

import numpy as np
import pytest

from services.chat.extract import best_sentences
from services.chat.meaning import Meaning, Scale, Vectors
from services.chat.retrieval import retrieve
from services.chat.vector_store import SentenceStore, VectorStore


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("¿Cuándo se debita Mercaderías?", "Mercaderías"),
        ("cuando se acredita provedores", "Proveedores"),
        ("saldo de merkaderias", "Mercaderías"),
        ("¿Qué alícuota tiene el impuesto al valor agregado?", "IVA"),
        ("crédito fiscal", "IVA"),
    ],
)
def test_the_passage_that_answers_comes_first(generation, question, heading):
    found = retrieve(generation, question, top_k=3)

    assert generation.section_of(found.hits[0].passage).heading[-1] == heading
    assert 0 < found.hits[0].similarity <= 1


def test_a_question_of_another_world_has_little_confidence(generation):
    about = retrieve(generation, "¿Cuándo se debita Mercaderías?", top_k=3)
    beside = retrieve(generation, "¿Quién ganó el mundial de fútbol de 2022?", top_k=3)

    assert about.confidence > 0.8
    assert beside.confidence < 0.4


@pytest.mark.parametrize("question", ["", "¿?", "de la que", "x" * 2000, "\0 \u202e"])
def test_a_question_without_words_finds_nothing(generation, question):
    assert retrieve(generation, question, top_k=3).confidence < 0.3


def test_who_asks_nothing_is_not_read_by_the_network(generation):
    def meaning(_generation, _question):
        raise AssertionError

    assert not retrieve(generation, "¿Y? 🤷 " * 300, top_k=3, meaning=meaning).hits


def test_another_companys_documents_are_never_found(generation):
    mine = retrieve(generation, "¿Cuánto se archivan las facturas?", top_k=10, owner=7)
    others = [retrieve(generation, "¿Cuánto se archivan las facturas?", top_k=10, owner=owner) for owner in (None, 8)]

    assert generation.document_of(mine.hits[0].passage).name == "interno.md"
    for found in others:
        assert "interno.md" not in {generation.document_of(hit.passage).name for hit in found.hits}


def test_meaning_finds_what_no_word_holds(generation):
    near = np.zeros(384, dtype=np.float32)
    near[0] = 1
    passages = np.zeros((len(generation.spans), 384), dtype=np.float32)
    passages[1] = near
    sentences = np.zeros((len(generation.sentence_spans), 384), dtype=np.float32)
    sentences[generation.sentences_of(1)[-1]] = near
    vectors = Vectors(generation.name, VectorStore(passages), SentenceStore.of(sentences))

    def meaning(_generation, _question):
        return Meaning(near, vectors, Scale(other=0, answer=1))

    found = retrieve(generation, "Who are the vendors we owe?", top_k=3, meaning=meaning)

    assert found.hits[0].passage == 1
    assert found.confidence > retrieve(generation, "Who are the vendors we owe?", top_k=3).confidence
    assert generation.sentences_of(1)[-1] in {quoted.sentence for quoted in best_sentences(generation, found)}
