"""Which column each name of a statement means, and of what kind each column of its result is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlglot import exp

from services.consultorIA.catalog import VIEWS, Kind
from services.consultorIA.errors import NotAllowed

Outputs = list[tuple[str, Kind | None]]  # None: the value tells (a sum of unknowns, a NULL)

# An engine that writes the expression of a CTE's column in the place of its name, and does so level
# by level, makes of a short statement one of millions of nodes, and no limit of time stops it there.
WEIGHT_MAX = 20_000


class _Output(NamedTuple):
    """A column of a query, and how many nodes it is once all names are written out."""

    name: str
    kind: Kind | None
    weight: int


@dataclass(frozen=True, slots=True)
class _Query:
    """A query's columns, and how many nodes all of it is."""

    outputs: list[_Output]
    weight: int

NAME_CHARS_MAX = 60

_COUNTS = (
    exp.Count, exp.RowNumber, exp.Rank, exp.DenseRank, exp.Ntile, exp.Length, exp.StrPosition, exp.Grouping,
)
_NUMBERS = (exp.PercentRank, exp.CumeDist, exp.Sign, exp.Mod, exp.Extract)
_TEXTS = (
    exp.Upper, exp.Lower, exp.Trim, exp.Substring, exp.Left, exp.Right, exp.Replace, exp.Concat, exp.DPipe,
    exp.GroupConcat,
)
_DATES = (exp.CurrentDate, exp.Date, exp.TimestampTrunc, exp.DateTrunc)
_NUMERIC = frozenset({
    exp.DType.INT, exp.DType.BIGINT, exp.DType.SMALLINT, exp.DType.FLOAT, exp.DType.DOUBLE, exp.DType.DECIMAL,
})
_MONTH_FORMATS = {"%Y-%m"}
_QUANTITIES = {Kind.MONEY, Kind.NUMBER, Kind.COUNT}


@dataclass
class _Scope:
    """What names mean inside one SELECT: its sources by name, and the scope around it."""

    common: Mapping[str, _Query]
    outer: _Scope | None = None
    sources: dict[str, list[_Output]] = field(default_factory=dict)
    aliases: dict[str, _Output] = field(default_factory=dict)
    weight: int = 0

    def weigh(self, nodes: int) -> None:
        """Add to what the query is once written out; NotAllowed when that is too much."""
        self.weight += nodes
        if self.weight > WEIGHT_MAX:
            raise NotAllowed("statement too large once written out", "La consulta es demasiado grande: dividila.")

    def kind_of(self, column: exp.Column) -> Kind | None:
        """Return the kind of a column, weighing it; NotAllowed when no source here or around has it."""
        found = self._find(column)
        self.weigh(found.weight)
        return found.kind

    def _find(self, column: exp.Column) -> _Output:
        name, table = column.name.lower(), column.table.lower()
        scope: _Scope | None = self
        while scope is not None:
            for source, outputs in scope.sources.items():
                if not table or source == table:
                    for output in outputs:
                        if output.name.lower() == name:
                            return output
            if not table and name in scope.aliases:
                return scope.aliases[name]
            scope = scope.outer
        shown = f"{column.table}.{column.name}" if table else column.name
        raise NotAllowed(f"column {shown[:60]} not found", f"La columna «{shown[:60]}» no existe o no está permitida.")

    def star(self, table: str) -> list[_Output]:
        """Return all columns of a source, or of all of them; NotAllowed when there is no such source."""
        if not table:
            return [output for outputs in self.sources.values() for output in outputs]
        if table.lower() not in self.sources:
            raise NotAllowed(f"table {table[:60]} not found")
        return self.sources[table.lower()]


def resolve(query: exp.Query) -> Outputs:
    """Return the columns of a query's result; NotAllowed where a name means nothing that may be read."""
    return [(name, kind) for name, kind, _weight in _query(query, {}, None).outputs]


def _query(query: exp.Expr, common: Mapping[str, _Query], outer: _Scope | None) -> _Query:
    common = dict(common)
    for cte in query.args["with_"].expressions if query.args.get("with_") else []:
        common[cte.alias.lower()] = _renamed(_query(cte.this, common, outer), cte)
    if isinstance(query, exp.Subquery):
        return _query(query.this, common, outer)
    if isinstance(query, exp.SetOperation):
        return _both(query, common, outer)
    return _select(query, common, outer)


def _both(query: exp.SetOperation, common: Mapping[str, _Query], outer: _Scope | None) -> _Query:
    left, right = _query(query.left, common, outer), _query(query.right, common, outer)
    if len(left.outputs) != len(right.outputs):
        raise NotAllowed("the parts of a UNION have different columns", "Las partes del UNION no coinciden.")
    outputs = [
        _Output(first.name, first.kind or second.kind, first.weight + second.weight)
        for first, second in zip(left.outputs, right.outputs, strict=True)
    ]
    # ORDER BY of the whole names its columns.
    rest = _Scope(common, outer, {"": outputs})
    rest.weigh(left.weight + right.weight)
    for part in ("order", "limit", "offset"):
        _visit(query.args.get(part), rest)
    return _Query(outputs, rest.weight)


def _renamed(query: _Query, holder: exp.Expr) -> _Query:
    alias = holder.args.get("alias")
    names = [column.name for column in alias.args.get("columns") or []] if isinstance(alias, exp.TableAlias) else []
    renamed = [output._replace(name=new) for new, output in zip(names, query.outputs, strict=False)]
    return _Query(renamed + query.outputs[len(names):], query.weight)


def _select(select: exp.Expr, common: Mapping[str, _Query], outer: _Scope | None) -> _Query:
    scope = _Scope(common, outer)
    start = select.args.get("from_")
    sources = [start.this] if start else []
    joins = select.args.get("joins") or []
    for source in [*sources, *(join.this for join in joins)]:
        _add_source(source, scope)
    for join in joins:
        _visit(join.args.get("on"), scope)
        for name in join.args.get("using") or []:
            scope.kind_of(exp.column(name.name))
    outputs: list[_Output] = []
    for item in select.expressions:
        outputs += _item(item, scope)
    scope.aliases = {output.name.lower(): output for output in outputs}
    for part in ("distinct", "where", "group", "having", "order", "limit", "offset"):
        _visit(select.args.get(part), scope)
    for window in select.args.get("windows") or []:
        _visit(window, scope)
    return _Query(outputs, scope.weight)


def _add_source(source: exp.Expr, scope: _Scope) -> None:
    if isinstance(source, exp.Subquery):
        query = _query(source, scope.common, scope.outer)
    elif isinstance(source, exp.Table):
        query = _table(source.name.lower(), scope)
    else:
        raise NotAllowed(f"{type(source).__name__} in FROM not allowed")
    alias = (source.alias_or_name or f"?{len(scope.sources)}").lower()
    if alias in scope.sources:
        raise NotAllowed(f"table {alias[:60]} named twice", f"La tabla «{alias[:60]}» está nombrada dos veces.")
    scope.weigh(query.weight)
    scope.sources[alias] = _renamed(query, source).outputs
    for join in source.args.get("joins") or []:
        _add_source(join.this, scope)
        _visit(join.args.get("on"), scope)


def _table(table: str, scope: _Scope) -> _Query:
    """Return a table's columns: of a CTE where one is in sight (not within its own body), else of a view."""
    if table in scope.common:
        return scope.common[table]
    if table not in VIEWS:
        raise NotAllowed(f"table {table[:60]} not allowed", f"La tabla «{table[:60]}» no está permitida.")
    columns = VIEWS[table].columns
    return _Query([_Output(column.name, column.kind, 1 + len(column.source) // 20) for column in columns], 10)


def _item(item: exp.Expr, scope: _Scope) -> list[_Output]:
    if isinstance(item, exp.Star):
        return scope.star("")
    if isinstance(item, exp.Column) and isinstance(item.this, exp.Star):
        return scope.star(item.table)
    named = isinstance(item, (exp.Alias, exp.Column))
    name = item.alias_or_name if named else item.sql(comments=False)[:NAME_CHARS_MAX]
    before = scope.weight
    kind = _visit(item, scope)
    return [_Output(name, kind, scope.weight - before)]


def _visit(node: exp.Expr | None, scope: _Scope) -> Kind | None:
    """Resolve every name under a node; return the kind of its value."""
    if node is None:
        return None
    if isinstance(node, exp.Column):
        return None if isinstance(node.this, exp.Star) else scope.kind_of(node)
    scope.weigh(1)
    if isinstance(node, (exp.Subquery, exp.Query)):
        query = _query(node, scope.common, scope)
        scope.weigh(query.weight)
        return query.outputs[0].kind if query.outputs else None
    if isinstance(node, exp.Window) and isinstance(node.args.get("alias"), exp.Identifier):
        parts = [_visit(node.this, scope)]
    else:
        parts = [_visit(child, scope) for child in _children(node)]
    return _kind(node, parts)


def _children(node: exp.Expr) -> Iterator[exp.Expr]:
    return (child for child in node.iter_expressions() if not isinstance(child, (exp.Identifier, exp.DataType)))


def _kind(node: exp.Expr, parts: list[Kind | None]) -> Kind | None:
    known = [part for part in parts if part is not None]
    if isinstance(node, exp.Literal):
        return Kind.TEXT if node.is_string else Kind.NUMBER
    if isinstance(node, exp.Cast):
        return _cast(node, parts[0] if parts else None)
    if isinstance(node, _COUNTS):
        return Kind.COUNT
    if isinstance(node, _NUMBERS):
        return Kind.NUMBER
    if isinstance(node, exp.TimeToStr):
        return Kind.MONTH if node.args["format"].name in _MONTH_FORMATS else Kind.TEXT
    if isinstance(node, _TEXTS):
        return Kind.TEXT
    if isinstance(node, exp.Anonymous):
        return {"date": Kind.DATE, "julianday": Kind.NUMBER}.get(node.name.lower(), known[0] if known else None)
    if isinstance(node, _DATES):
        return Kind.DATE
    if isinstance(node, (exp.Add, exp.Sub, exp.Mul, exp.Div)):
        return _arithmetic(node, parts)
    if isinstance(node, exp.Case):
        return _first([_branch for _branch in parts[bool(node.args.get("this")):] if _branch])
    if isinstance(node, exp.If):
        return parts[1] if len(parts) > 1 else None
    if isinstance(node, (exp.Sum, exp.Avg)) and known and known[0] not in _QUANTITIES:
        return Kind.NUMBER
    if isinstance(node, exp.WithinGroup):
        return parts[-1]
    if isinstance(node, exp.Predicate):
        return Kind.NUMBER  # 1 or 0
    return _first(known)


def _first(kinds: list[Kind]) -> Kind | None:
    """Return the kind of several that one value may come from: money before a bare number such as 0."""
    return next((kind for kind in kinds if kind is not Kind.NUMBER), kinds[0] if kinds else None)


def _cast(node: exp.Cast, inner: Kind | None) -> Kind | None:
    to = node.to.this
    if to in _NUMERIC:
        return inner if inner in _QUANTITIES else Kind.NUMBER
    return Kind.DATE if to is exp.DType.DATE else Kind.TEXT


def _arithmetic(node: exp.Expr, parts: list[Kind | None]) -> Kind | None:
    left, right = [*parts, None, None][:2]
    money = Kind.MONEY in (left, right)
    if isinstance(node, exp.Div):
        return Kind.MONEY if left is Kind.MONEY and right is not Kind.MONEY else Kind.NUMBER
    if isinstance(node, exp.Mul):
        return Kind.MONEY if money and left is not right else Kind.NUMBER
    if Kind.DATE in (left, right):
        return Kind.NUMBER if left is right else Kind.DATE
    if money:
        return Kind.MONEY
    return Kind.COUNT if left is right is Kind.COUNT else Kind.NUMBER
