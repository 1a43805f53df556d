"""Which column each name of a statement means, and of what kind each column of its result is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from services.consultorIA.catalog import VIEWS, Kind
from services.consultorIA.errors import NotAllowed

Outputs = list[tuple[str, Kind | None]]  # None: the value tells (a sum of unknowns, a NULL)

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

    common: Mapping[str, Outputs]
    outer: _Scope | None = None
    sources: dict[str, Outputs] = field(default_factory=dict)
    aliases: dict[str, Kind | None] = field(default_factory=dict)

    def kind_of(self, column: exp.Column) -> Kind | None:
        """Return the kind of a column; NotAllowed when no source here or around has it."""
        name, table = column.name.lower(), column.table.lower()
        scope: _Scope | None = self
        while scope is not None:
            for source, outputs in scope.sources.items():
                if not table or source == table:
                    for output, kind in outputs:
                        if output.lower() == name:
                            return kind
            if not table and name in scope.aliases:
                return scope.aliases[name]
            scope = scope.outer
        shown = f"{column.table}.{column.name}" if table else column.name
        raise NotAllowed(f"column {shown[:60]} not found", f"La columna «{shown[:60]}» no existe o no está permitida.")

    def star(self, table: str) -> Outputs:
        """Return all columns of a source, or of all of them; NotAllowed when there is no such source."""
        if not table:
            return [output for outputs in self.sources.values() for output in outputs]
        if table.lower() not in self.sources:
            raise NotAllowed(f"table {table[:60]} not found")
        return self.sources[table.lower()]


def resolve(query: exp.Query) -> Outputs:
    """Return the columns of a query's result; NotAllowed where a name means nothing that may be read."""
    return _query(query, {}, None)


def _query(query: exp.Expr, common: Mapping[str, Outputs], outer: _Scope | None) -> Outputs:
    common = dict(common)
    for cte in query.args["with_"].expressions if query.args.get("with_") else []:
        common[cte.alias.lower()] = _renamed(_query(cte.this, common, outer), cte)
    if isinstance(query, exp.Subquery):
        return _query(query.this, common, outer)
    if isinstance(query, exp.SetOperation):
        outputs = _either(_query(query.left, common, outer), _query(query.right, common, outer))
        # ORDER BY of the whole names its columns.
        rest = _Scope(common, outer, {"": outputs})
        for part in ("order", "limit", "offset"):
            _visit(query.args.get(part), rest)
        return outputs
    return _select(query, common, outer)


def _either(left: Outputs, right: Outputs) -> Outputs:
    if len(left) != len(right):
        raise NotAllowed("the parts of a UNION have different columns", "Las partes del UNION no coinciden.")
    return [(name, first or second) for (name, first), (_name, second) in zip(left, right, strict=True)]


def _renamed(outputs: Outputs, holder: exp.Expr) -> Outputs:
    alias = holder.args.get("alias")
    names = [column.name for column in alias.args.get("columns") or []] if isinstance(alias, exp.TableAlias) else []
    return [(new, kind) for new, (_old, kind) in zip(names, outputs, strict=False)] + outputs[len(names):]


def _select(select: exp.Expr, common: Mapping[str, Outputs], outer: _Scope | None) -> Outputs:
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
    outputs: Outputs = []
    for item in select.expressions:
        outputs += _item(item, scope)
    scope.aliases = {name.lower(): kind for name, kind in outputs if name}
    for part in ("distinct", "where", "group", "having", "order", "limit", "offset"):
        _visit(select.args.get(part), scope)
    for window in select.args.get("windows") or []:
        _visit(window, scope)
    return outputs


def _add_source(source: exp.Expr, scope: _Scope) -> None:
    if isinstance(source, exp.Subquery):
        outputs = _query(source, scope.common, scope.outer)
    elif isinstance(source, exp.Table):
        outputs = _columns_of(source.name.lower(), scope)
    else:
        raise NotAllowed(f"{type(source).__name__} in FROM not allowed")
    alias = (source.alias_or_name or f"?{len(scope.sources)}").lower()
    if alias in scope.sources:
        raise NotAllowed(f"table {alias[:60]} named twice", f"La tabla «{alias[:60]}» está nombrada dos veces.")
    scope.sources[alias] = _renamed(outputs, source)
    for join in source.args.get("joins") or []:
        _add_source(join.this, scope)
        _visit(join.args.get("on"), scope)


def _columns_of(table: str, scope: _Scope) -> Outputs:
    """Return a table's columns: of a CTE where one is in sight (not within its own body), else of a view."""
    if table in scope.common:
        return scope.common[table]
    if table not in VIEWS:
        raise NotAllowed(f"table {table[:60]} not allowed", f"La tabla «{table[:60]}» no está permitida.")
    return list(VIEWS[table].kinds.items())


def _item(item: exp.Expr, scope: _Scope) -> Outputs:
    if isinstance(item, exp.Star):
        return scope.star("")
    if isinstance(item, exp.Column) and isinstance(item.this, exp.Star):
        return scope.star(item.table)
    named = isinstance(item, (exp.Alias, exp.Column))
    return [(item.alias_or_name if named else item.sql(comments=False)[:NAME_CHARS_MAX], _visit(item, scope))]


def _visit(node: exp.Expr | None, scope: _Scope) -> Kind | None:
    """Resolve every name under a node; return the kind of its value."""
    if node is None:
        return None
    if isinstance(node, exp.Column):
        return None if isinstance(node.this, exp.Star) else scope.kind_of(node)
    if isinstance(node, (exp.Subquery, exp.Query)):
        outputs = _query(node, scope.common, scope)
        return outputs[0][1] if outputs else None
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
