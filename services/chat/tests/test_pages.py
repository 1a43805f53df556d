import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chat.documents import clean
from services.chat.pages import without_page_marks

PAGES = [
    "COOPERATIVA DEL SUR   Estatuto\n\nEl consejo se reúne cada mes y toma sus deci-\nsiones por mayoría de los",
    "presentes. El acta la firma el secretario.\n\nArt. 8. Las cuotas se pagan por",
    "adelantado, salvo las de los jubilados, que no",
    "pagan.\n\nFin.",
]


@pytest.mark.parametrize("between", [
    "\n\nPágina {} de 9\n\nCOOPERATIVA DEL SUR   Estatuto\n\n", "\n\n- {} -\n\n", "\n\f\n", "\f", "\n\n   {}/9\n\n",
    "\n\n{}\n\f\n",
])
def test_a_sentence_goes_on_across_a_page(between):
    pages = [page + between.format(number) for number, page in enumerate(PAGES[:-1], start=3)]
    text = without_page_marks("".join([*pages, PAGES[-1]]))

    assert "por mayoría de los\npresentes. El acta" in text
    assert "se pagan por\nadelantado" in text
    assert "sus decisiones" in text
    assert "Página" not in text
    assert "\f" not in text
    assert text.count("COOPERATIVA DEL SUR") <= 1


@pytest.mark.parametrize("text", [
    "Se contaron\n\n1250\n\nunidades.",
    "- Debe: Caja\n- Haber: Ventas\n\n- Debe: Caja\n- Haber: Ventas\n\n- Debe: Caja",
    "Vencimientos\n\nCuota 1\n10/12\nCuota 2\n10/1\nCuota 3\n10/2\n",
    "Sorteo\n\n3/9\n\nsalió y después\n\n3/8\n\ny por fin\n\n4/9\n\nnada.",
    "El plazo es de 3 de 5 días.", "Total\nTotal\nTotal\nTotal", "franco-\nargentina S.A. tiene\n\n12\n",
])
def test_a_text_without_pages_keeps_its_lines(text):
    assert without_page_marks(text).replace("franco", "franco-\n") == text or without_page_marks(text) == text


def test_a_number_beside_a_page_break_is_kept_where_nothing_counts_pages():
    assert without_page_marks("Se vendieron\n\f\n1250\n\f\n").split() == ["Se", "vendieron", "1250"]


@given(st.text(alphabet="ab \n\f-1P.\r", max_size=60))
def test_cleaning_twice_is_cleaning_once(text):
    once = clean(text)
    assert clean(once).split() == once.split()


def test_a_line_full_of_stops_before_a_page_break_is_read_in_one_pass():
    assert without_page_marks("a" + ". " * 100_000 + "a\n\fsigue").endswith("a\nsigue")


def test_a_million_page_breaks_are_read_in_one_pass():
    assert without_page_marks("\f\n" * 200_000 + "fin").split() == ["fin"]
