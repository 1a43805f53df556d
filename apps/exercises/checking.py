"""Whether the solutions of an exercise can stand: balanced asientos on accounts of its plan, within the bounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.common.errors import Invalid
from apps.exercises.models import Exercise
from apps.exercises.solutions import plan_of
from apps.trans.errors import DraftInvalid
from ledger.entries import Draft, Line
from ledger.grading import SOLUTION_LINES_MAX
from ledger.rules import AccountFacts, check

Messages = dict[str, Any]
_ANY_DAY = dt.date(2000, 1, 1)


class SolutionsInvalid(Invalid):
    """A solution breaks a rule; the messages stand where it does."""

    code = "invalid_solutions"


def check_solutions(exercise: Exercise) -> None:
    """Raise SolutionsInvalid for what is wrong; messages as deep as the JSON: solution, asiento, alternative, line."""
    checker = _Checker(exercise)
    faults = [checker.solution(entries) for entries in exercise.solutions]
    if any(faults):
        raise SolutionsInvalid(_by_field(faults))
    if checker.lines > SOLUTION_LINES_MAX:
        text = _("The solutions may have at most %(max)d lines in all.") % {"max": SOLUTION_LINES_MAX}
        raise SolutionsInvalid({"expected": [text]})
    points = {sum(entry["points"] for entry in entries) for entries in exercise.solutions}
    if len(points) > 1:
        raise SolutionsInvalid({"other_solutions": [_("Every solution must be worth the same points in all.")]})


def _by_field(faults: Sequence[list[Messages]]) -> Messages:
    first, *others = faults
    found: Messages = {"expected": first} if any(first) else {}
    if any(any(other) for other in others):
        found["other_solutions"] = others
    return found


class _Checker:
    def __init__(self, exercise: Exercise) -> None:
        rows = Account.objects.filter(company=plan_of(exercise)).order_by()
        self._ids: dict[str, int] = {}
        self._facts: dict[int, AccountFacts] = {}
        for pk, code, postable, active in rows.values_list("pk", "code", "postable", "status"):
            self._ids[code], self._facts[pk] = pk, AccountFacts(postable, active)
        self.lines = 0

    def solution(self, entries: Sequence[Mapping[str, Any]]) -> list[Messages]:
        """Return the messages of each asiento; an empty list where there are none."""
        found = [self._entry(entry) for entry in entries]
        return found if any(found) else []

    def _entry(self, entry: Mapping[str, Any]) -> Messages:
        found = [self._alternative(alternative) for alternative in entry["alternatives"]]
        messages: Messages = {"alternatives": found} if any(found) else {}
        return messages | _dates(entry)

    def _alternative(self, alternative: Mapping[str, Any]) -> Messages:
        lines = tuple(
            Line(self._ids.get(line["account"], 0), line["debit"], line["credit"]) for line in alternative["lines"]
        )
        self.lines += len(lines)
        faults = check(Draft(_ANY_DAY, "", lines), self._facts)
        if not faults:
            return _dates(alternative)
        messages = dict(DraftInvalid(faults, len(lines)).fields)
        rows = [_renamed(row) for row in messages.pop("entries", [])]
        return messages | ({"lines": rows} if rows else {}) | _dates(alternative)


def _renamed(row: Messages) -> Messages:
    """Return the messages of a line by the names of its JSON."""
    return {"account" if name == "acc_id" else name: found for name, found in row.items()} if row else {}


def _dates(found: Mapping[str, Any]) -> Messages:
    first, last = found.get("date_from"), found.get("date_to")
    if first and last and last < first:
        return {"date_to": [_("The last date comes before the first.")]}
    return {}
