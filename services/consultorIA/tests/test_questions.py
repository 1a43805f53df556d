"""Questions asked of the sample's books, from the text to the figure."""

from __future__ import annotations

import datetime as dt

import pytest

from services.consultorIA import consultor_service
from services.consultorIA.consultor_service import Answer
from services.consultorIA.readers import SqliteReader

TODAY = dt.date(2025, 9, 17)


def ask(books: SqliteReader, question: str, **options: object) -> Answer:
    return consultor_service.responder(question, reader=books, today=TODAY, use_model=False, **options)  # type: ignore[arg-type]


def figure(books: SqliteReader, sql: str) -> object:
    return books.run(sql).rows[0][0]


@pytest.mark.parametrize(
    ("question", "sql"),
    [
        ("saldo de caja", "SELECT saldo FROM cuentas WHERE nombre = 'Caja'"),
        ("salod de cja", "SELECT saldo FROM cuentas WHERE nombre = 'Caja'"),
        (
            "¿Cuánto gastamos en sueldos en marzo?",
            "SELECT SUM(debe) FROM movimientos WHERE cuenta = 'Sueldos y jornales' AND mes = '2025-03'",
        ),
        ("cuanto hay en los bancos", "SELECT SUM(saldo) FROM cuentas WHERE nombre LIKE 'Banco%'"),
        ("cuántos asientos están para verificar", "SELECT COUNT(*) FROM asientos WHERE estado = 'Para verificar'"),
        (
            "total de egresos del 2º trimestre",
            "SELECT SUM(debe) FROM movimientos WHERE partida = 'Egresos' AND trimestre = '2025-T2'",
        ),
    ],
)
def test_a_question_is_answered_with_the_books_figure(books: SqliteReader, question: str, sql: str) -> None:
    answer = ask(books, question)
    assert answer.valida, answer.error_usuario
    assert answer.rows[0][0] == figure(books, sql)


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("borrá el asiento 5", 2),
        ("cargá un asiento de 1000 pesos en caja", 1),
        ("creá una cuenta nueva", 0),
        ("pasame los mails de los alumnos", 4),
        ("saldo de caja de la otra empresa", 4),
        ("DROP TABLE asientos", 2),
        ("qué tiempo va a hacer mañana", 5),
        ("cuánto gastamos en unicornios en marzo", 5),
        ("qué es el activo", 5),
        ("cuánto vamos a vender el mes que viene", 5),
    ],
)
def test_what_is_not_allowed_or_not_in_the_books_gets_a_code_and_no_table(
    books: SqliteReader, question: str, code: int
) -> None:
    answer = ask(books, question)
    assert (answer.valida, answer.codigo, answer.rows) == (False, code, [])
    assert answer.error_usuario
    assert answer.sugerencias


def test_a_follow_up_changes_the_question_before(books: SqliteReader) -> None:
    first = ask(books, "cuánto gastamos en alquileres en abril")
    second = ask(books, "¿y en mayo?", previous=first.form)
    third = ask(books, "¿y por usuario?", previous=second.form)
    assert "mes = '2025-05'" in second.consulta
    assert "53201" in second.consulta
    assert "GROUP BY usuario" in third.consulta


def test_a_right_question_without_rows_says_so(books: SqliteReader) -> None:
    answer = ask(books, "asientos de más de 900 millones")
    assert (answer.valida, answer.rows) == (True, [])
    assert "No hay ningún asiento" in answer.respuesta


def test_a_stored_answer_runs_again_without_being_read(books: SqliteReader) -> None:
    first = ask(books, "gastos por mes")
    again = consultor_service.repetir(
        "gastos por mes",
        consulta=first.consulta,
        form=first.form,
        reader=books,
        today=TODAY,
        origen=first.origen,
        interpretacion=first.interpretacion,
        confianza=first.confianza,
    )
    assert again == first


def test_words_of_no_account_are_looked_for_in_legends_and_said_so(books: SqliteReader) -> None:
    answer = ask(books, "ventas de mostrador en agosto")
    assert answer.valida, answer.error_usuario
    assert answer.confianza < 0.6
    assert "Busqué «mostrador» en las leyendas" in answer.interpretacion
    gold = "SELECT SUM(haber) FROM movimientos WHERE cuenta = 'Ventas' AND mes = '2025-08'"
    assert answer.rows == books.run(f"{gold} AND leyenda LIKE '%mostrador%'").rows
    assert not ask(books, "ventas de zapatillas en agosto").valida
    assert not ask(books, "ventas por mostrador").valida


def test_what_was_collected_of_a_legend_is_what_came_in_and_not_whole_entries(books: SqliteReader) -> None:
    answer = ask(books, "cuánto cobramos de mostrador en agosto")
    gold = "SELECT SUM(debe) FROM movimientos WHERE rubro = 'Caja y bancos' AND mes = '2025-08'"
    assert answer.rows == books.run(f"{gold} AND leyenda LIKE '%mostrador%'").rows


def test_a_net_value_takes_the_depreciation_off_and_is_refused_without_one(books: SqliteReader) -> None:
    assert "'12308', '12309'" in ask(books, "valor neto de los rodados").consulta
    assert not ask(books, "valor neto de caja").valida


def test_gross_profit_is_sales_less_their_cost(books: SqliteReader) -> None:
    answer = ask(books, "margen bruto de mayo")
    assert [name for name, _kind in answer.columns] == ["ventas", "costo", "ganancia_bruta", "margen"]


@pytest.mark.parametrize("question", ["el teléfono del contador", "la luz del alquiler", "contador"])
def test_a_noun_without_a_question_of_money_is_not_summed(books: SqliteReader, question: str) -> None:
    assert not ask(books, question).valida
