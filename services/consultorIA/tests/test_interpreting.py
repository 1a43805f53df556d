"""From words to forms: what is asked must be whole, and nothing of it left aside."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.consultorIA import consultor_service, sample
from services.consultorIA.compiling import compile_form
from services.consultorIA.forms import Aggregate, Dimension, Form, Metric, Shape
from services.consultorIA.interpreting import understand
from services.consultorIA.readers import SqliteReader
from services.consultorIA.refusals import Refusal
from services.consultorIA.vocabulary import Account, Vocabulary, read

TODAY = dt.date(2025, 9, 17)


def form(names: Vocabulary, question: str) -> Form:
    return understand(question, names, TODAY).form


@pytest.mark.parametrize(
    ("questions", "shape"),
    [
        (
            (
                "saldo de caja",
                "cuánta plata hay en caja",
                "cuanto tenemos en caja",
                "decime el saldo de la cuenta caja",
            ),
            Shape.BALANCE,
        ),
        (
            ("gastos de mayo", "cuánto gastamos en mayo", "total de egresos de mayo", "cuanto se gasto en mayo"),
            Shape.TOTAL,
        ),
        (
            ("resultado de mayo", "cuánto ganamos en mayo", "ganamos o perdimos en mayo?", "utilidad neta de mayo"),
            Shape.RESULT,
        ),
        (("quién cargó más asientos", "que usuario cargo mas asientos", "quien registro mas asientos"), Shape.ENTRIES),
        (
            ("contra qué cuentas se movió caja", "contrapartidas de caja", "con que cuentas se movio caja"),
            Shape.COUNTER,
        ),
    ],
)
def test_one_question_in_many_words_is_one_form(names: Vocabulary, questions: tuple[str, ...], shape: Shape) -> None:
    made = {compile_form(form(names, question)) for question in questions}
    assert len(made) == 1, made
    assert form(names, questions[0]).shape is shape


def test_dimensions_order_and_limit_are_read(names: Vocabulary) -> None:
    made = form(names, "los 3 mayores gastos de 2025")
    assert (made.dimensions, made.descending, made.limit) == ((Dimension.ACCOUNT,), True, 3)
    made = form(names, "en qué mes gastamos menos")
    assert (made.dimensions, made.descending, made.limit) == ((Dimension.MONTH,), False, 1)
    made = form(names, "promedio mensual de ventas")
    assert (made.aggregate, made.dimensions) == (Aggregate.AVERAGE, (Dimension.MONTH,))


def test_by_student_counts_no_teacher_and_by_group_of_students_everybody(names: Vocabulary) -> None:
    assert understand("cuántos asientos hizo cada alumno", names, TODAY).form.filters.role == "Alumno"
    assert understand("asientos por grupo de alumnos", names, TODAY).form.filters.role == ""


def test_the_one_before_is_before_the_period_asked_not_before_today(names: Vocabulary) -> None:
    made = form(names, "gastos del segundo trimestre comparado con el anterior")
    assert made.period is not None
    assert made.comparison == made.period.before()
    made = form(names, "gastos de mayo contra el mismo mes del año anterior")
    assert made.period is not None
    assert made.comparison == made.period.year_before()


@pytest.mark.parametrize(
    "question",
    [
        "gastos por sucursal",
        "ventas por cliente",
        "ventas de zapatillas",
        "qué vendedor vendió más",
        "el cliente que más compró",
        "ventas a crédito",
        "saldo de caja en dólares",
        "stock de mercaderías",
        "cuántos clientes tenemos",
        "sueldo de Lucía Gómez",
        "ventas menos devoluciones",
        "resultado financiero",
        "total de pasivo y activo",
        "precio de las mercaderías",
        "cuándo vence el alquiler",
        "por qué bajaron las ventas",
        "ventas de marzo y julio",
        "gastos de cinco",
        "saldo de caja al 31/02/2025",
        "asientos del mes que viene",
        "debo pagar el alquiler?",
        "cuentas que no sean raras",
        "a quien le vendimos",
        "asientos de cobranzas",
        "movimientos de pagos de agosto",
        "ventas de equipos del año",
        "cuánto pagamos de ventas",
        "qué gastos se pagaron en efectivo",
        "¿qué gasto creció más?",
        "gasto promedio por asiento",
        "asientos de agosto comparado con julio",
        "mes con más ventas en promedio",
        "contrapartidas de caja por mes",
        "importe de asientos por cuenta",
        "las tres cuentas con más plata",
        "cuánto sale una mercadería",
        "hola",
        "???",
        "saldo",
        "dame un resumen ejecutivo",  # no slip of efectivo
    ],
)
def test_what_is_not_wholly_explained_is_not_answered(names: Vocabulary, question: str) -> None:
    with pytest.raises(Refusal) as refused:
        understand(question, names, TODAY)
    assert refused.value.codigo == 5
    assert refused.value.error_usuario


def test_what_follows_leans_on_what_was_asked_before(names: Vocabulary) -> None:
    first = form(names, "cuánto gastamos en alquileres en abril")
    second = understand("¿y en mayo?", names, TODAY, first).form
    third = understand("y por mes?", names, TODAY, second).form
    fourth = understand("¿y de sueldos?", names, TODAY, first).form
    assert second == Form.from_dict(
        {**first.to_dict(), "period": {"first": "2025-05-01", "last": "2025-05-31", "months": 1}}
    )
    assert third.dimensions == (Dimension.MONTH,)
    assert fourth.filters.accounts is not None
    assert fourth.filters.accounts.codes == ("53101",)
    assert fourth.period == first.period


def test_entries_by_user_follow_a_list(names: Vocabulary) -> None:
    first = form(names, "asientos pendientes")
    second = understand("¿y por usuario?", names, TODAY, first).form
    assert (second.metric, second.dimensions, second.filters.states) == (
        Metric.COUNT,
        (Dimension.USER,),
        ("Para verificar",),
    )


def test_a_conversation_goes_on(names: Vocabulary) -> None:
    first = form(names, "asientos pendientes")
    assert understand("¿cuántos son?", names, TODAY, first).form.metric is Metric.COUNT
    top = understand("los 3 más grandes", names, TODAY, first).form
    assert (top.limit, top.descending, top.filters.states) == (3, True, ("Para verificar",))
    april = form(names, "gastos de abril")
    before = understand("y el mes anterior?", names, TODAY, april).form
    assert april.period is not None
    assert before.period == april.period.before()
    compared = understand("comparado con enero", names, TODAY, april).form
    assert (compared.period, compared.comparison) == (april.period, form(names, "gastos de enero").period)
    assert understand("mostrame el detalle", names, TODAY, april).form.shape is Shape.LINES
    balance = form(names, "saldo de caja al 30/6")
    assert understand("y mes a mes?", names, TODAY, balance).form.shape is Shape.RUNNING


def test_an_unsure_account_is_asked_back_with_whole_questions(names: Vocabulary) -> None:
    near = [
        Account("11501", "Anticipos a proveedores", "Activo", "", "Otros créditos", debit_nature=True, postable=True),
        Account("21501", "Anticipos de clientes", "Pasivo", "", "Otras deudas", debit_nature=False, postable=True),
    ]
    both = Vocabulary((*names.accounts, *near), names.people)
    with pytest.raises(Refusal) as refused:
        understand("¿Cuál es el saldo de anticipos al 30/6?", both, TODAY)
    assert [
        understand(question, both, TODAY).form.filters.accounts.codes for question in refused.value.sugerencias
    ] == [  # type: ignore[union-attr]
        ("11501",),
        ("21501",),
    ]


def test_results_leave_out_the_entries_that_close_a_year(names: Vocabulary) -> None:
    closed = Vocabulary(names.accounts, names.people, names.first, names.last, has_closings=True)
    assert "tipo NOT IN" in compile_form(form(closed, "cuánto gastamos en mayo"))
    assert "tipo NOT IN" in compile_form(form(closed, "resultado de mayo"))
    assert "tipo NOT IN" not in compile_form(form(closed, "saldo de caja"))


_SOUP = """
saldo de caja gastos ventas por mes cuenta mayo 2024 comparado con el anterior más menos asientos pendientes quién cargó
promedio top 5 últimos entre 100 mil y desde hasta no sin borrar clave proveedores banco sueldos § | ' " ; -- % \\ ( )
31/12 1,5 millones
"""
_WORDS = st.sampled_from(_SOUP.split())


@settings(max_examples=50, deadline=None)
@given(st.lists(_WORDS, max_size=14))
def test_any_words_end_in_a_form_that_runs_or_in_a_refusal(
    names: Vocabulary, books: SqliteReader, words: list[str]
) -> None:
    try:
        made = understand(" ".join(words), names, TODAY)
    except Refusal:
        return
    assert Form.from_dict(made.form.to_dict()) == made.form
    answer = consultor_service.responder(" ".join(words), reader=books, today=TODAY, use_model=False)
    assert answer.valida, answer.error_tecnico
    assert answer.respuesta


_NOUNS = (
    "asientos",
    "cuántos asientos",
    "movimientos",
    "cuántos movimientos",
    "gastos",
    "ventas",
    "resultado",
    "saldo de caja",
)
_GROUPS = (
    "cuenta",
    "rubro",
    "partida",
    "mes",
    "trimestre",
    "año",
    "día",
    "día de la semana",
    "usuario",
    "estado",
    "tipo",
)
_NARROWED = ("", "en marzo de 2025", "mayores a 1000", "verificados")


@pytest.mark.parametrize("noun", _NOUNS)
def test_every_noun_by_every_group_runs_or_is_refused(books: SqliteReader, noun: str) -> None:
    for group, narrowed in itertools.product(_GROUPS, _NARROWED):
        answer = consultor_service.responder(
            f"{noun} por {group} {narrowed}", reader=books, today=TODAY, use_model=False
        )
        assert answer.valida or answer.codigo == 5, (group, narrowed, answer.error_tecnico)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_text_ends_in_an_answer_or_a_refusal(names: Vocabulary, text: str) -> None:
    try:
        understand(text, names, TODAY)
    except Refusal:
        return


def test_another_company_has_another_vocabulary(sample_file: object, names: Vocabulary) -> None:
    with SqliteReader(str(sample_file), 2) as reader:
        assert read(reader).version() == names.version()  # the same names
    assert Vocabulary(names.accounts[:-1], names.people).version() != names.version()
    assert sample.small() == sample.small()


@pytest.mark.parametrize(
    ("question", "states"),
    [
        ("cuántos asientos están cerrados en total", ("Cerrado",)),
        ("asientos ya cerrados de mayo", ("Cerrado",)),
        ("asientos que no están cerrados", ("Para verificar", "Verificado")),
        ("asientos que todavía no están cerrados", ("Para verificar", "Verificado")),
        ("asientos sin cerrar", ("Para verificar", "Verificado")),
        ("cuántos asientos faltan cerrar", ("Para verificar", "Verificado")),
    ],
)
def test_closed_is_affirmed_unless_it_is_denied(names: Vocabulary, question: str, states: tuple[str, ...]) -> None:
    assert form(names, question).filters.states == states


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cuantos acientos iso Lucia Gomez", "cuántos asientos hizo Lucía Gómez"),
        ("cuanto ay en caja", "cuánto hay en caja"),
        ("kien cargo mas asientos", "quién cargó más asientos"),
        ("cuanto se bendio en mayo", "cuánto se vendió en mayo"),
        ("el gasto de mayo fue mayor que el de abril?", "gastos de mayo comparados con abril"),
        ("gastamos más este mes que el pasado?", "gastos de este mes comparados con el mes pasado"),
        ("ventas de agosto, más que las de julio?", "ventas de agosto comparadas con julio"),
        ("asiento con más importe de mayo", "asiento de mayor importe de mayo"),
        ("cuántos alumnos no cargaron nada", "cuántos alumnos no cargaron ningún asiento"),
        ("saldo de deudores x ventas", "saldo de deudores por ventas"),
        ("ventas mes x mes", "ventas mes por mes"),
        ("cuánto salió de los bancos en mayo", "cuánto salió de bancos en mayo"),
        ("gastos desde junio hasta ahora", "gastos del 1/6/2025 al 17/9/2025"),
        ("en qué mes de 2025 se vendió más", "mes con más ventas en 2025"),
        ("cuál fue el mes con menos gasto", "mes con menos gastos"),
        ("cuántas cuentas imputables de activo hay", "cuántas cuentas de activo hay"),
        ("vendimos más en julio o en junio", "vendimos más en julio que en junio"),
    ],
)
def test_what_is_said_otherwise_is_the_same(names: Vocabulary, typed: str, meant: str) -> None:
    assert compile_form(form(names, typed)) == compile_form(form(names, meant))


@pytest.mark.parametrize(
    "question",
    [
        "quién es mi mejor cliente",
        "quién fue el proveedor con más saldo",
        "cuánto pagamos de débitos y créditos en mayo",
        "saldo al debe de caja",
        "cuántos clientes compraron en mayo",
        "cuántos rodados tenemos",
        "ventas netas de mayo",
        "cuentas de resultado negativo",
        "cuánto hay que pagar este mes",
        "cuánto hay para depositar",  # a word of the chart's is no slip of another
    ],
)
def test_a_sense_that_no_form_has_is_refused(names: Vocabulary, question: str) -> None:
    with pytest.raises(Refusal):
        understand(question, names, TODAY)


def test_iva_debito_is_the_account_and_no_side_of_another(names: Vocabulary) -> None:
    taxes = ("IVA débito fiscal", "IVA a pagar", "IVA crédito fiscal")
    added = tuple(
        Account(f"2149{number}", name, "Pasivo", "Pasivo corriente", "Deudas fiscales", False, True, True)
        for number, name in enumerate(taxes)
    )
    made = form(replace(names, accounts=(*names.accounts, *added)), "saldo del iva débito al 31/5")
    assert (made.shape, made.filters.accounts and made.filters.accounts.label) == (Shape.BALANCE, taxes[0])


def test_debits_and_credits_are_sums_and_the_tax_is_called_so(names: Vocabulary) -> None:
    assert form(names, "total de débitos y créditos de mayo").metric is Metric.BOTH


def test_the_student_with_most_entries_is_no_teacher(names: Vocabulary) -> None:
    assert form(names, "quién es el alumno con más asientos").filters.role == "Alumno"


@pytest.mark.parametrize("course", ["tercero b", "3ro B", "3° b", "3b", "curso 3 b"])
def test_a_course_is_named_by_its_year_and_letter_in_any_spelling(names: Vocabulary, course: str) -> None:
    people = tuple(replace(one, group="3° B" if one.group else "") for one in names.people)
    made = form(replace(names, people=people), f"asientos de {course}")
    assert made.filters.groups == ("3° B",)


@pytest.mark.parametrize("question", ["variación de las ventas por mes en 2025", "ventas por mes de 2025 contra 2024"])
def test_month_by_month_no_month_is_set_beside_nothing(names: Vocabulary, question: str) -> None:
    made = form(names, question)
    assert (made.dimensions, made.comparison) == ((Dimension.MONTH,), None)


def test_a_change_by_months_says_that_sums_are_shown(names: Vocabulary) -> None:
    notes = understand("variación de las ventas por mes en 2025", names, TODAY).notes
    assert any("la variación es la diferencia" in note for note in notes)


def test_what_a_thing_cost_is_what_was_paid_for_it(names: Vocabulary) -> None:
    made = form(names, "cuánto costaron los rodados")
    assert (made.metric, made.filters.accounts and made.filters.accounts.label) == (Metric.DEBIT, "Rodados")


def test_taxes_paid_are_not_those_of_one_tax(names: Vocabulary) -> None:
    one = Account("21490", "Impuesto a las ganancias a pagar", "Pasivo", "", "Deudas fiscales", False, True, True)
    heading = [
        Account("533", "Impuestos y tasas", "Egresos", "", "", True, False),
        Account("53390", "Impuesto de sellos", "Egresos", "Gastos", "Impuestos y tasas", True, True, True),
        Account("53391", "Tasas municipales", "Egresos", "Gastos", "Impuestos y tasas", True, True, True),
    ]
    others = tuple(one for one in names.accounts if not one.name.startswith("Impuesto"))
    made = form(replace(names, accounts=(*others, one, *heading)), "cuánto pagamos de impuestos en mayo")
    assert made.filters.accounts is not None
    assert made.filters.accounts.label == "Impuestos y tasas"


def test_what_there_is_is_no_debt_of_a_like_name(names: Vocabulary) -> None:
    debt = Account("21190", "Cheques diferidos a pagar", "Pasivo", "", "Deudas comerciales", False, True, True)
    wider = replace(names, accounts=(*names.accounts, debt))
    with pytest.raises(Refusal):
        understand("cuánto hay en cheques", wider, TODAY)
    assert form(wider, "cuánto debemos de cheques").filters.accounts is not None


def test_the_day_of_a_month_with_most_is_a_day(names: Vocabulary) -> None:
    made = form(names, "en qué día de agosto se vendió más")
    assert (made.dimensions, made.limit) == ((Dimension.DAY,), 1)


def test_what_is_to_be_paid_is_a_debt(names: Vocabulary) -> None:
    made = form(names, "cuánto hay que pagar de sueldos")
    assert (made.shape, made.filters.accounts and made.filters.accounts.partida) == (Shape.BALANCE, "Pasivo")


def test_a_name_that_several_accounts_begin_and_end_with_means_them_all(names: Vocabulary) -> None:
    taxes = ("IVA", "ingresos brutos", "impuesto a las ganancias")
    added = tuple(
        Account(f"1149{number}", f"Retenciones de {tax} sufridas", "Activo", "", "Créditos fiscales", True, True, True)
        for number, tax in enumerate(taxes)
    )
    made = form(replace(names, accounts=(*names.accounts, *added)), "saldo de retenciones sufridas")
    assert made.filters.accounts is not None
    assert made.filters.accounts.codes == ("11490", "11491", "11492")
