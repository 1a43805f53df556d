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
from typing import TypedDict, cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from services.consultorIA import allowed
from services.consultorIA.checking import check_nodes, too_large
from services.consultorIA.columns import Outputs, resolve
from services.consultorIA.dialects import SQLITE
from services.consultorIA.errors import Alters, Deletes, NotASelect, QueryError, Rejected, Writes

# sqlglot logs statements that it does not know, text and all.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

SQL_CHARS_MAX = 10_000
NESTING_MAX = 60  # brackets within brackets

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


@functools.lru_cache(maxsize=64)
def read(sql: str, dialect: str) -> Statement:
    """Return the statement that `sql` is in the dialect; Rejected when it is not one that may run.

    Kept for the next time: to read a statement costs more than to run it, and its tree takes 15 KB. Nobody changes it.
    """
    _check_text(sql)
    tree = _one_query(_parse(sql, dialect))
    check_nodes(tree, dialect)
    try:
        outputs = resolve(tree, dialect)
    except RecursionError:
        raise too_large() from None
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
