"""Rows of a Markdown table: alone they are values without names, so they are read with the table's head."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# A head names columns: what is longer names none that a row can be read with.
HEAD_MAX = 500
NO_HEAD, IS_HEAD = -1, -2
_RULE_MARKS = frozenset("|:- \t")


def is_rule(line: str) -> bool:
    """Return whether a line is the rule between a table's head and its rows."""
    return "--" in line and "|" in line and _RULE_MARKS.issuperset(line)


def is_row(text: str) -> bool:
    """Return whether a line is a row of a table."""
    return text.lstrip().startswith("|")


def head_line(text: str, at: int) -> str:
    """Return the head of a table that begins at an offset, at most HEAD_MAX characters."""
    return text[at : at + HEAD_MAX].split("\n", 1)[0]


def heads(text: str, starts: Sequence[int]) -> list[int]:
    """Return for what begins at each of the `starts` the offset of its table's head line.

    NO_HEAD for what stands in no row below a head, IS_HEAD for the head itself. One pass over the text, however
    long its tables are.
    """
    begins, found = _heads_of_lines(text)
    lines = np.searchsorted(begins, np.array(starts, dtype=np.int64), side="right") - 1
    at: list[int] = np.where(found[lines] == begins[lines], IS_HEAD, found[lines]).tolist()
    return at


def _heads_of_lines(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each line begins and where its table's head does: the last row above it that has a rule below."""
    begins, found = [], []
    position, head = 0, NO_HEAD
    lines = text.split("\n")
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if not is_row(line):
            head = NO_HEAD
        elif is_rule(below) and not is_rule(line):
            head = position
        begins.append(position)
        found.append(head)
        position += len(line) + 1
    return np.array(begins, dtype=np.int64), np.array(found, dtype=np.int64)


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
