"""Passages: cut by structure, each with its place."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.chat.documents import clean, passages, sentences

words = st.lists(st.text("abcñó ,.", min_size=1, max_size=40), max_size=12).map(" ".join)
blocks = st.one_of(words, words.map(lambda text: f"## {text}"), words.map(lambda text: f"- {text}\n- otra"),
                   st.just("| a | b |\n|---|---|\n| 1 | 2 |"), st.just("```\n# no es un título\n\nx\n```"))
texts = st.lists(blocks, max_size=12).map("\n\n".join)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
@given(texts, st.integers(100, 600))
def test_passages_fit_keep_their_order_and_lose_nothing(text, size):
    found = passages(text, size=size, overlap=size // 10)

    covered = [False] * len(text)
    for passage in found:
        assert 0 < passage.span.end - passage.span.start <= size
        covered[passage.span.start : passage.span.end] = [True] * (passage.span.end - passage.span.start)
        for sentence in passage.sentences:
            assert passage.span.start <= sentence.start < sentence.end <= passage.span.end
    start = 0
    titles = {title for passage in found for title in passage.heading}
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare.strip("# ") and bare.lstrip("#").strip() not in titles:
            assert covered[start + line.index(bare)], line
        start += len(line)


@pytest.mark.parametrize(("text", "expected"), [
    ("# Manual\n\n## Arqueo\n\n## Fondo fijo\n\nSe repone.", [(("Manual",), "## Arqueo"),
                                                             (("Manual", "Fondo fijo"), "Se repone.")]),
    ("# Contacto: caja@club.example\n", [((), "# Contacto: caja@club.example")]),
    ("# Vacaciones\n\n# Feriados\n", [((), "# Vacaciones"), ((), "# Feriados")]),
    ("# A\n\n## B\n\ntexto", [(("A", "B"), "texto")]),
])
def test_a_heading_without_text_is_text_itself(text, expected):
    assert [(passage.heading, text[passage.span.start : passage.span.end])
            for passage in passages(text, size=500, overlap=50)] == expected


@pytest.mark.parametrize("end", ["\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\r", "\r\n"])
def test_whatever_ends_a_line_is_one_line_end_and_offsets_are_true(end):
    text = clean(end.join(["# Caja", "", "Se cuenta cada noche.", "", "# Banco", "", "- Se concilia.", "- Se firma."]))

    assert [(passage.heading, [text[one.start : one.end] for one in passage.sentences])
            for passage in passages(text, size=500, overlap=50)] == [
        (("Caja",), ["Se cuenta cada noche."]), (("Banco",), ["- Se concilia.", "- Se firma."]),
    ]


def test_a_passage_never_crosses_a_heading_and_knows_the_path():
    text = "# A\n\nuno\n\n## B\n\ndos\n\n# C\n\ntres"

    assert [(passage.heading, text[passage.span.start : passage.span.end])
            for passage in passages(text, size=500, overlap=50)] == [
        (("A",), "uno"), (("A", "B"), "dos"), (("C",), "tres"),
    ]


def test_sentences_end_where_a_reader_ends_them():
    text = "Según el art. 245 de la LCT, son $ 1.234,56. El Sr. Pérez pagó. ¿Cuándo? Ayer.\n- Un ítem\n- Otro. Y más."

    (passage,) = passages(text, size=500, overlap=50)

    assert [text[span.start : span.end] for span in passage.sentences] == [
        "Según el art. 245 de la LCT, son $ 1.234,56.", "El Sr. Pérez pagó.", "¿Cuándo?", "Ayer.",
        "- Un ítem", "- Otro.", "Y más.",
    ]


def test_the_number_of_an_item_is_no_sentence():
    assert sentences("1. Sumar el débito. Después restar.\n2. Registrar el asiento.") == [
        "1. Sumar el débito.", "Después restar.", "2. Registrar el asiento.",
    ]


def test_what_readers_cannot_see_is_not_indexed():
    assert clean("vis\u200bible<!-- oculto --> y\u202e más\r\nfin\0") == "visible y más\nfin"


def test_a_heading_is_short_and_read_in_one_pass():
    # Tried anew at each blank, the line would take hours.
    endless = "# " + "# " * 300_000 + "x"
    found = passages(f"# Caja ##\n\nUno.\n\n{endless}\n\nDos.\n\n# #\n\nTres.", size=500, overlap=50)

    assert {passage.heading for passage in found} == {("Caja",)}
