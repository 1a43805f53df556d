"""Writing SQL: literals quoted, clauses in their order."""

from __future__ import annotations

from collections.abc import Sequence

from services.consultorIA.amounts import Bounds


def literal(text: str) -> str:
    """Return a text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def any_of(column: str, values: Sequence[str]) -> str:
    """Return the condition that a column is one of the values."""
    if len(values) == 1:
        return f"{column} = {literal(values[0])}"
    return f"{column} IN ({', '.join(map(literal, values))})"


def bounded(expression: str, bounds: Bounds | None) -> list[str]:
    """Return the conditions that an expression keeps within bounds."""
    if bounds is None:
        return []
    low, high = bounds.low, bounds.high
    if low is not None and low == high:
        return [f"{expression} = {low}"]
    if low is not None and high is not None and not bounds.strict:
        return [f"{expression} BETWEEN {low} AND {high}"]
    than = "" if bounds.strict else "="
    return ([f"{expression} >{than} {low}"] if low is not None else []) + (
        [f"{expression} <{than} {high}"] if high is not None else []
    )


def select(  # noqa: PLR0917 - the clauses in SQL's own order
    columns: Sequence[str],
    source: str,
    where: Sequence[str] = (),
    group: Sequence[str] = (),
    having: Sequence[str] = (),
    order: Sequence[str] = (),
    limit: int | None = None,
) -> str:
    """Return a SELECT; empty clauses are left out, conditions joined by AND."""
    parts = ["SELECT", ", ".join(columns), "FROM", source]
    for word, items, joint in (
        ("WHERE", where, " AND "),
        ("GROUP BY", group, ", "),
        ("HAVING", having, " AND "),
        ("ORDER BY", order, ", "),
    ):
        if items:
            parts += [word, joint.join(items)]
    return " ".join([*parts, "LIMIT", str(limit)] if limit else parts)
