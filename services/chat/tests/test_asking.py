"""A question's words find those of the documents: misspelt, colloquial, English."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chat.asking import as_meant, concepts, supposes
from services.chat.lexicon import lexicon_for, speaks_english
from services.chat.spelling import sound


def asked(generation, question):
    return {concept.asked: concept for concept in concepts(question, generation.words, generation.spellings)}


def terms_of(concept):
    return {term for term, _fit in concept.terms}


@pytest.mark.parametrize(
    ("written", "meant"),
    [("serrado", "cerrado"), ("contavle", "contable"), ("kaja", "caja"), ("gananzia", "ganancia"), ("haver", "aber"),
     ("lluvia", "yuvia"), ("quenta", "kenta"), ("inporte", "importe"), ("AGUINALDO", "aguinaldo")],
)
def test_what_sounds_alike_is_one(written, meant):
    assert sound(written) == sound(meant)


@pytest.mark.parametrize(
    ("word", "meant"), [("merkaderias", "mercad"), ("proveedroes", "proveedor"), ("debolusiones", "devolu")]
)
def test_a_misspelt_word_stands_for_the_one_that_was_meant(generation, word, meant):
    concept = next(iter(asked(generation, word).values()))

    assert meant in terms_of(concept)
    assert all(0 < fit < 1 for _term, fit in concept.terms)


def test_a_word_is_not_taken_for_one_that_is_merely_short_of_it(generation):
    for word in ("sal", "mar", "debut", "ivanhoe"):
        assert not any(concept.terms for concept in asked(generation, word).values())


def test_names_are_not_mended_and_known_as_names(generation):
    found = asked(generation, "¿Qué dice la NIIF sobre el saldo de Proveedorez?")

    assert found["niif"].is_name
    assert not found["niif"].terms
    assert found["proveedorez"].is_name
    assert not found["sald"].is_name
    assert not any(concept.is_name for concept in asked(generation, "¿QUÉ ES EL SALDO?").values())


def test_what_people_say_stands_for_what_the_books_say(generation):
    assert "mercad" in terms_of(asked(generation, "los productos")["product"])
    assert asked(generation, "cuenta corriente")["corrient"].terms[0] == ("corrient", 1.0)


def test_what_people_say_may_be_misspelt_too(generation):
    (concept,) = asked(generation, "artíkulo").values()

    assert "mercad" in terms_of(concept)


@pytest.mark.parametrize(
    ("question", "english"),
    [("What is the VAT rate?", True), ("¿Qué es el IVA?", False), ("IVA", False), ("is", True), ("", False),
     ("¿Me sale caro un empleado?", False)],
)
def test_the_language_of_a_question_is_known(question, english):
    assert speaks_english(question) is english


def test_an_english_word_is_translated(generation):
    assert "mercad" in terms_of(next(iter(asked(generation, "What is the merchandise?").values())))


def test_shorthand_that_nobody_knows_is_not_asked_about(generation):
    assert set(asked(generation, "q es el iva x kilo")) == {"iva", "kil"}


@pytest.mark.parametrize("question", ["¿Podrían decirme qué es el IVA?", "kuanto es el iva", "Che, necesito el IVA"])
def test_what_everybody_says_is_not_asked_about(generation, question):
    assert set(asked(generation, question)) == {"iva"}


@pytest.mark.parametrize(("written", "meant"), [("mrcdrs", "mercad"), ("saldoiva", "iva"), ("mercaderyas", "mercad")])
def test_a_word_in_a_hurry_is_what_it_was_meant_to_be(generation, written, meant):
    found = asked(generation, f"saldo de {written}").values()
    assert meant in {term for concept in found for term in terms_of(concept)}


def test_an_adverb_that_nobody_knows_only_says_how(generation):
    assert set(asked(generation, "¿Qué es habitualmente el IVA?")) == {"iva"}


@pytest.mark.parametrize("question", ["¿Qué es?", "What is?"])
def test_every_line_of_the_lists_is_read(question):
    lexicon = lexicon_for(question)

    assert len(lexicon.phrases) > 150
    assert all(phrase and (len(phrase) > 1 or phrase[0] not in related) for phrase, related in lexicon.phrases.items())


@given(st.text(max_size=200))
def test_any_text_can_be_asked(text):
    words = lexicon_for(text).split(text.split())
    assert [word for phrase, _related in words for word in phrase] == text.split()


@pytest.mark.parametrize(("asked", "meant"), [
    ("¿cuando se devita mercaderias?", "¿cuando se debita mercaderias?"),
    ("q alicuota tiene el iva, la redusida", "q alicuota tiene el iva, la reducida"),
    # What is right, what is a name, what people say, and what is in English stays as it was written.
    ("¿Cuándo se debita Mercaderías?", "¿Cuándo se debita Mercaderías?"),
    ("¿Qué compró Clientez a Provedor?", "¿Qué compró Clientez a Provedor?"),
    ("¿cuánto vale un automóvil?", "¿cuánto vale un automóvil?"),
    ("When are vendors debited?", "When are vendors debited?"),
    ("", ""),
])
def test_a_misspelt_word_is_read_as_it_was_meant(generation, asked, meant):
    assert as_meant(asked, generation.words, generation.spellings) == meant


def test_accents_that_are_signs_of_their_own_end_no_word(generation):
    question = "¿Cuál es la devolución?"
    meant = as_meant(unicodedata.normalize("NFD", question), generation.words, generation.spellings)

    assert meant == question


def test_a_sign_that_stands_for_many_words_takes_no_longer_than_they_do(generation):
    started = time.process_time()
    as_meant("\ufdfa" * 2000, generation.words, generation.spellings)

    assert time.process_time() - started < 10


@pytest.mark.parametrize(("question", "does"), [
    ("¿Por qué Caja es un activo?", True), ("la caja es pasivo?", True), ("¿Se debita Ventas al cobrar?", True),
    ("¿Cuándo se debita Caja?", False), ("¿Qué es un activo?", False), ("¿Cuál es el activo corriente?", False),
    ("cuentas de activo", False),
])
def test_some_questions_suppose_what_may_be_wrong(question, does):
    assert supposes(question) is does


def test_what_stands_for_more_is_read_as_that(generation):
    words, spellings = generation.words, generation.spellings

    assert set(asked(generation, "nc de cta cte")) >= {"credit", "cuent", "corrient"}
    assert as_meant("¿Cómo registro una NC?", words, spellings) == "¿Cómo registro una nota de crédito?"
    assert as_meant("What is an NC of my account?", words, spellings) == "What is an NC of my account?"
