"""The SQL that forms become, on the engine that the suite runs on, through the confined reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from apps.consultor.tests.books import CANARY, Books, committed_books
from services.consultorIA import consultor_service, sql_classifier
from services.consultorIA.sql_classifier import Example

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
TODAY = dt.date(2026, 5, 20)


@pytest.fixture(scope="module")
def books(django_db_setup: None, django_db_blocker: Any) -> Iterator[Books]:
    with django_db_blocker.unblock(), committed_books() as made:
        yield made


def test_every_examples_statement_runs_on_this_engine(books: Books) -> None:
    with books.reader() as reader:
        for example in sql_classifier.load():
            assert reader.run(example.sql).columns, example.question


@pytest.mark.parametrize("example", sql_classifier.load()[::9], ids=lambda example: example.question)
def test_a_question_is_answered_or_refused_and_never_shows_another_company(books: Books, example: Example) -> None:
    with books.reader() as reader:
        answer = consultor_service.responder(example.question, reader=reader, today=TODAY, use_model=False)
    assert answer.codigo in {-1, 5}
    assert CANARY not in str(answer.to_dict())


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("saldo de caja", Decimal("71009.51")),
        ("cuánto vendimos en marzo", Decimal("121000.00")),
        ("gastos de abril", Decimal("50000.50")),
        ("ganancia de abril", Decimal("-49990.49")),
        ("cuántos asientos están para verificar", 1),
        ("cuántos asientos cargó Ana", 1),
        ("saldo de caja al 31/3", Decimal("121000.00")),
    ],
)
def test_figures_are_exact_on_this_engine(books: Books, question: str, figure: Decimal | int) -> None:
    with books.reader() as reader:
        answer = consultor_service.responder(question, reader=reader, today=TODAY, use_model=False)
    assert answer.valida, answer.error_usuario
    assert answer.rows[0][-1] == figure
