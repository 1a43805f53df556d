"""Which known questions a question is nearest to: a ranking of forms, never of raw SQL.

Examples are compared with their slots masked, so that what is ranked is what is asked and not of whom
or when. Words weigh by rarity over the examples (TF-IDF), with their neighbours, and cosine decides.
"""

from __future__ import annotations

import functools
import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.consultorIA import amounts, period_grammar
from services.consultorIA.compiling import compile_form
from services.consultorIA.config import TODAY_OF_EXAMPLES
from services.consultorIA.forms import Form
from services.consultorIA.text import fold, is_connector, stem, words
from services.consultorIA.unreadable import Unreadable

EXAMPLES_FILE = Path(__file__).resolve().parent / "examples.json"


@dataclass(frozen=True, slots=True)
class Example:
    """A question that is known to mean a form (as Form.to_dict gives it), and its SQL over the sample."""

    question: str
    form: dict[str, Any] = field(hash=False)
    sql: str = ""


@functools.lru_cache(maxsize=1)
def load() -> tuple[Example, ...]:
    """Return the examples that come with the service."""
    rows = json.loads(EXAMPLES_FILE.read_text(encoding="utf-8"))
    return tuple(Example(row["question"], row["form"], row["sql"]) for row in rows)


def seleccionar_sql(pregunta: str) -> str:
    """Return the SQL of the example nearest to a question; empty when none shares a word with it."""
    ranked = rank(pregunta, load(), 1)
    return compile_form(Form.from_dict(ranked[0][1].form)) if ranked else ""


def rank(question: str, examples: Sequence[Example], count: int = 5) -> list[tuple[float, Example]]:
    """Return the nearest examples with their likeness (0 to 1), nearest first."""
    index = _index(tuple(example.question for example in examples))
    asked = index.vector(question)
    scored = ((_cosine(asked, vector), place) for place, vector in enumerate(index.vectors))
    best = sorted(((score, place) for score, place in scored if score > 0), key=lambda one: (-one[0], one[1]))
    return [(round(score, 4), examples[place]) for score, place in best[:count]]


class _Index:
    def __init__(self, questions: Sequence[str]) -> None:
        features = [_features(question) for question in questions]
        counts = Counter(name for one in features for name in one)
        self._weights = {name: math.log(1 + len(questions) / count) for name, count in counts.items()}
        self._unseen = math.log(1 + len(questions))
        self.vectors = [self._weigh(one) for one in features]

    def vector(self, question: str) -> dict[str, float]:
        """Return a question's weights, of length 1."""
        return self._weigh(_features(question))

    def _weigh(self, features: Counter[str]) -> dict[str, float]:
        made = {name: count * self._weights.get(name, self._unseen) for name, count in features.items()}
        length = math.sqrt(sum(value * value for value in made.values())) or 1.0
        return {name: value / length for name, value in made.items()}


@functools.lru_cache(maxsize=8)
def _index(questions: tuple[str, ...]) -> _Index:
    return _Index(questions)


def _cosine(one: dict[str, float], two: dict[str, float]) -> float:
    small, large = (one, two) if len(one) < len(two) else (two, one)
    return sum(value * large.get(name, 0.0) for name, value in small.items())


def _features(question: str) -> Counter[str]:
    """Return stems and pairs of neighbours of a question with periods and amounts masked."""
    folded = fold(question)
    try:
        masked = amounts.find(period_grammar.find(folded, TODAY_OF_EXAMPLES).text).text
    except Unreadable:
        masked = folded
    kept = [
        stem(re.sub(r"(§[a-z])\d+", r"\1", word)) if not word.startswith("§") else word[:2]
        for word in words(masked)
        if not is_connector(word)
    ]
    return Counter([*kept, *(f"{one} {two}" for one, two in itertools.pairwise(kept))])
