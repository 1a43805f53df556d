"""Questions to the first Mosaite's assistant, and its answers."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.transfer.first import cells
from apps.transfer.first.desk import Desk
from apps.transfer.first.people import People
from apps.transfer.first.source import Row


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question to be stored, with its answer."""

    row: Row
    who: str | int
    question: str
    answer: str
    sources: list[dict[str, Any]]
    context_used: bool
    response_time: float
    created_at: dt.datetime


def plan(rows: Sequence[Row], desk: Desk, people: People) -> list[NewQuestion]:
    """Return what comes of the questions in the file."""
    new = []
    for row in rows:
        if row.key in desk.here.before("chat_queries"):
            continue
        question, key = _text(row, "question").strip(), cells.key(row.cells.get("user_id"))
        if not question:
            desk.findings.aside(row, "question_missing")
        elif key not in people.who:
            desk.findings.aside(row, "asker_lost", value=key)
        else:
            new.append(NewQuestion(
                row, people.who[key], question, _text(row, "answer"), _sources(row.cells.get("sources")),
                bool(cells.flag(row.cells.get("context_used"), "", "")), _seconds(row.cells.get("response_time")),
                desk.time(row, "created_at"),
            ))
    return new


def _text(row: Row, column: str) -> str:
    cell = row.cells.get(column)
    return "" if cell is None else str(cell)


def _sources(cell: Any) -> list[dict[str, Any]]:
    """Return sources as they are kept here; of text that is no JSON, one source of that name."""
    try:
        read = json.loads(cell) if isinstance(cell, str) and cell.strip() else []
    except ValueError:
        read = [cell]
    listed = read if isinstance(read, list) else [read]
    return [_source(one) for one in listed]


def _source(one: Any) -> dict[str, Any]:
    told = one if isinstance(one, dict) else {"name": one}
    name = told.get("name") or told.get("source") or told.get("document") or ""
    kept = {column: str(told.get(column) or "") for column in ("heading", "quote", "chunk_id")}
    return {"name": str(name), "similarity": _seconds(told.get("similarity")), **kept}


def _seconds(cell: Any) -> float:
    """Return a number, 0 for what is none."""
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return 0.0
    return number if math.isfinite(number) else 0.0
