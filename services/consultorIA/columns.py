"""Which column each name of a statement means, and of what kind each column of its result is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlglot import exp

from services.consultorIA.catalog import VIEWS, Kind
from services.consultorIA.dialects import POSTGRES
from services.consultorIA.errors import NotAllowed
from services.consultorIA.kinds import kind_of

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


@dataclass
class _Scope:
    """What names mean inside one SELECT: its sources by name, and the scope around it."""

    common: Mapping[str, _Query]
    outer: _Scope | None = None
    sources: dict[str, list[_Output]] = field(default_factory=dict)
    aliases: dict[str, _Output] = field(default_factory=dict)
    weight: int = 0
    using: set[str] = field(default_factory=set)
    dialect: str = ""

    def __post_init__(self) -> None:
        if self.outer is not None:
            self.dialect = self.outer.dialect

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
            return self._all()
        if table.lower() not in self.sources:
            raise NotAllowed(f"table {table[:60]} not found")
        return self.sources[table.lower()]
    def _all(self) -> list[_Output]:
        """Return the columns of all sources; those of USING once, which PostgreSQL tells first."""
        seen: set[str] = set()
        found: list[_Output] = []
        for outputs in self.sources.values():
            for output in outputs:
                name = output.name.lower()
                if name not in self.using or name not in seen:
                    found.append(output)
                    seen.add(name)
        if self.dialect == POSTGRES:
            found.sort(key=lambda output: output.name.lower() not in self.using)  # stable
        return found


def resolve(query: exp.Query, dialect: str) -> Outputs:
    """Return the columns of a query's result; NotAllowed where a name means nothing that may be read."""
    around = _Scope({}, dialect=dialect)
    return [(name, kind) for name, kind, _weight in _query(query, {}, around).outputs]


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
            scope.using.add(name.name.lower())
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
    return kind_of(node, parts)


def _children(node: exp.Expr) -> Iterator[exp.Expr]:
    return (child for child in node.iter_expressions() if not isinstance(child, (exp.Identifier, exp.DataType)))
