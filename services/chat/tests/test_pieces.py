"""The cutting into pieces, against the package's own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chat.pieces import BEGIN, END, UNKNOWN

# Latin letters with and without their marks, punctuation, blanks, controls, currencies and emoji; no `<`, since the
# package cuts a written "<s>" as the boundary of a sentence, as SentencePiece itself does not.
SIGNS = st.characters(min_codepoint=0, max_codepoint=0x24F, exclude_characters="<") | st.sampled_from([
    *"\u200b\u200d\u2014\u201c\u2026\u2028\u2030\u20ac\ufb01\ufeff\ufffd▁½№😀🇦", "e\u0301", "n\u0303", "u\u0308",
])


@settings(deadline=None)  # the first text of a run may find the machine busy
@given(st.lists(SIGNS, max_size=80))
def test_any_text_is_cut_as_the_package_does(cut, oracle, signs):
    text = "".join(signs)

    assert cut.encode(text, 10_000) == oracle.encode(text)


@pytest.mark.parametrize("text", [
    "¿Cuándo se debita Mercaderías?", "O imposto não é recuperável.", "Which account is debited?", "IVA 10,5 %",
    "supercalifragilístico", "El\tsaldo\n\nes   deudor ", "a" * 300, "１２３ ﬁn", "漢字とかな", "деньги",
])
def test_sentences_and_long_words_are_cut_as_the_package_does(cut, oracle, text):
    assert cut.encode(text, 10_000) == oracle.encode(text)


@pytest.mark.parametrize("text", ["", " \n", "\0", "\ud800", "🤷"])
def test_what_holds_no_piece_is_unknown(cut, text):
    assert cut.encode(text, 256)[0] == BEGIN
    assert cut.encode(text, 256)[-2:] == [UNKNOWN, END]


def test_a_written_boundary_is_text(cut):
    assert cut.encode("<s>", 256).count(BEGIN) == 1
    assert cut.encode("</s>", 256).count(END) == 1


def test_a_text_of_any_length_is_cut_at_the_bound(cut):
    for text in ("débito " * 200_000, "x" * 1_000_000, "\u0301" * 1_000_000, "El saldo." + " " * 1_000_000):
        assert len(cut.encode(text, 256)) <= 256
    assert len(cut.encode("débito " * 300, 256)) == 256
