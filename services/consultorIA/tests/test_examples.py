"""The examples: each is what its question means today, and its SQL runs."""

from __future__ import annotations

import json

import pytest

from services.consultorIA import consultor_service, sql_classifier
from services.consultorIA.compiling import compile_form
from services.consultorIA.config import TODAY_OF_EXAMPLES
from services.consultorIA.forms import Form, Shape
from services.consultorIA.interpreting import understand
from services.consultorIA.readers import SqliteReader
from services.consultorIA.sql_classifier import Example
from services.consultorIA.vocabulary import Vocabulary

EXAMPLES = sql_classifier.load()


def test_the_examples_are_many_and_of_every_shape() -> None:
    assert len({example.question for example in EXAMPLES}) == len(EXAMPLES) >= 150
    assert {Form.from_dict(example.form).shape for example in EXAMPLES} == set(Shape)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.question)
def test_an_example_is_what_its_question_means(example: Example, names: Vocabulary, books: SqliteReader) -> None:
    form = understand(example.question, names, TODAY_OF_EXAMPLES).form
    assert form.to_dict() == example.form
    assert compile_form(Form.from_dict(example.form)) == example.sql
    assert books.run(example.sql).columns


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.question)
def test_an_example_is_answered_in_a_sentence_that_json_can_carry(example: Example, books: SqliteReader) -> None:
    answer = consultor_service.responder(example.question, reader=books, today=TODAY_OF_EXAMPLES, use_model=False)
    assert answer.valida
    assert answer.respuesta[0].isupper() or answer.respuesta[0].isdigit()
    assert answer.respuesta.endswith((".", "…"))
    assert answer.interpretacion.endswith(".")
    assert json.loads(json.dumps(answer.to_dict())) == answer.to_dict()


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("cuánto vendimos en octubre", "¿Cuánto vendimos en julio?"),
        ("quien fue el que cargo mas asientos", "¿Quién cargó más asientos?"),
        ("contra que otras cuentas se movio la caja", "¿Contra qué cuentas se movió Caja?"),
    ],
)
def test_the_classifier_ranks_by_what_is_asked_not_by_when(asked: str, nearest: str) -> None:
    assert nearest in {example.question for _score, example in sql_classifier.rank(asked, EXAMPLES, 3)}


def test_likeness_lies_between_nothing_and_one() -> None:
    assert sql_classifier.rank("xyzzy plugh", EXAMPLES) == []
    ((score, example),) = sql_classifier.rank(EXAMPLES[0].question, EXAMPLES, 1)
    assert (round(score, 3), example) == (1.0, EXAMPLES[0])
