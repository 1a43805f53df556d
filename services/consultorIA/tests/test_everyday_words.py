"""How people speak of debts, purchases and what others did to them, on the books of a shop that keeps its stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from services.consultorIA import consultor_service, sample
from services.consultorIA.consultor_service import Answer
from services.consultorIA.readers import SqliteReader
from services.consultorIA.sample import SampleBooks, SampleEntry, SampleUser

CHART = """
1 Activo
111 Caja y bancos
11101 Caja
113 Créditos por ventas
11301 Deudores por ventas
114 Créditos fiscales
11404 Percepciones de IVA sufridas
11405 Retenciones de IVA sufridas
11406 Percepciones de ingresos brutos sufridas
115 Otros créditos
11502 Anticipos y préstamos al personal
116 Bienes de cambio
11601 Mercaderías
2 Pasivo
211 Deudas comerciales
21101 Proveedores
214 Deudas fiscales
21302 Cargas sociales a pagar
21304 Provisión para sueldo anual complementario
21405 Retenciones a depositar
21403 Ingresos brutos a pagar
3 Patrimonio neto
31101 Capital social
32101 Resultados acumulados
4 Ingresos
41101 Ventas
5 Egresos
51201 Compras
53102 Sueldo anual complementario
53104 Cargas sociales
53301 Impuesto sobre los ingresos brutos
54104 Gastos y comisiones bancarias
"""
TODAY = dt.date(2025, 9, 17)
MAY = dt.date(2025, 5, 10)


def entry(date: dt.date, debit: str, credit: str, pesos: int, legend: str = "", user: int = 0) -> SampleEntry:
    return SampleEntry(date, legend, user, 0, ((debit, pesos * 100, 0), (credit, 0, pesos * 100)))


ENTRIES = (
    entry(dt.date(2025, 1, 1), "11101", "31101", 9_000, "Asiento de apertura"),
    entry(dt.date(2025, 3, 3), "11601", "11101", 50, "Apertura de la sucursal"),
    entry(MAY, "11601", "21101", 700, "Compra a Molinos, depósito Norte"),
    entry(MAY, "11404", "11101", 30),
    entry(MAY, "53301", "21403", 90),
    entry(MAY, "53104", "21302", 40),
    entry(MAY, "53102", "21304", 25),
    entry(MAY, "54104", "11101", 15),
    entry(MAY, "11301", "41101", 500, user=1),
    entry(MAY, "32101", "31101", 5),
    entry(MAY, "11502", "11101", 8, "Adelanto"),
    entry(MAY, "11406", "11101", 12),
    entry(MAY, "11405", "21405", 6),
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteReader]:
    people = (SampleUser("Ana"), SampleUser("Luz Paz", 2, "3° A"), SampleUser("Leo Sol", 2, "3° B"))
    path = tmp_path_factory.mktemp("cotidiano") / "libros.sqlite3"
    sample.write(path, [SampleBooks("Almacén", sample.read_chart(CHART), people, ENTRIES)])
    with SqliteReader(path, 1) as reader:
        yield reader


def ask(shop: SqliteReader, question: str) -> Answer:
    return consultor_service.responder(question, reader=shop, today=TODAY, use_model=False)


@pytest.mark.parametrize(
    ("question", "pesos"),
    [
        ("cuánto debemos de ingresos brutos", "90.00"),
        ("deuda de ingresos brutos al 31 de mayo", "90.00"),
        ("cuánto tenemos que pagarle a la AFIP de cargas sociales", "40.00"),
        ("cuánto debemos de aguinaldo", "25.00"),
        ("cuánto se le debe a los proveedores", "700.00"),
        ("cuánto le debe la empresa a los proveedores", "700.00"),
        ("cuánto debe la empresa a los proveedores", "700.00"),
        ("cuánto le deben los clientes a la empresa", "500.00"),
        ("cómo venía la deuda con proveedores a fin de mayo", "700.00"),
        ("cuánto compramos en mayo", "700.00"),
        ("compras de mercadería de mayo", "700.00"),
        ("comisiones bancarias acumuladas del año", "15.00"),
        ("ventas acumuladas del año", "500.00"),
        ("ventas acumuladas a agosto", "500.00"),
        ("acumulado de ventas al 20 de agosto", "500.00"),
        ("total de créditos por ventas a hoy", "500.00"),
        ("cuánto tenemos en percepciones de ingresos brutos", "12.00"),
        ("cuánto hay que depositar de retenciones", "6.00"),
    ],
)
def test_debts_purchases_and_sums_are_of_the_accounts_that_hold_them(
    shop: SqliteReader, question: str, pesos: str
) -> None:
    answer = ask(shop, question)
    assert answer.valida, answer.error_usuario
    assert [row[-1] for row in answer.to_dict()["rows"]] == [pesos]


def test_purchases_that_went_to_the_stock_are_said_to_be_so(shop: SqliteReader) -> None:
    assert "lo que entró a Mercaderías" in ask(shop, "cuánto compramos en mayo").interpretacion


def test_an_account_of_purchases_asked_for_by_its_name_is_shown_as_it_is(shop: SqliteReader) -> None:
    assert ask(shop, "saldo de la cuenta Compras").to_dict()["rows"] == [["0.00"]]


@pytest.mark.parametrize(
    "question",
    [
        "quién nos debe más",  # one account holds all customers
        "quién le debe plata a la empresa",
        "ventas acumuladas de mayo",  # of May alone, or from January?
        "ventas acumuladas por mes",
        "cuánto debería pagar de ganancias",
        "cuánta mercadería tenemos en el depósito Norte",  # what is there, not what entries name
    ],
)
def test_what_the_books_do_not_separate_gets_no_figure(shop: SqliteReader, question: str) -> None:
    assert not ask(shop, question).valida


def test_what_others_withheld_from_us_is_money_not_entries_that_they_recorded(shop: SqliteReader) -> None:
    answer = ask(shop, "percepciones de iva que nos hicieron este año")
    assert answer.to_dict()["rows"][0][0] == "30.00"


def test_where_the_money_goes_is_expenses(shop: SqliteReader) -> None:
    answer = ask(shop, "¿en qué se nos va más la plata este año?")
    assert answer.to_dict()["rows"] == [["53301", "Impuesto sobre los ingresos brutos", "90.00"]]


@pytest.mark.parametrize("question", ["los 2 meses con más asientos", "las dos semanas con más asientos"])
def test_how_many_of_the_best_is_heeded(shop: SqliteReader, question: str) -> None:
    assert [row[1] for row in ask(shop, question).to_dict()["rows"]] == [11, 1]


@pytest.mark.parametrize("question", ["mostrame el asiento de apertura", "asientos de apertura"])
def test_an_opening_written_by_hand_is_one(shop: SqliteReader, question: str) -> None:
    assert [row[2] for row in ask(shop, question).to_dict()["rows"]] == ["2025-01-01"]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("cuántos alumnos tiene cada curso", [["3° A", 1], ["3° B", 1]]),
        ("cuántos alumnos por división", [["3° A", 1], ["3° B", 1]]),
        ("cuántos asientos con fecha 10/5/2025", [[11]]),
        ("cuántos asientos hay en estado verificado", [[0]]),
        ("cuántos asientos usan anticipos al personal", [[1]]),
    ],
)
def test_words_that_only_join_take_nothing_from_a_question(
    shop: SqliteReader, question: str, rows: list[list[object]]
) -> None:
    answer = ask(shop, question)
    assert answer.valida, answer.error_usuario
    assert answer.to_dict()["rows"] == rows


def test_students_who_recorded_nothing_are_named(shop: SqliteReader) -> None:
    rows = ask(shop, "alumnos que no cargaron nada en mayo").to_dict()["rows"]
    assert [row[0] for row in rows] == ["Leo Sol"]


def test_two_accounts_are_compared_by_their_whole_names(shop: SqliteReader) -> None:
    answer = ask(shop, "ventas de mayo contra las de abril")
    assert answer.to_dict()["rows"][0][:2] == ["500.00", "0.00"]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("asientos por semana", [["2024-12-30", 1], ["2025-03-03", 1], ["2025-05-05", 11]]),
        ("ventas semanales de mayo", [["2025-05-05", "500.00"]]),
        ("en qué semana vendimos más", [["2025-05-05", "500.00"]]),
        ("promedio semanal de ventas", [["500.00"]]),
        ("saldo de caja por semana en mayo", [["2025-05-05", "-65.00", "8885.00"]]),
    ],
)
def test_weeks_are_told_by_their_mondays(shop: SqliteReader, question: str, rows: list[list[object]]) -> None:
    assert ask(shop, question).to_dict()["rows"] == rows


def test_a_week_opens_the_entries_of_its_days_within_the_period_asked(shop: SqliteReader) -> None:
    link = ask(shop, "asientos por semana en enero").enlaces[0]
    assert (link["label"], link["date_from"], link["date_to"]) == ("semana del 30/12/2024", "2025-01-01", "2025-01-05")
