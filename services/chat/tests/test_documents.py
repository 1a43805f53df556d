"""Passages: cut by structure, each with its place."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from services.chat.documents import clean, passages

words = st.lists(st.text("abcñó ,.", min_size=1, max_size=40), max_size=12).map(" ".join)
blocks = st.one_of(words, words.map(lambda text: f"## {text}"), words.map(lambda text: f"- {text}\n- otra"),
                   st.just("| a | b |\n|---|---|\n| 1 | 2 |"), st.just("```\n# no es un título\n\nx\n```"))
texts = st.lists(blocks, max_size=12).map("\n\n".join)


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
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare and not bare.startswith("#"):
            assert covered[start + line.index(bare)], line
        start += len(line)


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


def test_what_readers_cannot_see_is_not_indexed():
    assert clean("vis\u200bible<!-- oculto --> y\u202e más\r\nfin\0") == "visible y más\nfin"


def test_a_heading_is_short_and_read_in_no_time():
    started = time.process_time()
    endless = "# " + "# " * 300_000 + "x"
    found = passages(f"# Caja ##\n\nUno.\n\n{endless}\n\nDos.\n\n# #\n\nTres.", size=500, overlap=50)

    assert {passage.heading for passage in found} == {("Caja",)}
    assert time.process_time() - started < 20
