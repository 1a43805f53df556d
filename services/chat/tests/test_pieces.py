"""The cutting into pieces, against the package's own count of them (its vectors: test_multilingual)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

# Latin letters with and without their marks, punctuation, currencies and emoji, and single blanks: of several the
# package keeps one even at the end, where there is no piece for us. It joins no marks to the letters before them.
SIGNS = st.characters(min_codepoint=0x21, max_codepoint=0x24F, exclude_categories=["Cc", "Cf", "Zs"]) | st.sampled_from(
    [*"\u2014\u201c\u2026\u2030\u20ac\ufb01½№😀🇦", " a"]
)


def count(text, pieces):
    """Return how many pieces the network sees of a question: with its mark, begin and end."""
    return len(pieces.cut(f"query: {text}", 10_000)) + 2


@settings(deadline=None)  # the first text of a run may find the machine busy
@given(st.lists(SIGNS, min_size=1, max_size=80))
def test_any_text_is_cut_into_as_many_pieces_as_by_the_package(pieces, oracle, signs):
    text = "".join(signs).strip()

    assert count(text, pieces) == oracle.token_count(text, is_query=True)


@pytest.mark.parametrize("text", [
    "¿Cuándo se debita Mercaderías?", "O imposto não é recuperável.", "Which account is debited?", "IVA 10,5 %",
    "supercalifragilístico", "El saldo es deudor", "a" * 300, "１２３ ﬁn", "漢字とかな", "деньги",
])
def test_sentences_and_long_words_are_cut_into_as_many(pieces, oracle, text):
    assert count(text, pieces) == oracle.token_count(text, is_query=True)


@pytest.mark.parametrize("text", ["", " \n", "\u3000"])
def test_blanks_are_no_pieces(pieces, text):
    assert pieces.cut(text, 256) == []


@pytest.mark.parametrize("text", ["<s>", "</s>", "<mask>", "<pad>"])
def test_a_written_boundary_is_text(pieces, text):
    assert not {pieces.begin, pieces.end, 1, 250_001}.intersection(pieces.cut(text, 256))


def test_a_text_of_any_length_is_cut_at_the_bound(pieces):
    for text in ("débito " * 200_000, "x" * 1_000_000, "\u0301" * 1_000_000, "El saldo." + " " * 1_000_000, "\ud800"):
        assert len(pieces.cut(text, 256)) <= 256
    assert len(pieces.cut("débito " * 300, 256)) == 256
