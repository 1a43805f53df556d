"""Reading from the index is reading the text."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chat import index
from services.chat.analysis import fold, terms, terms_of, words
from services.chat.asking import CONTRARIES, DIFFERENCE, OPPOSITES, concepts
from services.chat.documents import Document, title_terms
from services.chat.forward import OPENING_WORDS
from services.chat.kinds import counts_beside, kinds_of
from services.chat.reading import NAMED, read_passages
from services.chat.tables import is_row
from services.chat.wanted import Wanted

WORDS = [
    "Caja", "Banco", "saldo", "deudor", "acreedor", "debita", "acredita", "es", "representa", "el", "la",
    "otros", "varios", "IVA", "21", "%", "2024", "Art.", "5", "porcentaje", "proveedores", "mercaderías",
    "compra", "venta", "diferencia", "entre", "nunca",
]
ASKS = ["¿Qué es ", "¿Cuánto es ", "¿Cómo se registra ", "¿Qué diferencia hay entre ", "¿En qué año "]
said = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
table = st.lists(said, min_size=2, max_size=3).map(lambda cells: "\n".join(
    [f"| {cells[0]} | importe |", "|---|---|", *(f"| {cell} | 5 |" for cell in cells[1:])]
))
section = st.tuples(said, st.lists(said.map(lambda text: f"{text}.") | table, min_size=1, max_size=4)).map(
    lambda parts: "\n\n".join([f"## {parts[0]}", *parts[1]])
)
document = st.lists(section, min_size=1, max_size=4).map(lambda sections: "# Manual\n\n" + "\n\n".join(sections))
question = st.tuples(st.sampled_from(ASKS), said).map("".join)


def held(wanted, there):
    """Return what of the question a text with these terms holds, by concept."""
    return [
        share * max((fit for term, fit in concept.terms if term in there), default=0.0)
        for share, concept in zip(wanted.shares, wanted.concepts, strict=True)
    ]


def share_named(made, wanted, title):
    weights = {term: made.words.weights[row] if row >= 0 else made.words.rarest
               for term, row in zip(title, made.words.find(title), strict=True)}
    fits = {term: max((fit for one in wanted.concepts for other, fit in one.terms if other == term), default=0.0)
            for term in title}
    return sum(weights[term] * fits[term] for term in title) / sum(weights.values()) if title else 0.0


def read_from_text(made, wanted, passage):
    """Yield what ReadSentence says of each sentence of a passage, read from its text; then what ReadPassage says."""
    heading = made.section_of(passage).heading
    above = {term for title in heading for term in terms(title)}
    title = set(title_terms(heading)) - (DIFFERENCE if wanted.compares else set())
    named = share_named(made, wanted, title)
    if heading and {"otros", "varios"}.intersection(map(fold, words(heading[-1]))) - wanted.said:
        named *= 0.6
    whole = set(above)
    for number in made.sentences_of(passage):
        text = made.sentence(passage, number)
        there = set(terms(text))
        whole |= there
        columns = set(terms(made.head_of(passage, number))) if is_row(text) else set()
        opening = set(terms_of(words(text)[:OPENING_WORDS])) | (title if named > NAMED else set())
        counts = bool(kinds_of(text) & wanted.number) and counts_beside(text, wanted.number, wanted.said)
        asked = wanted.asked - above
        yield (
            number, sum(held(wanted, there)), sum(held(wanted, there | above | columns)), sum(held(wanted, opening)),
            counts or bool(kinds_of(text) & wanted.kinds & ~wanted.number), counts,
            any(
                asked & pair and there & pair and not asked & there & pair
                for pair in (OPPOSITES if wanted.supposes else CONTRARIES)
            ),
        )
    yield named, sum(held(wanted, whole))


@settings(max_examples=60, deadline=None)
@given(document, question)
def test_what_the_index_says_is_what_the_text_says(text, asked):
    with tempfile.TemporaryDirectory() as folder, index.building(Path(folder)):
        made = index.build(Path(folder), [Document("a.md", text)], size=120, overlap=20)
        wanted = Wanted.of(asked, concepts(asked, made.words, made.spellings))
        passages = list(range(len(made.spans)))
        if not wanted.concepts:
            return
        reading = read_passages(made, wanted, passages)
        for passage in passages:
            read = reading.passage(passage)
            *sentences, whole = read_from_text(made, wanted, passage)
            assert [
                pytest.approx((
                    one.sentence, one.own, one.covered, one.opening, one.fits, one.counts, one.contrary
                )) for one in read.sentences
            ] == sentences
            assert (read.named, read.held) == pytest.approx(whole)
            assert reading.covered[passage] == read.covered
            assert reading.own[passage] == max(one.own for one in read.sentences)
            assert reading.fitting[passage] == max((one.own for one in read.sentences if one.fits), default=0.0)


@pytest.mark.parametrize("asked", ["¿Quién ganó el mundial de fútbol?", "zzzz"])
def test_of_what_no_document_knows_nothing_is_held(generation, asked):
    wanted = Wanted.of(asked, concepts(asked, generation.words, generation.spellings))

    assert read_passages(generation, wanted, [0, 1]).held.tolist() == [0.0, 0.0]
