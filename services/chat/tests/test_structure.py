import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chat.structure import sections


def outline(text):
    return [(section.heading, [text[start:end] for start, end in section.blocks]) for section in sections(text)]


def test_a_regulation_without_marks_has_its_headings():
    text = (
        "CLUB DEL LAGO\n\nREGLAMENTO INTERNO\n\nRige desde marzo.\n\n1. SOCIOS\n\n1.1 ALTAS\n\n"
        "Todo socio nuevo presenta dos firmas.\n\n1.2 BAJAS\n\nLa baja se pide por carta.\n\n"
        "2. CUOTAS\n\nSe pagan el día 5.\n"
    )
    assert outline(text) == [
        (("CLUB DEL LAGO", "REGLAMENTO INTERNO"), ["Rige desde marzo."]),
        (("CLUB DEL LAGO", "1. SOCIOS", "1.1 ALTAS"), ["Todo socio nuevo presenta dos firmas."]),
        (("CLUB DEL LAGO", "1. SOCIOS", "1.2 BAJAS"), ["La baja se pide por carta."]),
        (("CLUB DEL LAGO", "2. CUOTAS"), ["Se pagan el día 5."]),
    ]


def test_an_article_is_a_section_and_keeps_its_words():
    text = (
        "CAPÍTULO II - RIEGO\n\nArt. 4.- Se riega de noche.\n\n"
        "Art. 5.- Queda prohibido:\na) baldear;\nb) derrochar.\n"
    )
    assert outline(text) == [
        (("CAPÍTULO II - RIEGO", "Art. 4"), ["Art. 4.- Se riega de noche."]),
        (("CAPÍTULO II - RIEGO", "Art. 5"), ["Art. 5.- Queda prohibido:\na) baldear;\nb) derrochar."]),
    ]


@pytest.mark.parametrize("question", ["**¿Cuándo vence la boleta?**", "¿Cuándo vence la boleta?",
                                      "P: ¿Cuándo vence la boleta?", "3) ¿Cuándo vence la boleta?"])
def test_a_question_stands_above_its_answer(question):
    assert outline(f"# Pagos\n\n{question}\nEl día 10.\n") == [
        (("Pagos", "¿Cuándo vence la boleta?"), ["El día 10."])
    ]


@pytest.mark.parametrize(("title", "is_heading"), [
    ("Horarios de atención", True), ("II. Promoción", True), ("Anexo B", True), ("**Turnos**", True),
    ("Se aprueba por unanimidad.", False), ("- Horarios", False), ("| a | b |", False),
    ("El presente contrato se celebra entre las partes que firman al pie", False), ("Vale hasta el 3 de mayo", False),
])
def test_a_line_by_itself_is_a_heading_where_it_looks_like_one(title, is_heading):
    found = outline(f"Algo antes.\n\n{title}\n\nUn párrafo que sigue.\n")
    assert (len(found) == 2) is is_heading


def test_marks_of_markdown_stand_above_what_only_looks_like_a_heading():
    text = "# Manual\n\n## Caja\n\nARQUEO\n\nSe cuenta.\n\nFondo fijo\n==========\n\nSe repone.\n"
    assert outline(text) == [
        (("Manual", "Caja", "ARQUEO"), ["Se cuenta."]),
        (("Fondo fijo",), ["Se repone."]),
    ]


def test_within_a_fence_nothing_is_a_heading():
    assert outline("```\n# no\n\nTAMPOCO\n\n```\n") == [((), ["```\n# no\n\nTAMPOCO\n\n```"])]


@pytest.mark.parametrize("fence", [
    "```\n~~~\n# no\n```", "~~~ sql\n```\n# no\n~~~", "````\n```\n# no\n````", "```python\n``` x\n# no\n```",
])
def test_a_fence_is_closed_by_its_own_mark(fence):
    assert outline(f"{fence}\n\n# Sí\n\nTexto.") == [((), [fence]), (("Sí",), ["Texto."])]


def test_code_within_a_line_opens_no_fence():
    assert outline("```x``` es código.\n\n# Sí\n\nTexto.") == [((), ["```x``` es código."]), (("Sí",), ["Texto."])]


@pytest.mark.parametrize("line", ["# a" + " " * 100_000 + "b", "# a" + "# " * 100_000 + "b", "**a" + "*" * 100_000])
def test_a_long_line_is_read_in_one_pass(line):
    # Tried anew at each of its signs, it would take hours.
    assert outline(line) == [((), [line])]


LINES = st.lists(st.sampled_from([
    "", "", "TÍTULO", "1. Uno", "1.1 Uno uno", "# Marca", "Un párrafo de texto.", "Art. 3.- Algo.", "**Negrita**",
    "¿Qué es?", "- ítem", "| a |", "Corto", "===", "```",
    "2.1.1 Una cláusula larga que sigue y sigue sin terminar en punto",
]), max_size=14)


@given(LINES)
def test_every_line_is_heading_or_text(lines):
    text = "\n".join(lines)
    found = outline(text)
    kept = " ".join(" ".join(blocks) + " " + " ".join(heading) for heading, blocks in found)
    for section in sections(text):
        assert all(0 <= start < end <= len(text) for start, end in section.blocks)
        assert section.blocks == sorted(section.blocks)
    if any(line == "Un párrafo de texto." for line in lines):
        assert "Un párrafo de texto." in kept
    assert "Una cláusula larga" in kept or not any("cláusula" in line for line in lines)
