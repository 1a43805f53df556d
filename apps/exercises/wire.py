"""From what a teacher sends to what an exercise keeps."""

from __future__ import annotations

from typing import Any

from apps.exercises.actions import ExerciseData
from apps.exercises.models import Exercise


def exercise_data(sent: dict[str, Any], exercise: Exercise | None = None, *, partial: bool = False) -> ExerciseData:
    """Return the data of an exercise from a valid body.

    What a whole body leaves out has its default; what a partial one leaves out stays as `exercise` has it.
    """
    data: ExerciseData = {}
    for name in ("title", "statement", "plan", "tolerance"):
        if name in sent:
            data[name] = sent[name]
    if not partial:
        data.setdefault("plan", None)
        data.setdefault("tolerance", 0)
    if not partial or "expected" in sent or "other_solutions" in sent:
        kept = exercise.solutions if partial and exercise is not None else []
        first = _plain(sent["expected"]) if "expected" in sent else kept[0]
        others = [_plain(entries) for entries in sent["other_solutions"]] if "other_solutions" in sent else kept[1:]
        data["solutions"] = [first, *others]
    return data


def _plain(value: Any) -> Any:
    """Return validated data as JSON has it: dates as ISO texts."""
    if isinstance(value, dict):
        return {name: _plain(found) for name, found in value.items()}
    if isinstance(value, list):
        return [_plain(found) for found in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
