"""Which accounts words mean, over the demo's chart and over charts unlike it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.consultorIA.accounts import Chart
from services.consultorIA.sample import SampleAccount, read_chart
from services.consultorIA.vocabulary import Account, Vocabulary

CHART = """
1 Activo
11 Activo Corriente
111 Disponibilidades
11101 Caja
11102 Banco Galicia c/c
11103 Banco Santander c/c
112 Cuentas a cobrar
11201 Clientes
113 Créditos fiscales
11301 IVA crédito fiscal
2 Pasivo
21 Pasivo Corriente
211 Deudas
21101 Proveedores
21102 Sueldos a pagar
21103 IVA débito fiscal
4 Ingresos
41 Operativos
411 Ventas y servicios
41101 Ventas de equipos
41102 Abonos
5 Egresos
51 Gastos
511 Gastos de personal
51101 Sueldos
51102 Cargas sociales
512 Gastos de oficina
51201 Alquileres pagados
51202 Luz y gas
51203 Comisiones a vendedores
"""


def _account(one: SampleAccount, names: dict[str, str]) -> Account:
    partida = {"1": "Activo", "2": "Pasivo", "4": "Ingresos", "5": "Egresos"}[one.code[0]]
    rubro = names.get(one.parent, partida) if one.postable else one.name
    return Account(one.code, one.name, partida, names.get(one.code[:2], partida), rubro, one.debit_nature, one.postable)


@pytest.fixture(scope="module")
def chart() -> Chart:
    rows = read_chart(CHART)
    names = {row.code: row.name for row in rows}
    return Chart(Vocabulary(tuple(_account(row, names) for row in rows), ()))


@pytest.mark.parametrize(
    ("phrase", "codes"),
    [
        ("caja", ("11101",)),
        ("bancos", ("11102", "11103")),
        ("banco galicia", ("11102",)),
        ("clientes", ("11201",)),
        ("plata", ("11101", "11102", "11103")),
        ("luz", ("51202",)),
        ("alquiler", ("51201",)),
        ("gastos de personal", ("51101", "51102")),
        ("sueldos a pagar", ("21102",)),
        ("iva compras", ("11301",)),
        ("ventas", ("41101", "41102")),
    ],
)
def test_words_find_the_companys_own_accounts(chart: Chart, phrase: str, codes: tuple[str, ...]) -> None:
    chosen = chart.match(phrase).chosen
    assert chosen is not None
    assert chosen.codes == codes


def test_the_verb_decides_between_an_expense_and_a_debt(chart: Chart) -> None:
    assert chart.match("sueldos", {"Egresos"}).chosen == chart.exact("sueldos")
    assert chart.match("sueldos", {"Pasivo"}).chosen == chart.exact("sueldos a pagar")


def test_two_near_accounts_are_a_question_not_a_guess(chart: Chart) -> None:
    found = chart.match("iva")
    assert found.chosen is None
    assert set(found.choices) == {"IVA crédito fiscal", "IVA débito fiscal"}


@pytest.mark.parametrize("phrase", ["unicornios", "criptomonedas", "pagar", "caja fuerte", "sueldos de marte", "bien"])
def test_what_is_not_in_the_chart_is_no_account(chart: Chart, phrase: str) -> None:
    assert chart.match(phrase).chosen is None


@given(st.text(max_size=60))
def test_no_words_break_the_matching(text: str) -> None:
    rows = read_chart(CHART)
    names = {row.code: row.name for row in rows}
    found = Chart(Vocabulary(tuple(_account(row, names) for row in rows), ())).match(text)
    assert found.chosen is None or set(found.chosen.codes) <= {row.code for row in rows}
