import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chat.documents import clean
from services.chat.pages import without_page_marks

PAGES = [
    "COOPERATIVA DEL SUR   Estatuto\n\nEl consejo se reúne cada mes y toma sus deci-\nsiones por mayoría de los",
    "presentes. El acta la firma el secretario.\n\nArt. 8. Las cuotas se pagan por",
    "adelantado, salvo las de los jubilados.\n\nFin.",
]


@pytest.mark.parametrize("between", [
    "\n\nPágina 3 de 9\n\nCOOPERATIVA DEL SUR   Estatuto\n\n", "\n\n- 3 -\n\n", "\n\f\n", "\f", "\n\n   3/9\n",
])
def test_a_sentence_goes_on_across_a_page(between):
    text = without_page_marks(between.join(PAGES))

    assert "por mayoría de los\npresentes. El acta" in text
    assert "se pagan por\nadelantado" in text
    assert "sus decisiones" in text
    assert "Página" not in text
    assert "\f" not in text
    assert text.count("COOPERATIVA DEL SUR") <= 1


@pytest.mark.parametrize("text", [
    "Se contaron\n\n1250\n\nunidades.",
    "- Debe: Caja\n- Haber: Ventas\n\n- Debe: Caja\n- Haber: Ventas\n\n- Debe: Caja",
    "El plazo es de 3 de 5 días.", "Total\nTotal\nTotal\nTotal", "franco-\nargentina S.A. tiene\n\n12\n",
])
def test_a_text_without_pages_keeps_its_lines(text):
    assert without_page_marks(text).replace("franco", "franco-\n") == text or without_page_marks(text) == text


@given(st.text(alphabet="ab \n\f-1P.\r", max_size=60))
def test_cleaning_twice_is_cleaning_once(text):
    once = clean(text)
    assert clean(once).split() == once.split()


def test_a_line_full_of_stops_before_a_page_break_is_read_in_no_time():
    started = time.process_time()

    assert without_page_marks("a" + ". " * 100_000 + "a\n\fsigue").endswith("a\nsigue")
    assert time.process_time() - started < 5


def test_a_million_page_breaks_are_read_in_no_time():
    started = time.process_time()

    assert without_page_marks("\f\n" * 200_000 + "fin").split() == ["fin"]
    assert time.process_time() - started < 20
