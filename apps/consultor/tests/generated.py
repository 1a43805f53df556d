"""Strategies of SQL: honest queries over the views, hostile ones, and what becomes of either when words are changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from services.consultorIA.catalog import VIEWS
from services.consultorIA.tests.statements import ATTACKS, BENIGN

Draw = Callable[[st.SearchStrategy[Any]], Any]

_ONE = ["SUM", "COUNT", "MAX", "MIN", "AVG", "LOWER", "UPPER", "LENGTH", "ABS", "TRIM", "COUNT"]
_TWO = ["COALESCE", "NULLIF", "ROUND"]
_OPERATORS = ["+", "-", "*", "/", "||", "=", "<>", "<", ">=", "AND", "OR"]
_LITERALS = ["0", "1", "2.5", "'a'", "'2026-03'", "NULL", "'%x_'", "''''"]
_HOSTILE = [
    "pg_sleep(9)", "load_extension('x')", "randomblob(999999999)", "repeat('x', 999999999)", "version()",
    "current_user",
    "set_config('ia.llave', '2.0', false)", "query_to_xml('SELECT 1', true, true, '')", "ia.empresa()", "rowid", "ctid",
    "(SELECT password FROM users LIMIT 1)", "(SELECT COUNT(*) FROM accounts)", "email", "password", "c", "(c).codigo",
    "EXISTS (SELECT 1 FROM transactions)", "'x'::regclass", "x'00'", "printf('%99999999d', 1)", "row_to_json(c)",
]
_SOURCES = ["users", "accounts", "main.users", "public.users", "ia.cuentas", "sqlite_master", "pg_class", "pg_shadow"]
_PIECES = [
    "(", ")", ",", ";", "--", "/*", "*/", "'", "\"", "`", "$$", "\\", "UNION SELECT password FROM users", "users",
    "SELECT", "FROM", "WHERE", ".", "*", "\u200b", "\u00a0", "\uff1b", "E'", "U&", "::text", "{}", "DELETE FROM users",
    "INTO x", "FOR UPDATE", "LIMIT 99999999999", "TABLESAMPLE SYSTEM (1)", "RECURSIVE", *_HOSTILE,
]


@st.composite
def honest(draw: Draw) -> str:
    """Return a query that mostly passes."""
    body = _select(draw, depth=2)
    match draw(st.integers(0, 4)):
        case 0:
            return f"WITH q AS ({body}) SELECT * FROM q"
        case 1:
            return f"{body} UNION ALL {body}"
        case 2:
            return f"SELECT COUNT(*) FROM ({body}) q"
        case _:
            return body


@st.composite
def hostile(draw: Draw) -> str:
    """Return an attack, or a query with some of its words dropped, doubled, moved or put in."""
    known = st.sampled_from([statement.sql for statement in [*ATTACKS, *BENIGN]])
    words = draw(st.one_of(known, honest(), spiked())).split(" ")
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(words) - 1))
        match draw(st.integers(0, 3)):
            case 0 if len(words) > 1:
                words.pop(place)
            case 1:
                words.insert(place, words[place])
            case 2:
                words[place], words[-1] = words[-1], words[place]
            case _:
                words.insert(place, draw(st.sampled_from(_PIECES)))
    return " ".join(words)


@st.composite
def spiked(draw: Draw) -> str:
    """Return a well-formed query with one thing in it that must not be."""
    spike = draw(st.sampled_from(_HOSTILE))
    view = draw(st.sampled_from(sorted(VIEWS)))
    return draw(st.sampled_from([
        f"SELECT {spike} FROM {view} c", f"SELECT 1 FROM {view} c WHERE {spike} IS NOT NULL",
        f"SELECT 1 FROM {view} c ORDER BY {spike}", f"SELECT COUNT(*) FROM {view} c GROUP BY {spike}",
        f"SELECT SUM(1) OVER (ORDER BY {spike}) FROM {view} c", f"SELECT MAX({spike}) FROM {view} c",
        f"SELECT CASE WHEN 1 = 1 THEN {spike} END FROM {view} c",
        f"SELECT * FROM (SELECT {spike} AS s FROM {view} c) q",
        f"WITH {view} AS (SELECT {spike} AS s FROM {view} c) SELECT s FROM {view}",
        f"SELECT 1 FROM {view} c JOIN {draw(st.sampled_from(_SOURCES))} d ON 1 = 1",
        f"SELECT * FROM {draw(st.sampled_from(_SOURCES))}", f"SELECT {view} FROM {view}",
    ]))


def _select(draw: Draw, depth: int) -> str:
    view = draw(st.sampled_from(sorted(VIEWS)))
    columns = sorted(VIEWS[view].kinds)
    value = _value(draw, columns, depth)
    other = draw(st.sampled_from(columns))
    source = draw(st.sampled_from([view, f"{view} c", f"{view} c JOIN periodos p ON p.estado <> c.{other}"]))
    qualified = f"c.{other}" if " JOIN " in source else other
    if " JOIN " in source:
        value = f"COUNT({qualified})"
    counted = ", COUNT(*) AS n" if _aggregates(value) else ""
    return " ".join([
        f"SELECT {value} AS a{counted} FROM {source}",
        draw(st.sampled_from([
            "", f"WHERE {qualified} IS NOT NULL", f"WHERE {qualified} IN (SELECT mes FROM periodos)"
        ])),
        draw(st.sampled_from(["", "", f"GROUP BY {qualified}"])),
        draw(st.sampled_from(["", "LIMIT 7", "LIMIT 3 OFFSET 1"])),
    ]).strip()


def _aggregates(value: str) -> bool:
    return value.startswith(("SUM(", "COUNT(", "MAX(", "MIN(", "AVG(")) and "OVER" not in value


def _value(draw: Draw, columns: list[str], depth: int) -> str:
    if depth == 0:
        return draw(st.sampled_from([*columns, *_LITERALS]))
    inner = _value(draw, columns, depth - 1)
    match draw(st.integers(0, 6)):
        case 0:
            return f"{draw(st.sampled_from(_ONE))}({inner})"
        case 1:
            return f"{draw(st.sampled_from(_TWO))}({inner}, {draw(st.sampled_from(_LITERALS))})"
        case 2:
            return f"({inner} {draw(st.sampled_from(_OPERATORS))} {_value(draw, columns, depth - 1)})"
        case 3:
            return f"CASE WHEN {inner} IS NULL THEN {draw(st.sampled_from(columns))} ELSE {inner} END"
        case 4:
            return f"CAST({inner} AS {draw(st.sampled_from(['INTEGER', 'TEXT', 'NUMERIC', 'DATE']))})"
        case 5:
            return f"SUM(1) OVER (ORDER BY {draw(st.sampled_from(columns))})"
        case _:
            return f"(SELECT {draw(st.sampled_from(['COUNT(*)', 'MAX(saldo)']))} FROM cuentas WHERE saldo <> 0)"
