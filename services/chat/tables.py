"""Rows of a Markdown table: alone they are values without names, so they are read with the table's head."""

from __future__ import annotations

import re

_RULE = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*\|?\s*")


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
        if _RULE.fullmatch(below):
            return line
        below = line
        end = begin - 1
    return ""


def is_head(text: str, start: int) -> bool:
    """Return whether the row at `start` is its table's head: a rule follows it."""
    close = text.find("\n", start)
    following = text[close + 1 :].split("\n", 1)[0] if close >= 0 else ""
    return bool(_RULE.fullmatch(following))


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
