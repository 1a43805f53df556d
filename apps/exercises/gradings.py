"""Grading submissions, and the grade as JSON (`ledger.grading.Grade`, field by field)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from apps.exercises import snapshots, solutions
from apps.exercises.models import Exercise
from ledger.grading import Card, Effect, EntryGrade, Fault, Grade, Surplus, grade


def grade_snapshot(snapshot: snapshots.Snapshot, exercise: Exercise, plan: Mapping[str, Card]) -> Grade:
    """Return the grade of what was handed in; `plan` is what is known of the plan's accounts."""
    chart = {**snapshots.cards(snapshot), **plan}
    return grade(snapshots.asientos(snapshot), solutions.key_of(exercise), chart)


def write(found: Grade) -> dict[str, Any]:
    """Return the JSON of a grade."""
    return asdict(found)


def read(found: Mapping[str, Any]) -> Grade:
    """Return a grade from its JSON."""
    entries = tuple(
        replace(
            EntryGrade(**entry), refs=tuple(entry["refs"]), effect=Effect(**entry["effect"]),
            period_effect=Effect(**entry.get("period_effect", {})),  # older grades have none
            faults=tuple(Fault(**fault) for fault in entry["faults"]),
        )
        for entry in found["entries"]
    )
    surplus = tuple(replace(Surplus(**extra), effect=Effect(**extra["effect"])) for extra in found["surplus"])
    return Grade(
        found["earned"], found["points"], found["solution"], entries, surplus, Effect(**found["effect"])
    )
