"""The pages of the libro diario."""

from __future__ import annotations

import datetime as dt
import io
import re
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from services.daily import libro_diario, typesetting
from services.daily.libro_diario import Asiento, Book, PrintedLine, book_of, canonical, digest, render


def pesos(amount: int) -> str:
    """Write centavos the Argentine way, as who calls the service does."""
    return f"{amount / 100:,.2f}".translate(str.maketrans(",.", ".,"))


WORDS = {
    "title": "Libro diario", "period": "Del %(from)s al %(to)s", "folio": "Folio",
    "asiento": "Asiento N.º %(number)d · %(date)s", "continued": "(continúa)", "account": "Cuenta", "debit": "Debe",
    "credit": "Haber", "brought": "Transporte de la hoja anterior", "carried": "Transporte", "totals": "Totales",
    "count": "%(count)d asientos, %(lines)d renglones", "digest": "SHA-256",
}


def make_book(count: int, lines: int = 2, legend: str = "Venta al contado") -> Book:
    asientos = []
    for number in range(1, count + 1):
        half = [PrintedLine("11101", "Caja", 100_00 + number, 0)] * (lines // 2)
        other = [PrintedLine("41101", "Ventas", 0, 100_00 + number)] * (lines // 2)
        asientos.append(Asiento(number, dt.date(2026, 3, 1 + number % 28), legend, (*half, *other)))
    return Book("Almacén Don Julio SRL", "Marzo", dt.date(2026, 3, 1), dt.date(2026, 3, 31), tuple(asientos))


def texts(pages: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pages)).pages]


@pytest.fixture(scope="module")
def pages() -> list[str]:
    return texts(render(canonical(make_book(60)), WORDS, pesos))


def test_a_book_is_printed_with_all_that_it_must_say(pages):
    text = "\n".join(pages)
    book = make_book(60)
    for said in (
        "Almacén Don Julio SRL", "Marzo", "Del 01/03/2026 al 31/03/2026", "Asiento N.º 1 · 02/03/2026", "11101", "Caja",
        "Venta al contado", "60 asientos, 120 renglones", digest(canonical(book)),
    ):
        assert said in text


def test_folios_go_on_and_sums_are_carried_from_page_to_page(pages):
    assert len(pages) > 2
    assert [re.search(r"Folio (\d+)", page)[1] for page in pages] == [str(n) for n in range(1, len(pages) + 1)]
    sent = [re.findall(r"Transporte\s+([\d.,]+)", page)[-1] for page in pages[:-1]]
    brought = [re.search(r"hoja anterior\s+([\d.,]+)", page)[1] for page in pages[1:]]
    assert sent == brought
    assert re.search(r"Totales\s+([\d.,]+)\s+([\d.,]+)", pages[-1]).groups() == ("6.018,30", "6.018,30")
    assert "hoja anterior" not in pages[0]


def test_the_same_book_is_the_same_bytes():
    content = canonical(make_book(3))
    assert render(content, WORDS, pesos) == render(content, WORDS, pesos)


def test_a_large_book_is_parts_put_together(monkeypatch):
    monkeypatch.setattr(libro_diario, "ONE_DOCUMENT_LINES", 50)
    monkeypatch.setattr(libro_diario, "PART_ROWS", 90)
    content, told = canonical(make_book(50, lines=4)), []
    whole = render(content, WORDS, pesos, lambda done, every: told.append((done, every)))
    assert whole == render(content, WORDS, pesos)
    found = texts(whole)
    assert [re.search(r"Folio (\d+)", page)[1] for page in found] == [str(n) for n in range(1, len(found) + 1)]
    assert "10.025,50" in found[-1] or "10.051,00" in found[-1]
    assert sum(page.count("Totales") for page in found) == 1
    assert told[-1] == (200, 200)
    assert len(told) == 4


def test_an_asiento_longer_than_a_part_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(libro_diario, "ONE_DOCUMENT_LINES", 50)
    monkeypatch.setattr(libro_diario, "PART_ROWS", 60)
    text = "\n".join(texts(render(canonical(make_book(1, lines=100)), WORDS, pesos)))
    assert (text.count("(continúa)"), text.count("Venta al contado")) == (1, 1)


LEGENDS = ["#panic()", "*negrita* $x$ <a> @b", "\\ [ ] { } \"", "añ\u0000o 💸 \u202e\u200f", "=" * 300]


@pytest.mark.parametrize("legend", LEGENDS)
def test_no_text_is_read_as_markup(legend):
    assert render(canonical(make_book(1, legend=legend)), WORDS, pesos)


@given(st.text(), st.text(), st.integers(1, 2**31), st.dates(), st.integers(0, 2**63))
def test_a_content_says_its_book_again(company, legend, number, day, amount):
    lines = (PrintedLine("1.1", legend, amount, 0),)
    book = Book(company, legend, day, day, (Asiento(number, day, legend, lines),))
    assert book_of(canonical(book)) == book


def test_what_the_typesetter_cannot_do_is_said(monkeypatch):
    with pytest.raises(typesetting.TypesettingFailed, match="dictionary does not contain key"):
        typesetting.typeset("libro_diario", {})
    monkeypatch.setattr(typesetting, "TIMEOUT_S", 0.01)
    with pytest.raises(typesetting.TypesettingFailed, match="TimeoutExpired"):
        typesetting.typeset("libro_diario", {})
    monkeypatch.setattr(typesetting.sys, "executable", "/nowhere/python")
    with pytest.raises(typesetting.TypesettingFailed, match="FileNotFoundError"):
        typesetting.typeset("libro_diario", {})


def test_no_more_are_set_at_once_than_there_are_turns(monkeypatch):
    monkeypatch.setattr(typesetting, "TIMEOUT_S", 0.01)
    monkeypatch.setattr(typesetting, "_turns", threading.BoundedSemaphore(1))
    with typesetting._turns, pytest.raises(typesetting.TypesettingFailed, match="busy"):
        typesetting.typeset("libro_diario", {})


def test_a_pdf_of_others_has_no_count():
    with pytest.raises(typesetting.TypesettingFailed):
        typesetting.page_count(b"%PDF-1.7")
