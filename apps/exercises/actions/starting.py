"""The starting set of exercises, and what is taken back with a company."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from apps.audit.actions import Actor
from apps.common.db import unit_of_work
from apps.companies.models import Company
from apps.exercises.actions.demo import clear_demo_practice, furnish_demo
from apps.exercises.actions.writing import ExerciseData, write_exercise
from apps.exercises.models import Exercise
from apps.users.models import User
from ledger.money import MINOR_PER_UNIT

_FILE = Path(__file__).resolve().parents[1] / "data" / "ejercicios.json"
Json = Mapping[str, Any]


@unit_of_work
def load_starting_exercises(*, company: Company, acting_user: User | None = None) -> int:
    """Give a company the exercises of the starting set that it lacks, dated this year; return how many.

    They speak of the company's own chart. In the demo the first of them are given and some solved.
    Raises SolutionsInvalid where the chart lacks accounts of the default plan that they name.
    """
    loaded = Exercise.objects.filter(company=company).exclude(starting_key="")
    known = set(loaded.values_list("starting_key", flat=True))
    missing = [found for found in json.loads(_FILE.read_text(encoding="utf-8")) if found["key"] not in known]
    year = timezone.localdate().year
    # The list shows the newest first: the first exercise comes last.
    written = [
        write_exercise(_data(found, year, company), acting_user=acting_user, company=company, starting_key=found["key"])
        for found in reversed(missing)
    ]
    if company.is_demo and written:
        furnish_demo(written[::-1], company)
    return len(written)


def clear_exercises(company: Company, *, acting_user: Actor | None) -> int:  # noqa: ARG001 - a removal step's signature
    """Delete a company's exercises before the company is; those given to students stay, save in the demo.

    The company's deletion meets them then, and is refused.
    """
    if company.is_demo:
        clear_demo_practice(company)
    rows = Exercise.objects.filter(company=company, assignments=None)
    return rows.delete()[0]


def _data(found: Json, year: int, company: Company) -> ExerciseData:
    return {
        "plan": None if company.is_default else company,
        "title": found["title"],
        "statement": found["statement"].replace("{year}", str(year)),
        "tolerance": 0,
        "solutions": [
            [_entry(entry, year) for entry in entries] for entries in [found["expected"], *found.get("others", [])]
        ],
    }


def _entry(found: Json, year: int) -> Json:
    return {
        "label": found["label"], "points": found["points"],
        "date_from": f"{year}-{found['from']}", "date_to": f"{year}-{found['to']}",
        "alternatives": [
            {"lines": [*_lines(way["debe"], "debit"), *_lines(way["haber"], "credit")]} for way in found["ways"]
        ],
    }


def _lines(amounts: Mapping[str, int], side: str) -> Iterator[Json]:
    """Yield lines from pesos by code."""
    for code, pesos in amounts.items():
        yield {"account": code, "debit": 0, "credit": 0, side: pesos * MINOR_PER_UNIT}
