"""The first wall: SQL is read into a tree, the tree held against allow-lists, and the text forgotten.

`read` gives the tree of a statement in an engine's own dialect, or raises the refusal. What runs is
written anew from that tree (`confining.py`), never the text that came. `validar_sql` and
`limpiar_sql` are the documented functions over it.
"""

from __future__ import annotations

import functools
import logging
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import TypedDict, cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from services.consultorIA import allowed
from services.consultorIA.catalog import VIEWS
from services.consultorIA.columns import Outputs, resolve
from services.consultorIA.dialects import SQLITE
from services.consultorIA.errors import Alters, Deletes, NotAllowed, NotASelect, QueryError, Rejected, Writes

# sqlglot logs statements that it does not know, text and all.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

SQL_CHARS_MAX = 10_000
NODES_MAX = 3_000
NESTING_MAX = 60  # brackets within brackets
DEPTH_MAX = 120  # of the tree: a chain of 100 ORs is 100 deep
TABLES_MAX = 16
TEXT_CHARS_MAX = 500  # of a literal
NUMBER_CHARS_MAX = 20
REPLACEMENT_CHARS_MAX = 8
ROWS_MAX = 1_000_000  # of a LIMIT or an OFFSET
WILDCARDS_MAX = 4  # of a LIKE

_DESTRUCTIVE: dict[type[exp.Expr], type[Rejected]] = {
    exp.Create: Alters, exp.Alter: Alters,
    exp.Insert: Writes, exp.Update: Writes, exp.Merge: Writes,
    exp.Delete: Deletes, exp.Drop: Deletes, exp.TruncateTable: Deletes,
}
_BY_WORD: dict[str, type[Rejected]] = {
    "create": Alters, "alter": Alters, "rename": Alters,
    "insert": Writes, "update": Writes, "merge": Writes, "replace": Writes, "upsert": Writes,
    "delete": Deletes, "drop": Deletes, "truncate": Deletes,
}
_QUOTED_OR_COMMENT = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
_FIRST_WORD = re.compile(r"(?:\A|;)[\s(]*([a-z]+)", re.IGNORECASE)
_WITH_DML = re.compile(r"\(\s*(insert|update|delete|merge)\b", re.IGNORECASE)
_FENCE = re.compile(r"```[ \t]*\w*[ \t]*\r?\n?(.*?)(?:```|\Z)", re.DOTALL)
_WORDS = (
    "select|with|insert|update|delete|merge|replace|create|alter|drop|truncate|begin|commit|rollback|set|copy|grant|"
    "revoke|call|do|execute|prepare|explain|pragma|attach|detach|vacuum|reindex|values|table|lock"
)
_STATEMENT = re.compile(rf"\A[\s;(]*(?:{_WORDS})\b", re.IGNORECASE)
_LEAD_IN = re.compile(rf"\A[^;'\"]{{0,200}}?[:\n]\s*(?=(?:{_WORDS})\b)", re.IGNORECASE)


class Veredicto(TypedDict):
    """What `validar_sql` answers: `consulta` is the statement as it was understood, "" when refused."""

    valida: bool
    consulta: str
    codigo: int
    error_tecnico: str
    error_usuario: str


class Statement:
    """A statement that was let through: its tree, its dialect, and its columns with their kinds."""

    __slots__ = ("dialect", "outputs", "tree")

    def __init__(self, tree: exp.Query, dialect: str, outputs: Outputs) -> None:
        self.tree = tree
        self.dialect = dialect
        self.outputs = outputs

    @property
    def sql(self) -> str:
        """The statement written anew, without comments, for people to read."""
        return self.tree.sql(dialect=self.dialect, comments=False)


def validar_sql(sql: str, dialecto: str = SQLITE) -> Veredicto:
    """Return whether `sql` is one SELECT over the views that nothing can go wrong with, and else why not."""
    try:
        statement = read(limpiar_sql(sql), dialecto)
    except QueryError as error:
        return {
            "valida": False, "consulta": "", "codigo": error.codigo, "error_tecnico": error.error_tecnico,
            "error_usuario": error.error_usuario,
        }
    return {"valida": True, "consulta": statement.sql, "codigo": -1, "error_tecnico": "", "error_usuario": ""}


def limpiar_sql(texto: str) -> str:
    """Return the SQL of a model's answer: what a Markdown fence holds, without words before it or a last semicolon."""
    if fenced := _FENCE.search(texto):
        texto = fenced[1]
    if not _STATEMENT.match(texto):
        texto = _LEAD_IN.sub("", texto, count=1)
    return texto.strip().rstrip(";").rstrip()


def looks_like_sql(text: str) -> bool:
    """Return whether a text begins as a statement does, rather than as a question."""
    return _STATEMENT.match(_QUOTED_OR_COMMENT.sub(" ", limpiar_sql(text))) is not None


@functools.lru_cache(maxsize=256)
def read(sql: str, dialect: str) -> Statement:
    """Return the statement that `sql` is in the dialect; Rejected when it is not one that may run.

    Kept for the next time: to read a statement costs more than to run it. Nobody changes its tree.
    """
    _check_text(sql)
    tree = _one_query(_parse(sql, dialect))
    _check_nodes(tree, dialect)
    try:
        outputs = resolve(tree)
    except RecursionError:
        raise _too_large() from None
    if dialect == SQLITE:
        _keep_numeric(tree)
    return Statement(tree, dialect, outputs)


def _keep_numeric(tree: exp.Query) -> None:
    """Let CAST(x AS NUMERIC) stay what it is on SQLite: sqlglot would write REAL, which divides otherwise."""
    for cast_ in tree.find_all(exp.Cast):
        if cast_.to.this is exp.DType.DECIMAL:
            cast_.set("to", exp.DataType(this=exp.DType.USERDEFINED, kind="NUMERIC"))


# --- Text to tree ---------------------------------------------------------------------------------------


def _check_text(sql: str) -> None:
    if not sql.strip():
        raise NotASelect("empty statement")
    if len(sql) > SQL_CHARS_MAX:
        raise NotASelect(f"longer than {SQL_CHARS_MAX} characters")
    for char in sql:
        # Control, format (zero width, direction), unassigned, private: nothing that a person types.
        if char not in "\t\r\n" and unicodedata.category(char)[0] == "C":
            raise NotASelect(f"character U+{ord(char):04X}")


def _parse(sql: str, dialect: str) -> list[exp.Expr]:
    depth = deepest = 0
    for char in _QUOTED_OR_COMMENT.sub(" ", sql):
        depth += (char in "([") - (char in ")]")
        deepest = max(deepest, depth)
    if deepest > NESTING_MAX:
        raise NotASelect(f"more than {NESTING_MAX} brackets within one another")
    try:
        parsed = sqlglot.parse(sql, dialect=dialect)
    except (SqlglotError, RecursionError, ValueError) as error:
        raise _by_word(sql)(f"not understood as SQL: {type(error).__name__}") from None
    trees = [tree for tree in parsed if tree is not None and not isinstance(tree, exp.Semicolon)]
    for tree in trees:
        if isinstance(tree, exp.Command):
            raise _by_word(sql)(f"statement {tree.name.upper()[:30]}")
        for node in tree.walk():
            if refusal := _DESTRUCTIVE.get(type(node)):
                raise refusal(f"statement {type(node).__name__.upper()}")
    return trees


def _by_word(sql: str) -> type[Rejected]:
    """Return the refusal of a text that is no statement of the dialect, by the words it holds."""
    bare = _QUOTED_OR_COMMENT.sub(" ", sql)
    for word in [*_FIRST_WORD.findall(bare), *_WITH_DML.findall(bare)]:
        if refusal := _BY_WORD.get(word.lower()):
            return refusal
    return NotASelect


def _one_query(trees: list[exp.Expr]) -> exp.Query:
    if len(trees) != 1:
        raise NotASelect(f"{len(trees)} statements")
    tree = trees[0]
    while isinstance(tree, (exp.Subquery, exp.Paren)) and not (tree.args.get("alias") or tree.args.get("joins")):
        tree = tree.this
    if not isinstance(tree, allowed.QUERIES) or (isinstance(tree, exp.Select) and not tree.expressions):
        raise NotASelect(f"statement {type(tree).__name__.upper()}")
    return cast(exp.Query, tree)


# --- The tree against the lists ---------------------------------------------------------------------------


def _check_nodes(tree: exp.Query, dialect: str) -> None:
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
            raise _too_large()


def _with_depth(tree: exp.Expr) -> Iterator[tuple[exp.Expr, int]]:
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in node.iter_expressions(reverse=True))


def _too_large() -> NotAllowed:
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
