"""The solutions of an exercise between their JSON and the rules of grading.

JSON: a list of solutions, each a list of expected asientos `{label, points, date_from, date_to,
alternatives: [{date_from, date_to, lines: [{account, debit, credit}]}]}`; accounts by code, amounts
in centavos, dates ISO or null.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apps.accounts.models import Account
from apps.common.text import fold
from apps.companies.models import Company
from apps.companies.queries import default_company
from apps.exercises.models import Exercise
from ledger.grading import Alternative, Card, CodedLine, Dates, ExpectedEntry, Key, Solution

Json = Mapping[str, Any]


def key_of(exercise: Exercise) -> Key:
    """Return the exercise's key."""
    return Key(tuple(read_solution(entries) for entries in exercise.solutions), exercise.tolerance)


def read_solution(entries: Iterable[Json]) -> Solution:
    """Return a solution from its JSON."""
    return Solution(tuple(
        ExpectedEntry(
            entry["label"], entry["points"], tuple(_alternative(found) for found in entry["alternatives"]),
            _dates(entry) or Dates(),
        )
        for entry in entries
    ))


def write_solution(solution: Solution) -> list[dict[str, Any]]:
    """Return the JSON of a solution."""
    return [
        {
            "label": entry.label, "points": entry.points, **_write_dates(entry.dates),
            "alternatives": [write_alternative(found) for found in entry.alternatives],
        }
        for entry in solution.entries
    ]


def write_alternative(alternative: Alternative) -> dict[str, Any]:
    """Return the JSON of an alternative."""
    lines = [{"account": line.code, "debit": line.debit, "credit": line.credit} for line in alternative.lines]
    return {**_write_dates(alternative.dates or Dates()), "lines": lines}


def plan_of(exercise: Exercise) -> Company:
    """Return the company whose chart the exercise speaks of."""
    return exercise.plan or default_company()


def cards_of(company: Company) -> dict[str, Card]:
    """Return what grading knows of a company's accounts, by code."""
    rows = Account.objects.filter(company=company, postable=True).order_by()
    return {
        code: Card(name, kind, rubro or "", vat=is_vat(name))
        for code, name, kind, rubro in rows.values_list("code", "name", "kind", "parent__code")
    }


def is_vat(name: str) -> bool:
    """Return whether an account's name says that it carries IVA."""
    return "iva" in fold(name).replace(".", "").split()


def codes_of(solutions: Sequence[Iterable[Json]]) -> set[str]:
    """Return the codes of all accounts that the solutions name."""
    return {
        line["account"]
        for entries in solutions for entry in entries for found in entry["alternatives"] for line in found["lines"]
    }


def _alternative(found: Json) -> Alternative:
    lines = tuple(CodedLine(line["account"], line["debit"], line["credit"]) for line in found["lines"])
    return Alternative(lines, _dates(found))


def _dates(found: Json) -> Dates | None:
    """Return the dates where any is given."""
    first, last = found.get("date_from"), found.get("date_to")
    return Dates(_day(first), _day(last)) if first or last else None


def _day(raw: str | None) -> dt.date | None:
    return dt.date.fromisoformat(raw) if raw else None


def _write_dates(dates: Dates) -> dict[str, str | None]:
    return {
        "date_from": dates.first.isoformat() if dates.first else None,
        "date_to": dates.last.isoformat() if dates.last else None,
    }
