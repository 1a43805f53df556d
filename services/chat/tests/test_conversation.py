"""A follow-up is read with what was asked before it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chat.conversation import READINGS_MAX, Turn, readings

DEBITED = "¿Cuándo se debita Mercaderías?"


def read(question, *before):
    return readings(question, [Turn(text) for text in before])


@pytest.mark.parametrize(
    ("question", "before", "first"),
    [
        ("¿y al revés?", [DEBITED], "¿Cuándo se acredita Mercaderías?"),
        ("¿y Proveedores?", [DEBITED], "¿Cuándo se debita Proveedores?"),
        ("¿y Proveedores?", [DEBITED, "¿y al revés?"], "¿Cuándo se acredita Proveedores?"),
        ("Proveedores", [DEBITED], "¿Cuándo se debita Proveedores?"),
        ("¿cuál es su saldo?", [DEBITED], "¿cuál es su saldo? Mercaderías"),
        ("dame un ejemplo", [DEBITED, "¿y Proveedores?"], "dame un ejemplo Proveedores"),
        ("¿cuándo se paga?", ["¿Qué es el aguinaldo?"], "¿cuándo se paga? aguinaldo"),
        ("¿y el pasivo?", ["¿Qué es el activo?"], "¿Qué es el pasivo?"),
        ("¿cuál es la diferencia?", ["¿Qué es el activo?", "¿y el pasivo?"], "¿cuál es la diferencia? activo pasivo"),
        ("¿y cuándo se acredita?", [DEBITED], "¿y cuándo se acredita? Mercaderías"),
        ("¿y de la obra social?", ["¿Cuánto se retiene de jubilación por un empleado?"],
         "¿Cuánto se retiene de obra social por un empleado?"),
        ("¿y los muebles?", ["¿Cuánto duran los rodados según el plan?"], "¿Cuánto duran los muebles según el plan?"),
        ("¿y con veinte?", ["¿Qué vacaciones hay con doce años de antigüedad?"],
         "¿Qué vacaciones hay con veinte de antigüedad?"),
        ("¿y si es un proveedor?", ["Un cliente me devolvió mercadería"], "devolvió mercadería ¿y si es un proveedor?"),
        ("Genial, gracias. ¿Y Proveedores?", [DEBITED], "¿Cuándo se debita Proveedores?"),
        ("Otra cosa: ¿qué es el IVA?", [DEBITED], "¿qué es el IVA?"),
        ("¿me das un ejemplo con números?", ["¿Qué es la liquidez?"], "¿me das un ejemplo con números? liquidez"),
        ("¿y si me la devuelven?", ["¿Cómo se registra una compra?"], "compra ¿y si me la devuelven?"),
    ],
)
def test_a_follow_up_takes_what_it_leaves_out_from_before(question, before, first):
    assert read(question, *before)[0] == first


@pytest.mark.parametrize("question", ["¿Qué es el IVA y quién lo paga?", "¿Cómo se calcula la amortización?", DEBITED])
def test_a_question_that_stands_alone_is_left_alone(question):
    assert read(question, "¿Qué es el aguinaldo?") == [question]
    assert read(question) == [question]


def test_the_topics_before_the_last_are_offered_too():
    assert "¿quién lo paga? IVA" in read("¿quién lo paga?", "¿Qué es el IVA?", "¿y la reducida?")


@pytest.mark.parametrize("said", ["gracias", "¡Muchas gracias!", "Ok, perfecto.", "hola", "listo"])
def test_who_only_thanks_asks_nothing(said):
    assert read(said, DEBITED) == [""]


def test_any_letter_may_follow():
    assert read("¿y İr?", DEBITED)


@pytest.mark.parametrize("said", ["¿y al revés?", "¿y su saldo?"])
def test_without_anything_before_it_a_follow_up_asks_nothing(said):
    assert read(said) == [""]


@pytest.mark.parametrize(("before", "said", "means"), [
    ("¿Cuándo se debita Deudores por ventas?", "¿y su saldo?", "¿y su saldo? Deudores por ventas"),
    ("¿Cuándo se debita Sueldos a pagar?", "¿y su saldo?", "¿y su saldo? Sueldos a pagar"),
    ("¿Qué es el IVA crédito fiscal?", "¿es activo o pasivo?", "¿es activo o pasivo? IVA crédito fiscal"),
])
def test_words_that_ask_are_part_of_the_names_they_stand_in(before, said, means):
    assert read(said, before)[0] == means


@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3))
def test_any_conversation_has_a_reading(question, before):
    found = read(question, *before)

    assert 1 <= len(found) <= READINGS_MAX
    assert all(isinstance(reading, str) for reading in found)
