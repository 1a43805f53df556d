"""Flat impacts against BM25 written out."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.chat.lexical import ImpactIndex

units = st.lists(st.lists(st.sampled_from("abcdef"), max_size=8).map(Counter), min_size=1, max_size=8)


def bm25(documents, question):
    lengths = [sum(document.values()) for document in documents]
    average = max(sum(lengths) / len(lengths), 1e-9)
    scores = []
    for document, length in zip(documents, lengths, strict=True):
        score = 0.0
        for term in question:
            df = sum(term in other for other in documents)
            if not document[term]:
                continue
            idf = math.log(1 + (len(documents) - df + 0.5) / (df + 0.5))
            score += idf * document[term] * 2.2 / (document[term] + 1.2 * (0.25 + 0.75 * length / average))
        scores.append(score)
    return scores


@given(units, st.lists(st.sampled_from("abcdefz"), max_size=4, unique=True))
def test_scores_are_bm25(documents, question):
    index = ImpactIndex.build(documents)

    assert np.allclose(index.scores(index.find(question).tolist()), bm25(documents, question), atol=1e-4)


def test_what_is_saved_is_what_is_read(tmp_path):
    index = ImpactIndex.build([Counter("aab"), Counter("bc")])
    index.save(tmp_path, "words")

    again = ImpactIndex.load(tmp_path, "words", 2)

    rows = index.find(["b", "c", "nada"]).tolist()
    assert again.find(["b", "c", "nada"]).tolist() == rows
    assert (again.scores(rows) == index.scores(rows)).all()
