"""Terms: one analyser for index and question."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.chat import analysis
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


def test_a_part_of_a_word_is_no_phrase():
    assert "iibb" in terms("los ingresos brutos se declaran")
    assert "iibb" not in [gram for term in terms("reingresos brutos, ingresos brutosas") for gram in grams(term)]
    assert terms("reingresos brutos") == [*terms("reingresos"), *terms("brutos")]


def test_numbers_stay_whole():
    assert terms("art. 245, CUIT 30-71234567-9, 10,5% de 1.234,56") == ["art", "245", "cuit", "30-71234567-9", "10,5%",
                                                                       "1.234,56"]


def test_a_year_is_not_an_anus():
    assert fold("AÑO") == "año"
    assert terms("año") != terms("ano")


def test_grams_mark_the_ends_of_a_word():
    assert grams("iva") == ["<iva", "iva>"]
    assert grams("y") == ["<y>"]


def test_threads_that_read_at_once_find_the_same_terms():
    letters, endings = "bcdfglmprst", ("aciones", "amente", "ábamos", "iéndoselo", "idades", "ísimas")
    words = [f"{first}ol{second}an{ending}" for ending in endings for first in letters for second in letters]
    texts = [f"{word} re{word}" for word in words]
    analysis._term.cache_clear()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            together = list(threads.map(terms, texts))
    finally:
        sys.setswitchinterval(interval)
    analysis._term.cache_clear()
    assert together == [terms(text) for text in texts]
