"""Terms: one analyser for index and question."""

from __future__ import annotations

import pytest

from services.chat.analysis import fold, grams, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("¿Cuándo se DEBITA la cuenta Mercaderías?", "cuando se debita la cuenta mercaderias"),
        ("registraciones", "asientos"),
        ("haberes", "sueldos"),
        ("la depreciación de los rodados", "amortización de vehículos"),
        ("impuesto al valor agregado", "IVA"),
        ("AFIP", "ARCA"),
    ],
)
def test_what_means_the_same_has_the_same_terms(one, other):
    assert terms(one) == terms(other)


def test_numbers_stay_whole():
    assert terms("art. 245, CUIT 30-71234567-9, 10,5% de 1.234,56") == ["art", "245", "cuit", "30-71234567-9", "10,5%",
                                                                       "1.234,56"]


def test_a_year_is_not_an_anus():
    assert fold("AÑO") == "año"
    assert terms("año") != terms("ano")


def test_grams_mark_the_ends_of_a_word():
    assert grams("iva") == ["<iva", "iva>"]
    assert grams("y") == ["<y>"]
