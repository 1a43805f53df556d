"""The sentence, the chart, the links and the words of an interpretation."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from services.consultorIA import consultor_service, sample, wording
from services.consultorIA.consultor_service import Answer
from services.consultorIA.readers import SqliteReader

TODAY = dt.date(2025, 9, 17)


def ask(books: SqliteReader, question: str) -> Answer:
    answer = consultor_service.responder(question, reader=books, today=TODAY, use_model=False)
    assert answer.valida, answer.error_usuario
    return answer


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("saldo de caja", "El saldo de Caja es de $ 29.957.136,26."),
        ("cuánto gastamos en sueldos en marzo", "En marzo de 2025 el gasto en Sueldos y jornales fue de $ 480.000,00."),
        ("ganamos o perdimos en abril", "En abril de 2025 hubo una ganancia de $ 1.986.755,86"),
        ("quién cargó más asientos", "quien más tiene es Lucía Gómez, con 102"),
        ("cuántos asientos hay", "Hay 201 asientos."),
        ("movimientos de caja de enero de 2020", "No hay ningún movimiento de Caja en enero de 2020."),
        ("cuántos asientos usan rodados en 2020", "No hay ningún asiento con Rodados en el año 2020."),
        ("gastos de mayo comparados con abril", "disminuyó $ 730.000,00 (50 %)"),
        ("asientos de más de 900 millones", "No hay ningún asiento de más de $ 900.000.000,00."),
        ("qué porcentaje de los gastos son sueldos en mayo", "es el 65,75 % de Egresos"),
    ],
)
def test_the_sentence_says_the_figure_as_argentines_write_it(books: SqliteReader, question: str, said: str) -> None:
    assert said in ask(books, question).respuesta


@pytest.mark.parametrize(
    ("question", "kind", "category"),
    [
        ("ventas por mes", "linea", "mes"),
        ("evolución del saldo de caja", "linea", "mes"),
        ("gastos por cuenta en julio", "barras", "cuenta"),
        ("asientos por usuario", "barras", "usuario"),
        ("ventas por día de la semana", "barras", "dia_semana"),
    ],
)
def test_the_chart_follows_the_shape(books: SqliteReader, question: str, kind: str, category: str) -> None:
    answer = ask(books, question)
    assert answer.grafico is not None
    assert (answer.grafico["tipo"], answer.grafico["categoria"]) == (kind, category)
    assert {category, *answer.grafico["series"]} <= {name for name, _kind in answer.columns}


@pytest.mark.parametrize(
    "question", ["saldo de caja", "cuántos asientos hay", "últimos 5 asientos", "índice de liquidez"]
)
def test_one_number_and_lists_have_no_chart(books: SqliteReader, question: str) -> None:
    assert ask(books, question).grafico is None


def test_each_figure_can_be_opened(books: SqliteReader) -> None:
    (whole,) = ask(books, "cuánto gastamos en alquileres en mayo").enlaces
    assert (whole["account"], whole["date_from"], whole["date_to"]) == ("53201", "2025-05-01", "2025-05-31")
    months = ask(books, "alquileres por mes").enlaces
    assert [link["fila"] for link in months] == list(range(len(months)))
    assert months[0]["date_from"] == "2025-02-01"
    assert ask(books, "asientos pendientes de Tomás Ruiz").enlaces[0]["trans_id"]
    people = ask(books, "asientos para verificar por usuario").enlaces
    assert (people[0]["status"], people[0]["user"]) == (0, "Lucía Gómez") or people[0]["user"] == "Tomás Ruiz"


def test_an_answer_is_json_with_money_as_pesos(books: SqliteReader) -> None:
    made = ask(books, "ventas por mes").to_dict()
    assert json.loads(json.dumps(made)) == made
    assert made["columns"] == [{"name": "mes", "type": "month"}, {"name": "total", "type": "money"}]
    assert made["rows"][0] == ["2025-01", "2803082.27"]
    assert made["row_count"] == len(made["rows"])


def test_the_interpretation_tells_what_was_assumed(books: SqliteReader) -> None:
    assert ask(books, "saldo de cja").interpretacion.endswith("Leí «caja» donde dice «cja».")
    assert "Publicidad y propaganda no tiene movimientos" not in ask(books, "saldo de caja").interpretacion
    assert "sin Sueldos y jornales" in ask(books, "gastos de mayo excepto sueldos").interpretacion


def test_an_unsure_answer_says_so(books: SqliteReader) -> None:
    sure, less = ask(books, "saldo de caja"), ask(books, "saldo de los bancos")
    assert 0.5 <= less.confianza < sure.confianza <= 1


@pytest.mark.parametrize(("value", "shown"), [(1234567, "1.234.567"), (2.5, "2,5"), (0.3333, "0,3333"), (10.0, "10")])
def test_numbers_are_written_the_argentine_way(value: float, shown: str) -> None:
    assert wording.number(value) == shown


def test_a_later_period_did_not_grow_into_an_earlier_one(books: SqliteReader) -> None:
    said = ask(books, "comparame los gastos de abril con los de mayo").respuesta
    assert "$ 730.000,00 más en abril de 2025" in said
    assert "aumentó" not in said


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("ventas de enero de 2020", "En enero de 2020 no hubo movimientos de Ventas."),
        ("cuánto entró a caja en enero de 2020", "En enero de 2020 no hubo movimientos al debe de Caja."),
    ],
)
def test_a_nought_of_nothing_says_that_nothing_moved(books: SqliteReader, question: str, said: str) -> None:
    assert ask(books, question).respuesta == said


def test_who_shares_the_first_place_is_named(tmp_path: Path) -> None:
    company = sample.small()
    first, second = company.entries[:2]
    two = replace(company, entries=(replace(first, user=0), replace(second, user=1)))
    sample.write(tmp_path / "dos.sqlite3", [two])
    with SqliteReader(tmp_path / "dos.sqlite3", 1) as books:
        said = ask(books, "quién cargó más asientos").respuesta
    assert "con 1; empata con " in said
