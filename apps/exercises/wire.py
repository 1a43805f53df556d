"""From what a teacher sends to what an exercise keeps."""

from __future__ import annotations

from typing import Any

from apps.exercises.actions import ExerciseData
from apps.exercises.models import Exercise
from ledger.grading import Asiento, CodedLine


def exercise_data(sent: dict[str, Any]) -> ExerciseData:
    """Return the data of a whole exercise from a valid body: what it leaves out has its default."""
    return {
        "title": sent["title"], "statement": sent["statement"], "plan": sent.get("plan"),
        "tolerance": sent.get("tolerance", 0),
        "solutions": [_plain(sent["expected"]), *_plain(sent.get("other_solutions", []))],
    }


def exercise_changes(sent: dict[str, Any], exercise: Exercise) -> ExerciseData:
    """Return what changes of an exercise from a valid body: what it leaves out stays."""
    data: ExerciseData = {}
    for name in ("title", "statement", "plan", "tolerance"):
        if name in sent:
            data[name] = sent[name]
    if "expected" in sent or "other_solutions" in sent:
        first, *others = exercise.solutions
        data["solutions"] = [_plain(sent.get("expected", first)), *_plain(sent.get("other_solutions", others))]
    return data


def trial(sent: dict[str, Any]) -> list[Asiento]:
    """Return the transactions of a valid body as grading takes them, numbered from 1."""
    return [
        Asiento(number, entry["date"], tuple(
            CodedLine(line["account"], line["debit"], line["credit"]) for line in entry["lines"]
        ))
        for number, entry in enumerate(sent["entries"], start=1)
    ]


def _plain(value: Any) -> Any:
    """Return validated data as JSON has it: dates as ISO texts."""
    if isinstance(value, dict):
        return {name: _plain(found) for name, found in value.items()}
    if isinstance(value, list):
        return [_plain(found) for found in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
