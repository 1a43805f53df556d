"""What the views show, of whom, and how the readers of both engines tell it."""

from __future__ import annotations

import threading
import time
from decimal import Decimal

import pytest
from django.db import connection

from apps.consultor.confinement import reader_for
from apps.consultor.tests.books import CANARY, CANARY_MINOR, Books
from services.consultorIA.catalog import VIEWS
from services.consultorIA.errors import Failed, Inexact, NotAllowed, QueryError, TimedOut, TooBig
from services.consultorIA.readers.base import TIME_MAX_S, Cell, Kind, cell
from services.consultorIA.tests.statements import BENIGN, Statement

DIALECT = "postgres" if connection.vendor == "postgresql" else "sqlite"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]


def test_accounts_are_shown_in_their_place_with_their_balances(books: Books) -> None:
    result = books.run(
        "SELECT codigo, nombre, partida, grupo, rubro, naturaleza, imputable, corriente, debe, haber, saldo"
        " FROM cuentas WHERE partida <> 'Orden' ORDER BY codigo"
    )
    zero = Decimal("0.00")
    none = [zero] * 3
    assert result.rows == [
        ("1", "Activo", "Activo", "Activo", "Activo", "Deudora", "No", "Sí", *none),
        ("11", "Activo corriente", "Activo", "Activo corriente", "Activo corriente", "Deudora", "No", "Sí", *none),
        ("111", "Caja y bancos", "Activo", "Activo corriente", "Caja y bancos", "Deudora", "No", "Sí", *none),
        ("11101", "Caja", "Activo", "Activo corriente", "Caja y bancos", "Deudora", "Sí", "Sí", Decimal("121010.01"),
         Decimal("50000.50"), Decimal("71009.51")),
        ("4", "Ingresos", "Ingresos", "Ingresos", "Ingresos", "Acreedora", "No", None, *none),
        ("41101", "Ventas", "Ingresos", "Ingresos", "Ingresos", "Acreedora", "Sí", None, zero, Decimal("121010.01"),
         Decimal("121010.01")),
        ("51101", "Sueldos y jornales", "Egresos", "Egresos", "Egresos", "Deudora", "Sí", None, Decimal("50000.50"),
         zero, Decimal("50000.50")),
    ]
    assert result.columns[0] == ("codigo", "text")
    assert result.columns[-1] == ("saldo", "money")


def test_an_account_under_many_headings_knows_its_first_and_its_last(books: Books) -> None:
    rows = books.run("SELECT codigo, grupo, rubro FROM cuentas WHERE partida = 'Orden' ORDER BY codigo").rows
    assert rows == [
        ("9", "Orden 9", "Orden 9"), ("91", "Orden 91", "Orden 91"), ("911", "Orden 91", "Orden 911"),
        ("9111", "Orden 91", "Orden 9111"), ("91111", "Orden 91", "Orden 91111"), ("911111", "Orden 91", "Orden 91111"),
    ]


def test_transactions_are_shown_with_who_and_when(books: Books) -> None:
    result = books.run(
        "SELECT numero, ejercicio, fecha, mes, trimestre, leyenda, leyenda_simple, estado, tipo, total, renglones,"
        " usuario, grupo_alumnos, revierte_a FROM asientos ORDER BY asiento_id"
    )
    assert result.rows[0] == (
        "1", "2026", "2026-03-02", "2026-03", "2026-T1", "Venta de mostrador", "venta de mostrador", "Cerrado", "Común",
        Decimal("121000.00"), 2, "Marta Ruiz", "", None,
    )
    assert [row[7] for row in result.rows] == ["Cerrado", "Verificado", "Para verificar"]
    assert (result.rows[2][0], result.rows[2][11:13]) == (None, ("Ana Gil", "3A"))
    created = books.run("SELECT creado FROM asientos LIMIT 1").rows[0][0]
    assert time.strptime(created, "%Y-%m-%d %H:%M")


def test_entries_carry_day_side_and_sign(books: Books) -> None:
    rows = books.run(
        "SELECT fecha, dia_semana, cuenta, debe, haber, saldo FROM movimientos WHERE mes = '2026-04'"
        " ORDER BY movimiento_id"
    ).rows
    assert rows[:2] == [
        ("2026-04-30", "4", "Sueldos y jornales", Decimal("50000.50"), Decimal("0.00"), Decimal("50000.50")),
        ("2026-04-30", "4", "Caja", Decimal("0.00"), Decimal("50000.50"), Decimal("-50000.50")),
    ]


def test_months_tell_what_the_entries_tell(books: Books) -> None:
    monthly = books.run("SELECT cuenta, mes, debe, haber, saldo FROM saldos_mensuales ORDER BY cuenta, mes")
    summed = books.run(
        "SELECT cuenta, mes, SUM(debe) AS debe, SUM(haber) AS haber, SUM(saldo) AS saldo FROM movimientos"
        " GROUP BY cuenta, mes ORDER BY cuenta, mes"
    )
    assert monthly == type(monthly)(summed.columns, summed.rows, False, monthly.elapsed_ms)
    assert monthly.rows


def test_people_are_those_of_the_company_and_have_no_address(books: Books) -> None:
    result = books.run("SELECT * FROM usuarios ORDER BY nombre")
    assert [row[1:] for row in result.rows] == [("Ana Gil", "Alumno", "3A", "Sí"), ("Marta Ruiz", "Profesor", "", "Sí")]


def test_daily_books_are_shown(books: Books) -> None:
    rows = books.run("SELECT nombre, desde, hasta, estado, asientos, total, creado_por FROM libros").rows
    assert rows == [("Marzo", "2026-03-01", "2026-03-31", "Cerrado", 1, Decimal("121000.00"), "Marta Ruiz")]


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_of_another_company_is_shown(books: Books, view: str) -> None:
    ours = books.run(f"SELECT * FROM {view}")
    assert CANARY not in str(ours.rows)
    assert str(Decimal(CANARY_MINOR) / 100) not in str(ours.rows)
    with reader_for(books.other) as reader:
        theirs = reader.run(f"SELECT * FROM {view}")
    assert theirs.columns == ours.columns
    assert view == "periodos" or CANARY in str(theirs.rows)


@pytest.mark.parametrize("benign", [one for one in BENIGN if DIALECT in one.dialects], ids=str)
def test_an_honest_query_runs(books: Books, benign: Statement) -> None:
    result = books.run(benign.sql.rstrip(";"))
    assert all(len(row) == len(result.columns) for row in result.rows)
    assert {kind for _name, kind in result.columns} <= set(Kind)


def test_columns_that_are_joined_by_name_are_told_once(books: Books) -> None:
    result = books.run("SELECT * FROM saldos_mensuales JOIN periodos USING (mes)")
    told = [name for name, _kind in result.columns]
    assert told.count("mes") == 1
    assert len(told) == len(VIEWS["saldos_mensuales"].columns) + len(VIEWS["periodos"].columns) - 1
    assert dict(result.columns)["debe"] == "money"


def test_the_limit_is_kept_and_told(books: Books) -> None:
    assert books.run("SELECT codigo FROM cuentas", limit=3).truncated
    assert len(books.run("SELECT codigo FROM cuentas", limit=3).rows) == 3
    assert not books.run("SELECT codigo FROM cuentas", limit=13).truncated
    assert not books.run("SELECT codigo FROM cuentas LIMIT 2", limit=2).truncated
    assert len(books.run("SELECT codigo FROM cuentas LIMIT 2 OFFSET 12", limit=10).rows) == 1


def test_a_query_that_takes_too_long_is_stopped(books: Books) -> None:
    began = time.monotonic()
    with pytest.raises(TimedOut):
        books.run(
            "WITH a AS (SELECT codigo FROM cuentas UNION ALL SELECT cuenta FROM movimientos),"
            " b AS (SELECT p.codigo FROM a p, a q, a r, a s UNION ALL SELECT '') SELECT COUNT(*) FROM b p, b q, b r"
        )
    assert time.monotonic() - began < TIME_MAX_S + 1


def test_a_cell_beyond_64_kb_is_refused_rather_than_cut(books: Books) -> None:
    doubled = ", ".join(f"c{n} AS (SELECT t || t AS t FROM c{n - 1})" for n in range(1, 9))
    with pytest.raises(TooBig):
        books.run(f"WITH c0 AS (SELECT '{'x' * 400}' AS t), {doubled} SELECT t FROM c8")


def test_a_figure_that_a_double_does_not_hold_is_refused(books: Books) -> None:
    sql = "SELECT saldo * 99999999999 * 1000 FROM cuentas WHERE codigo = '11101'"
    if DIALECT == "postgres":
        assert books.run(sql).rows == [(Decimal("7100950999928990490.00"),)]
        return
    with pytest.raises(Inexact):
        books.run(sql)


@pytest.mark.postgresql
def test_an_engines_words_about_rows_are_not_repeated(books: Books) -> None:
    with pytest.raises(Failed) as refused:
        books.run("SELECT CAST(leyenda AS INTEGER) FROM asientos")
    assert "mostrador" not in refused.value.error_tecnico


def test_a_reader_serves_one_statement_after_another_and_other_threads(books: Books) -> None:
    with books.reader() as reader:
        assert reader.run("SELECT 1").rows == [(1,)]
        with pytest.raises(NotAllowed):
            reader.run("SELECT * FROM users")
        with pytest.raises(Failed):
            reader.run("SELECT SUM(SUM(debe)) FROM movimientos")
        found: list[object] = []
        thread = threading.Thread(target=lambda: found.append(reader.run("SELECT 2").rows))
        thread.start()
        thread.join()
        assert found == [[(2,)]]


@pytest.mark.sqlite
def test_only_so_many_run_at_once(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.consultorIA.readers.sqlite._turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr("services.consultorIA.readers.sqlite.TIME_MAX_S", 0.3)
    heavy = "SELECT COUNT(*) FROM movimientos a, movimientos b, movimientos c, movimientos d, movimientos e, cuentas f,"
    failures: list[str] = []

    def ask() -> None:
        try:
            books.run(f"{heavy} asientos g, asientos h, asientos i, asientos j")
        except QueryError as error:
            failures.append(type(error).__name__)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "NotServed" in failures
    assert books.run("SELECT 1").rows == [(1,)]


@pytest.mark.parametrize("value,kind,shown", [
    (None, Kind.MONEY, None), (12, Kind.MONEY, Decimal("12.00")), (0.1 + 0.2, Kind.MONEY, Decimal("0.30")),
    (-3.0, Kind.NUMBER, -3), (1 / 3, Kind.NUMBER, 0.333333), (7, Kind.COUNT, 7), (2026, Kind.TEXT, "2026"),
    ("2026-03", Kind.MONTH, "2026-03"), (True, Kind.NUMBER, 1), (Decimal("1.005"), Kind.MONEY, Decimal("1.00")),
], ids=str)
def test_values_are_told_by_their_kind(value: object, kind: Kind, shown: Cell) -> None:
    assert cell(value, kind) == shown
    assert type(cell(value, kind)) is type(shown)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 2.0**60, 10**20 / 3])
@pytest.mark.parametrize("kind", [Kind.MONEY, Kind.NUMBER])
def test_what_is_not_exact_is_not_told(value: float, kind: Kind) -> None:
    with pytest.raises(Inexact):
        cell(value, kind)
