"""The catalog's macros in each engine's SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping

from services.consultorIA.catalog import HEADINGS, View

SQLITE, POSTGRES = "sqlite", "postgres"  # sqlglot's names
# PostgreSQL: where the views are, and the column by which a row's company is told.
SCHEMA = "ia"
COMPANY_COLUMN = "empresa"

_SHARED = {
    "partida": "CASE {0} WHEN 'activo' THEN 'Activo' WHEN 'pasivo' THEN 'Pasivo' WHEN 'patrimonio' THEN"
    " 'Patrimonio Neto' WHEN 'ingreso' THEN 'Ingresos' WHEN 'egreso' THEN 'Egresos' ELSE 'Orden' END",
    "estado": "CASE {0} WHEN 0 THEN 'Para verificar' WHEN 1 THEN 'Verificado' ELSE 'Cerrado' END",
    "tipo": "CASE {0} WHEN 'standard' THEN 'Común' WHEN 'reversal' THEN 'Anulación'"
    " WHEN 'adjustment' THEN 'Ajuste de cierre' WHEN 'inflation' THEN 'Ajuste por inflación'"
    " WHEN 'results' THEN 'Refundición de resultados' WHEN 'closing' THEN 'Cierre' WHEN 'opening' THEN 'Apertura'"
    " ELSE {0} END",
    "sino": "CASE WHEN {0} THEN 'Sí' ELSE 'No' END",
    "texto": "CAST({0} AS TEXT)",
}
_SQLITE = {
    **_SHARED,
    "pesos": "({0}) / 100.0",
    "mes": "SUBSTR({0}, 1, 7)",
    "trimestre": "SUBSTR({0}, 1, 4) || '-T' || ((CAST(SUBSTR({0}, 6, 2) AS INTEGER) + 2) / 3)",
    "anio": "CAST(SUBSTR({0}, 1, 4) AS INTEGER)",
    "fin_de_ano": "SUBSTR({0}, 6, 5) = '12-31'",
    "semana": "DATE({0}, '-6 days', 'weekday 1')",  # the Monday: on it or before it
    "dia_semana": "(CAST(STRFTIME('%w', {0}) AS INTEGER) + 6) % 7 + 1",
    # Django keeps UTC there, and the country has been at UTC-3 since 2009.
    "momento": "STRFTIME('%Y-%m-%d %H:%M', {0}, '-3 hours')",
}
_POSTGRES = {
    **_SHARED,
    "pesos": "CAST({0} AS numeric) * 0.01",
    "mes": "TO_CHAR({0}, 'YYYY-MM')",
    "trimestre": "TO_CHAR({0}, 'YYYY-\"T\"Q')",
    "anio": "CAST(EXTRACT(YEAR FROM {0}) AS integer)",
    "fin_de_ano": "TO_CHAR({0}, 'MM-DD') = '12-31'",
    "semana": "CAST(DATE_TRUNC('week', {0}) AS date)",
    "dia_semana": "CAST(EXTRACT(ISODOW FROM {0}) AS integer)",
    "momento": "TO_CHAR({0} AT TIME ZONE 'America/Argentina/Buenos_Aires', 'YYYY-MM-DD HH24:MI')",
}
_TABLE = re.compile(r"\b((?:FROM|JOIN) )([a-z])")
_HEADING = re.compile(r"\bp([1-5])\.")
_MACROS = {SQLITE: _SQLITE, POSTGRES: _POSTGRES}


def select_of(
    view: View, dialect: str, *, company: str, tables: str = "", also: Mapping[str, str] | None = None
) -> str:
    """Return the SELECT that makes a view.

    `company` is the SQL of the company's number, `tables` what stands before a base table's name;
    `also` adds columns, by name, over the base tables.
    """
    macros = _MACROS[dialect]
    columns = {column.name: _expand(column.source, macros) for column in view.columns} | dict(also or {})
    joins = "".join(f" {heading}" for heading in HEADINGS[: max(map(_reaches, columns.values()))])
    if dialect == SQLITE:
        # Joined per column: SQLite looks joined rows up even where nothing is asked of them.
        columns = {name: _with_headings(source) for name, source in columns.items()}
        joins = ""
    listed = ",\n  ".join(f"{source} AS {name}" for name, source in columns.items())
    made = _TABLE.sub(rf"\1{tables}\2", f"SELECT {listed}\nFROM {view.origin}{joins}")
    return f"{made}\nWHERE {view.company} = {company}"


def _reaches(source: str) -> int:
    """Return how many headings up an expression looks."""
    return max((int(level) for level in _HEADING.findall(source)), default=0)


def _with_headings(source: str) -> str:
    """Return the expression with the headings that it looks at looked up within it."""
    needed = HEADINGS[: _reaches(source)]
    return " ".join(["(SELECT", source, "FROM (SELECT 1)", *needed]) + ")" if needed else source


def _expand(source: str, macros: Mapping[str, str]) -> str:
    """Return the expression with its macros written out, the innermost first; arguments hold no commas."""
    call = re.compile(rf"\b({'|'.join(macros)})\(((?:[^()]|\([^()]*\))*)\)")
    while found := call.search(source):
        written = macros[found[1]].format(_expand(found[2], macros))
        # Bracketed: what stands around binds tighter than an operator within.
        source = f"{source[: found.start()]}({written}){source[found.end():]}"
    return source
