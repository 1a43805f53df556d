"""Rows of a Markdown table: alone they are values without names, so they are read with the table's head."""

from __future__ import annotations

_RULE_MARKS = frozenset("|:- \t")


def is_rule(line: str) -> bool:
    """Return whether a line is the rule between a table's head and its rows."""
    return "--" in line and "|" in line and _RULE_MARKS.issuperset(line)


def is_row(text: str) -> bool:
    """Return whether a line is a row of a table."""
    return text.lstrip().startswith("|")


def head_of(text: str, start: int) -> str:
    """Return the head of the table that has a row at `start`; the row itself where it is the head, "" for none."""
    end = start
    below = ""
    while end >= 0:
        begin = text.rfind("\n", 0, end) + 1
        close = text.find("\n", begin)
        line = text[begin : close if close >= 0 else len(text)]
        if not is_row(line):
            return ""
        if is_rule(below):
            return line
        below = line
        end = begin - 1
    return ""


def is_head(text: str, start: int) -> bool:
    """Return whether the row at `start` is its table's head: a rule follows it."""
    close = text.find("\n", start)
    following = text[close + 1 :].split("\n", 1)[0] if close >= 0 else ""
    return is_rule(following)


def cells(row: str) -> list[str]:
    """Return a row's cells."""
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def named(row: str, head: str) -> str:
    """Return a row as a sentence: each cell after its column's name, but the first, which says of what the row is."""
    values, names = cells(row), cells(head)
    if len(values) != len(names) or not any(names):
        return "; ".join(value for value in values if value.strip(" -:"))
    first, *others = values
    rest = "; ".join(f"{name}: {value}" if name else value for name, value in zip(names[1:], others, strict=True)
                     if value.strip(" -:"))
    title = f"{names[0]}: {first}" if names[0] else first
    return f"{title}; {rest}" if rest else title
