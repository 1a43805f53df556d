"""What is written anew from a statement's tree to be run: bounded in rows and cells, and of one company."""

from __future__ import annotations

from sqlglot import exp

from services.consultorIA.catalog import VIEWS
from services.consultorIA.dialects import COMPANY_COLUMN, POSTGRES, SCHEMA
from services.consultorIA.sql_validator import Statement

CELL_BYTES_MAX = 64 * 1024
# Makes PostgreSQL read '9e131000' as what it is, too large, rather than as 131,000 digits.
_DIGITS, _DECIMALS = 38, 10
_GROWING = (exp.DPipe, exp.Concat, exp.Replace, exp.GroupConcat)


def bounded(statement: Statement, rows_max: int) -> exp.Query:
    """Return a copy of the tree that answers at most `rows_max` rows."""
    tree = statement.tree.copy()
    fetch = tree.args.get("limit")
    asked = rows_max
    if fetch is not None:
        asked = int((fetch.args.get("count") or fetch.args.get("expression")).name)
    return tree.limit(min(asked, rows_max), copy=False)


def for_sqlite(statement: Statement, rows_max: int) -> str:
    """Return what runs on SQLite, where the views of a connection are of one company already."""
    return bounded(statement, rows_max).sql(dialect=statement.dialect, comments=False)


def for_postgresql(statement: Statement, rows_max: int, company_id: int) -> str:
    """Return what runs on PostgreSQL: each view with the company's number, growing texts cut.

    A text is cut one character beyond what a cell may hold, so that the reader sees that it was.
    """
    tree = bounded(statement, rows_max)
    common = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for table in list(tree.find_all(exp.Table)):
        if table.name.lower() not in common:
            table.replace(_of_company(table, company_id))
    for cast in list(tree.find_all(exp.Cast)):
        if cast.to.this is exp.DType.DECIMAL and not cast.to.expressions:
            cast.set("to", exp.DataType.build(f"DECIMAL({_DIGITS}, {_DECIMALS})", dialect=POSTGRES))
    for node in list(tree.find_all(*_GROWING)):
        _cut(node)
    return tree.sql(dialect=POSTGRES, comments=False)


def _of_company(table: exp.Table, company_id: int) -> exp.Expr:
    view = VIEWS[table.name.lower()]
    inner = (
        exp.select(*(column.name for column in view.columns))
        .from_(exp.table_(view.name, db=SCHEMA))
        .where(exp.column(COMPANY_COLUMN).eq(exp.Literal.number(company_id)))
    )
    alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(view.name))
    return exp.Subquery(this=inner, alias=alias.copy(), joins=[join.copy() for join in table.args.get("joins") or []])


def _cut(node: exp.Expr) -> None:
    whole = node.parent if isinstance(node.parent, (exp.Filter, exp.Window, exp.WithinGroup)) else node
    while isinstance(whole.parent, (exp.Filter, exp.Window)) and whole.parent.this is whole:
        whole = whole.parent
    if isinstance(whole.parent, exp.DPipe):
        return  # a part of a longer chain, which is cut as a whole
    whole.replace(exp.Left(this=whole.copy(), expression=exp.Literal.number(CELL_BYTES_MAX + 1)))
