"""Of what kind a value is: a sum of money is money, a quotient of money by money a number, a count a count."""

from __future__ import annotations

from sqlglot import exp

from services.consultorIA.catalog import Kind

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


def kind_of(node: exp.Expr, parts: list[Kind | None]) -> Kind | None:
    """Return the kind of a node's value, given those of its parts; None where only the value tells."""
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
