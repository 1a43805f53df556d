"""What a statement may be made of: an allow-list of syntax nodes, functions, types and units.

Anything that is not here is refused, whatever it is called. What could sleep, write, read a file or a
catalogue, run text as SQL, or make a large value of a small one has no place in the lists.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from services.consultorIA.dialects import POSTGRES, SQLITE

QUERIES: tuple[type[exp.Expr], ...] = (exp.Select, exp.Union, exp.Intersect, exp.Except)

_SHAPE: set[type[exp.Expr]] = {
    *QUERIES, exp.Subquery, exp.With, exp.CTE, exp.From, exp.Join, exp.Table, exp.TableAlias, exp.Where, exp.Group,
    exp.Rollup, exp.Cube, exp.GroupingSets, exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Offset, exp.Fetch,
    exp.LimitOptions, exp.Distinct, exp.Alias, exp.Column, exp.Star, exp.Identifier, exp.Paren, exp.Tuple,
    exp.Window, exp.WindowSpec, exp.Filter, exp.WithinGroup,
}
_VALUES: set[type[exp.Expr]] = {
    exp.Literal, exp.Null, exp.Boolean, exp.Cast, exp.DataType, exp.DataTypeParam, exp.Interval, exp.Var, exp.Case,
    exp.If, exp.Neg, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.DPipe,
}
_CONDITIONS: set[type[exp.Expr]] = {
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between, exp.Like,
    exp.ILike, exp.Escape, exp.Exists, exp.NullSafeEQ, exp.NullSafeNEQ,
}
_FUNCTIONS: set[type[exp.Expr]] = {
    exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.GroupConcat, exp.Stddev, exp.PercentileCont,
    exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist, exp.Ntile, exp.Lag, exp.Lead,
    exp.FirstValue, exp.LastValue, exp.Grouping,
    exp.Abs, exp.Round, exp.Ceil, exp.Floor, exp.Sign, exp.Greatest, exp.Least, exp.Coalesce, exp.Nullif,
    exp.Upper, exp.Lower, exp.Trim, exp.Length, exp.Substring, exp.Left, exp.Right, exp.Replace, exp.Concat,
    exp.StrPosition,
    exp.CurrentDate, exp.CurrentTimestamp, exp.Date, exp.TimeToStr, exp.TsOrDsToTimestamp, exp.TimestampTrunc,
    exp.DateTrunc, exp.Extract,
}
NODES = frozenset(_SHAPE | _VALUES | _CONDITIONS | _FUNCTIONS)

# Functions that sqlglot has no class for.
NAMED: Mapping[str, frozenset[str]] = {
    SQLITE: frozenset({"date", "julianday", "total"}),
    POSTGRES: frozenset(),
}
TYPES = frozenset({
    exp.DType.INT, exp.DType.BIGINT, exp.DType.SMALLINT, exp.DType.FLOAT, exp.DType.DOUBLE, exp.DType.DECIMAL,
    exp.DType.TEXT, exp.DType.VARCHAR, exp.DType.CHAR, exp.DType.DATE, exp.DType.TIMESTAMP, exp.DType.BOOLEAN,
})
# Of intervals, DATE_TRUNC and EXTRACT.
WORDS = frozenset({
    "YEAR", "YEARS", "QUARTER", "MONTH", "MONTHS", "WEEK", "WEEKS", "DAY", "DAYS", "DOW", "DOY", "ISODOW", "HOUR",
})
