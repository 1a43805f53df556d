"""The views that questions are answered from, as data: names, columns, kinds, and where each comes from.

One description serves both engines: expressions are written with the macros of `dialects.py`
(`pesos(...)`, `mes(...)`), and `{company}` stands for the one company. Nothing else of the database
is readable: no e-mail, no password hash, no token, no other company.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds, for who shows it."""

    MONEY = "money"  # pesos
    NUMBER = "number"
    COUNT = "count"
    DATE = "date"  # YYYY-MM-DD
    MONTH = "month"  # YYYY-MM
    TEXT = "text"  # numbers that are names, such as ids and years, too


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view; `source` is its expression over the base tables.

    `sql_type` is what a reader of the schema compares it with: TEXT, INTEGER, NUMERIC or DATE.
    """

    name: str
    kind: Kind
    sql_type: str
    source: str
    meaning: str


@dataclass(frozen=True)
class View:
    """A view; `origin` is what follows its FROM, the company's predicate included.

    `company` is the expression of the row's company.
    """

    name: str
    meaning: str
    company: str
    origin: str
    columns: tuple[Column, ...]

    @functools.cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Kinds of the columns by name."""
        return {column.name: column.kind for column in self.columns}


def _text(name: str, source: str, meaning: str) -> Column:
    return Column(name, Kind.TEXT, "TEXT", source, meaning)


def _label(name: str, source: str, meaning: str) -> Column:
    return Column(name, Kind.TEXT, "INTEGER", source, meaning)


def _money(name: str, source: str, meaning: str) -> Column:
    return Column(name, Kind.MONEY, "NUMERIC", source, meaning)


def _day(name: str, source: str, meaning: str) -> Column:
    return Column(name, Kind.DATE, "DATE", source, meaning)


def _months(date: str) -> tuple[Column, ...]:
    return (
        Column("mes", Kind.MONTH, "TEXT", f"mes({date})", "'AAAA-MM'"),
        _text("trimestre", f"trimestre({date})", "'AAAA-T1' a 'AAAA-T4'"),
    )


_PARTIDA = _text(
    "partida", "partida(a.kind)",
    "'Activo', 'Pasivo', 'Patrimonio Neto', 'Ingresos', 'Egresos' u 'Orden'",
)
# Of the chain of headings above an account the last is a partida; the one before it is the grupo.
_GRUPO = _text(
    "grupo",
    "CASE WHEN p5.acc_id IS NOT NULL THEN p4.name WHEN p4.acc_id IS NOT NULL THEN p3.name"
    " WHEN p3.acc_id IS NOT NULL THEN p2.name WHEN p2.acc_id IS NOT NULL THEN p1.name"
    " WHEN a.postable THEN COALESCE(p1.name, partida(a.kind)) ELSE a.name END",
    "rubro de segundo nivel, como 'Activo Corriente'",
)
_RUBRO = _text(
    "rubro", "CASE WHEN a.postable THEN COALESCE(p1.name, partida(a.kind)) ELSE a.name END",
    "rubro más cercano, como 'Caja y Bancos'",
)
_NATURALEZA = _text(
    "naturaleza", "CASE WHEN a.nature THEN 'Deudora' ELSE 'Acreedora' END", "'Deudora' o 'Acreedora'"
)
_PLACE = (_PARTIDA, _GRUPO, _RUBRO, _NATURALEZA)
# The headings above account `a`, the nearest first; what a column needs of them is joined by dialects.py.
HEADINGS = (
    "LEFT JOIN accounts p1 ON p1.acc_id = a.parent_id",
    "LEFT JOIN accounts p2 ON p2.acc_id = p1.parent_id",
    "LEFT JOIN accounts p3 ON p3.acc_id = p2.parent_id",
    "LEFT JOIN accounts p4 ON p4.acc_id = p3.parent_id",
    "LEFT JOIN accounts p5 ON p5.acc_id = p4.parent_id",
)


def _sides(row: str) -> tuple[Column, ...]:
    """Return debe, haber and saldo from a row with `debits`/`credits`, or `debit`/`credit`, of account `a`."""
    many = "" if row == "e" else "s"
    debit, credit = f"{row}.debit{many}", f"{row}.credit{many}"
    return (
        _money("debe", f"pesos({debit})", "pesos"),
        _money("haber", f"pesos({credit})", "pesos"),
        _money(
            "saldo", f"pesos(CASE WHEN a.nature THEN {debit} - {credit} ELSE {credit} - {debit} END)",
            "pesos, positivo del lado de la naturaleza",
        ),
    )


_LEGEND = (
    _text("leyenda", "t.legend", "texto del asiento"),
    _text("leyenda_simple", "t.search_text", "la leyenda en minúsculas y sin acentos, para buscar con LIKE"),
)
# A class writes the refundición by hand, and books from elsewhere have it so: an ordinary entry of the year's
# last day that moves nothing but income, expenses and the equity account named for the result.
_RESULTS_CLOSED_BY_HAND = (
    "t.kind = 'standard' AND fin_de_ano(t.date) AND EXISTS (SELECT 1 FROM transaction_entries f"
    " JOIN accounts b ON b.acc_id = f.account_id WHERE f.transaction_id = t.trans_id AND b.kind = 'patrimonio')"
    " AND NOT EXISTS (SELECT 1 FROM transaction_entries f JOIN accounts b ON b.acc_id = f.account_id"
    " WHERE f.transaction_id = t.trans_id AND b.kind <> 'ingreso' AND b.kind <> 'egreso'"
    " AND NOT (b.kind = 'patrimonio' AND LOWER(b.name) LIKE '%resultado del ejercicio%'))"
)
# And the opening by hand: accounts of the balance alone, equity among them, and a legend that says so. Of a name
# of its own: the system's opening undoes its closing, and sums leave both out; this one is where balances begin.
_OPENED_BY_HAND = (
    "t.kind = 'standard' AND t.search_text LIKE '%apertura%' AND EXISTS (SELECT 1 FROM transaction_entries f"
    " JOIN accounts b ON b.acc_id = f.account_id WHERE f.transaction_id = t.trans_id AND b.kind = 'patrimonio')"
    " AND NOT EXISTS (SELECT 1 FROM transaction_entries f JOIN accounts b ON b.acc_id = f.account_id"
    " WHERE f.transaction_id = t.trans_id AND (b.kind = 'ingreso' OR b.kind = 'egreso'))"
)
_STATE = (
    _text("estado", "estado(t.status)", "'Para verificar', 'Verificado' o 'Cerrado'"),
    _text(
        "tipo",
        f"CASE WHEN {_RESULTS_CLOSED_BY_HAND} THEN 'Refundición de resultados'"
        f" WHEN {_OPENED_BY_HAND} THEN 'Apertura manual' ELSE tipo(t.kind) END",
        "'Común' o 'Anulación'; de fin de ejercicio 'Ajuste de cierre', 'Ajuste por inflación',"
        " 'Refundición de resultados', 'Cierre' o 'Apertura';"
        " 'Apertura manual' la escrita a mano",
    ),
)
_WHO = (
    _text("usuario", "u.name", "nombre de quien lo cargó"),
    _text("grupo_alumnos", "u.\"group\"", "grupo o curso de quien lo cargó"),
)

CUENTAS = View(
    "cuentas", "El plan de cuentas con sus saldos a la fecha; los rubros (imputable 'No') sin importes.",
    "a.company_id", "accounts a",
    (
        _label("cuenta_id", "a.acc_id", "clave"),
        _text("codigo", "a.code", "código de la cuenta"),
        _text("nombre", "a.name", "nombre de la cuenta"),
        *_PLACE,
        _text("activa", "sino(a.status)", "'Sí' o 'No'"),
        _text("imputable", "sino(a.postable)", "'Sí', o 'No' para los rubros"),
        _text(
            "corriente", "CASE a.liquidity WHEN 'corriente' THEN 'Sí' WHEN 'no_corriente' THEN 'No' END",
            "'Sí', 'No' o nulo",
        ),
        _text("monetaria", "sino(a.monetary)", "'Sí' o 'No'"),
        *_sides("a"),
    ),
)
ASIENTOS = View(
    "asientos", "Un renglón por asiento.",
    "t.company_id", "transactions t LEFT JOIN users u ON u.user_id = t.user_id",
    (
        _label("asiento_id", "t.trans_id", "clave"),
        _label("numero", "t.number", "número correlativo del ejercicio; nulo hasta que se cierra"),
        _label("ejercicio", "anio(t.date)", "año"),
        _day("fecha", "t.date", "fecha del asiento"),
        *_months("t.date"),
        _day("semana", "semana(t.date)", "lunes de la semana"),
        *_LEGEND,
        *_STATE,
        _money("total", "pesos(t.total)", "pesos de cada lado"),
        Column("renglones", Kind.COUNT, "INTEGER", "t.entries_count", "cantidad de movimientos"),
        *_WHO,
        _label("revierte_a", "t.reverses_id", "asiento_id del anulado, o nulo"),
        _text("creado", "momento(t.created_at)", "'AAAA-MM-DD HH:MM' en que se cargó"),
    ),
)
MOVIMIENTOS = View(
    "movimientos", "Un renglón por movimiento: un importe al debe o al haber de una cuenta.",
    "t.company_id",
    # The company's number on both: so an account is found by its code, and its entries by the account.
    "transactions t JOIN transaction_entries e ON e.transaction_id = t.trans_id"
    " JOIN accounts a ON a.acc_id = e.account_id AND a.company_id = t.company_id"
    " LEFT JOIN users u ON u.user_id = t.user_id",
    (
        _label("movimiento_id", "e.entr_id", "clave"),
        _label("asiento_id", "t.trans_id", "asiento al que pertenece"),
        _day("fecha", "t.date", "fecha del asiento"),
        *_months("t.date"),
        _day("semana", "semana(t.date)", "lunes de la semana"),
        _label("dia_semana", "dia_semana(t.date)", "1 lunes a 7 domingo"),
        _label("cuenta_id", "e.account_id", "cuenta"),
        _text("codigo", "a.code", "código de la cuenta"),
        _text("cuenta", "a.name", "nombre de la cuenta"),
        *_PLACE,
        *_sides("e"),
        *_LEGEND,
        *_STATE,
        *_WHO,
    ),
)
SALDOS_MENSUALES = View(
    "saldos_mensuales", "Lo que se movió cada cuenta en cada mes: lo más rápido para meses enteros.",
    "a.company_id", "account_months m JOIN accounts a ON a.acc_id = m.account_id",
    (
        _label("cuenta_id", "m.account_id", "cuenta"),
        _text("codigo", "a.code", "código de la cuenta"),
        _text("cuenta", "a.name", "nombre de la cuenta"),
        *_PLACE,
        *_months("m.month"),
        *_sides("m"),
    ),
)
USUARIOS = View(
    "usuarios", "Las personas de la empresa y las que cargaron asientos en ella.",
    "c.company_id",
    # Tallies: who recorded what, without a walk through the transactions.
    "companies c JOIN users u ON u.company_id = c.company_id OR EXISTS (SELECT 1 FROM transaction_tallies y"
    " WHERE y.company_id = c.company_id AND y.user_id = u.user_id AND y.count > 0)"
    " LEFT JOIN config g ON g.config_id = 1",
    (
        _label("usuario_id", "u.user_id", "clave"),
        _text("nombre", "u.name", "nombre"),
        _text(
            "rol",
            "CASE u.rol WHEN 0 THEN CASE WHEN g.system_mode THEN 'Admin' ELSE 'Profesor' END"
            " WHEN 1 THEN 'Manager' WHEN 2 THEN CASE WHEN g.system_mode THEN 'Accountant' ELSE 'Alumno' END"
            " WHEN 3 THEN 'Operator' ELSE 'Viewer' END",
            "'Profesor' o 'Alumno'; en una empresa 'Admin', 'Manager', 'Accountant', 'Operator' o 'Viewer'",
        ),
        _text("grupo_alumnos", "u.\"group\"", "grupo o curso"),
        _text("activo", "sino(u.status = 0)", "'Sí' o 'No'"),
    ),
)
PERIODOS = View(
    "periodos", "Los ejercicios y meses con estado propio; los demás están abiertos.",
    "p.company_id",
    "periods p LEFT JOIN periods y ON y.company_id = p.company_id AND y.year = p.year AND y.month IS NULL",
    (
        _text("tipo", "CASE WHEN p.month IS NULL THEN 'Año' ELSE 'Mes' END", "'Año' o 'Mes'"),
        _label("anio", "p.year", "año"),
        Column(
            "mes", Kind.MONTH, "TEXT",
            "CASE WHEN p.month IS NOT NULL THEN texto(p.year) || '-' || SUBSTR(texto(100 + p.month), 2, 2) END",
            "'AAAA-MM', o nulo para el año",
        ),
        _text(
            "estado", "CASE WHEN p.status = 'closed' OR y.status = 'closed' THEN 'Cerrado' ELSE 'Abierto' END",
            "'Abierto' o 'Cerrado'",
        ),
    ),
)

LIBROS = View(
    "libros", "Los libros diarios emitidos.",
    "b.company_id", "daily_books b LEFT JOIN users u ON u.user_id = b.created_by_id",
    (
        _label("libro_id", "b.book_id", "clave"),
        _text("nombre", "b.name", "nombre del libro"),
        _day("desde", "b.date_from", "primer día"),
        _day("hasta", "b.date_to", "último día"),
        _text("estado", "CASE b.status WHEN 'closed' THEN 'Cerrado' ELSE 'Disuelto' END", "'Cerrado' o 'Disuelto'"),
        Column("asientos", Kind.COUNT, "INTEGER", "b.entries_count", "cantidad de asientos"),
        _money("total", "pesos(b.total)", "pesos de cada lado"),
        _text("creado", "momento(b.created_at)", "'AAAA-MM-DD HH:MM' en que se emitió"),
        _text("creado_por", "u.name", "nombre de quien lo emitió"),
    ),
)

VIEWS: Mapping[str, View] = {
    view.name: view for view in (CUENTAS, ASIENTOS, MOVIMIENTOS, SALDOS_MENSUALES, USUARIOS, PERIODOS, LIBROS)
}
# What the views are made from; nothing else of the database is ever read.
BASE_TABLES = frozenset({
    "accounts", "account_months", "companies", "config", "daily_books", "periods", "transaction_entries",
    "transaction_tallies", "transactions", "users",
})
