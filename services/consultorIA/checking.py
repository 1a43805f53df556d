"""The tree of a statement against the lists of `allowed.py`, and the bounds of each of its parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sqlglot import exp

from services.consultorIA import allowed
from services.consultorIA.catalog import VIEWS
from services.consultorIA.errors import NotAllowed, NotASelect

NODES_MAX = 3_000
DEPTH_MAX = 120  # of the tree: a chain of 100 ORs is 100 deep
TABLES_MAX = 16
TEXT_CHARS_MAX = 500  # of a literal
NUMBER_CHARS_MAX = 20
REPLACEMENT_CHARS_MAX = 8
ROWS_MAX = 1_000_000  # of a LIMIT or an OFFSET
WILDCARDS_MAX = 4  # of a LIKE


def check_nodes(tree: exp.Query, dialect: str) -> None:
    """Raise the refusal of the first thing in the tree that may not be."""
    common = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    if clash := common & VIEWS.keys():
        raise NotAllowed(
            f"WITH names a view: {min(clash)}", f"La tabla temporal «{min(clash)}» no puede llamarse como una vista."
        )
    tables = 0
    for count, (node, depth) in enumerate(_with_depth(tree), start=1):
        tables += isinstance(node, exp.Table)
        _check_node(node, dialect, common)
        if count > NODES_MAX or tables > TABLES_MAX or depth > DEPTH_MAX:
            raise too_large()


def _with_depth(tree: exp.Expr) -> Iterator[tuple[exp.Expr, int]]:
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in node.iter_expressions(reverse=True))


def too_large() -> NotAllowed:
    """Return the refusal of a statement beyond the bounds."""
    return NotAllowed("statement too large", "La consulta es demasiado grande: dividila en partes.")


def _check_node(node: exp.Expr, dialect: str, common: set[str]) -> None:
    kind = type(node)
    if isinstance(node, exp.Anonymous):
        if node.name.lower() not in allowed.NAMED[dialect]:
            raise _function(node.name)
    elif kind in (exp.Into, exp.Lock):
        raise NotASelect(f"SELECT with {kind.__name__.upper()}")
    elif kind not in allowed.NODES:
        raise _function(kind.__name__) if isinstance(node, exp.Func) else NotAllowed(f"{kind.__name__} not allowed")
    if check := _CHECKS.get(kind):
        check(node, dialect)
    if isinstance(node, exp.Table):
        _check_table(node, common)


def _function(name: str) -> NotAllowed:
    return NotAllowed(f"function {name[:40]} not allowed", f"La función «{name[:40].lower()}» no está permitida.")


def _check_table(node: exp.Table, common: set[str]) -> None:
    name = node.this
    if not isinstance(name, exp.Identifier):
        raise _function(getattr(name, "name", "") or type(name).__name__)
    shown = node.sql(comments=False)[:60]
    if set(_given(node)) - {"this", "alias", "joins"}:
        raise NotAllowed(f"table {shown} not allowed", f"La tabla «{shown}» no está permitida.")
    if name.name.lower() in common:
        return
    if name.name not in VIEWS and (name.args.get("quoted") or name.name.lower() not in VIEWS):
        raise NotAllowed(f"table {shown} not allowed", f"La tabla «{shown}» no está permitida.")


def _given(node: exp.Expr) -> Iterator[str]:
    return (key for key, value in node.args.items() if value)


def _check_literal(node: exp.Expr, _dialect: str) -> None:
    longest = TEXT_CHARS_MAX if node.args.get("is_string") else NUMBER_CHARS_MAX
    # A number with an exponent may be a hundred thousand digits long.
    if len(node.name) > longest or (not node.args.get("is_string") and not re.fullmatch(r"[0-9]*\.?[0-9]*", node.name)):
        raise NotAllowed("literal too long")


def _check_type(node: exp.Expr, _dialect: str) -> None:
    if node.this not in allowed.TYPES or node.args.get("nested"):
        raise NotAllowed("type not allowed", "Ese tipo de dato no está permitido.")


def _check_word(node: exp.Expr, _dialect: str) -> None:
    if node.name.upper() not in allowed.WORDS:
        raise NotAllowed(f"{node.name[:40]} not allowed")


def _check_rows(node: exp.Expr, _dialect: str) -> None:
    number = node.args.get("count") if isinstance(node, exp.Fetch) else node.args.get("expression")
    options = node.args.get("limit_options")
    plain = not (options and (options.args.get("percent") or options.args.get("with_ties")))
    if not isinstance(number, exp.Literal) or not number.name.isdecimal() or int(number.name) > ROWS_MAX or not plain:
        raise NotAllowed("LIMIT and OFFSET take a number", "LIMIT y OFFSET llevan un número.")


def _check_with(node: exp.Expr, _dialect: str) -> None:
    if node.args.get("recursive"):
        raise NotAllowed("WITH RECURSIVE not allowed", "Las consultas recursivas no están permitidas.")


def _check_join(node: exp.Expr, _dialect: str) -> None:
    if set(_given(node)) - {"this", "side", "kind", "on", "using"}:
        raise NotAllowed("join not allowed", "Ese tipo de JOIN no está permitido.")


def _check_column(node: exp.Expr, _dialect: str) -> None:
    if node.args.get("db") or node.args.get("catalog"):
        raise NotAllowed("column of a qualified table")


def _check_like(node: exp.Expr, _dialect: str) -> None:
    pattern = node.args["expression"]
    if isinstance(pattern, exp.Literal) and pattern.name.count("%") <= WILDCARDS_MAX:
        return
    raise NotAllowed(
        "LIKE takes a literal with few wildcards",
        f"LIKE lleva un texto entre comillas con hasta {WILDCARDS_MAX} comodines %.",
    )


def _check_replace(node: exp.Expr, _dialect: str) -> None:
    replacement = node.args.get("replacement")
    if not isinstance(replacement, exp.Literal) or len(replacement.name) > REPLACEMENT_CHARS_MAX:
        raise NotAllowed("REPLACE takes a short literal")


def _check_format(node: exp.Expr, _dialect: str) -> None:
    if not isinstance(node.args.get("format"), exp.Literal) or len(node.args["format"].name) > 40:
        raise NotAllowed("a format is a short literal")


_CHECKS: dict[type[exp.Expr], Callable[[exp.Expr, str], None]] = {
    exp.Literal: _check_literal, exp.DataType: _check_type, exp.Var: _check_word, exp.Limit: _check_rows,
    exp.Fetch: _check_rows, exp.Offset: _check_rows, exp.With: _check_with, exp.Join: _check_join,
    exp.Column: _check_column, exp.Like: _check_like, exp.ILike: _check_like, exp.Replace: _check_replace,
    exp.TimeToStr: _check_format,
}
