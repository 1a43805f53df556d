"""What a class gets wrong most: the errors of an assignment, counted by student."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.exercises.models import Assignment, Submission

TITLES: dict[str, Any] = {
    "entry_missing": _("Entry missing"),
    "entry_inverted": _("Whole entry the wrong way round"),
    "entry_times": _("All amounts too large by a factor of ten"),
    "entry_divided": _("All amounts too small by a factor of ten"),
    "entries_joined": _("Two entries recorded as one"),
    "entry_cut": _("One entry recorded in two"),
    "wrong_period": _("Date of another period"),
    "side_inverted": _("Side inverted"),
    "side_and_amount": _("Side inverted and amount wrong"),
    "account_in_rubro": _("Right heading, wrong account"),
    "account_wrong": _("Wrong account"),
    "account_and_amount": _("Right heading, wrong account and amount"),
    "vat_swapped": _("IVA crédito and débito fiscal confused"),
    "vat_missing": _("IVA missing"),
    "vat_in_price": _("IVA inside the price"),
    "vat_rate": _("IVA at another rate"),
    "vat_of_total": _("IVA of the total in place of the net"),
    "amount_times": _("Amount too large by a factor of ten"),
    "amount_divided": _("Amount too small by a factor of ten"),
    "amount_transposed": _("Digits changed over"),
    "amount_wrong": _("Amount wrong"),
    "line_missing": _("Line missing"),
    "line_extra": _("Line too many"),
    "duplicated": _("Entry recorded twice"),
    "extra": _("Entry that nobody asked for"),
}


@dataclass(frozen=True, slots=True)
class ClassError:
    """An error, how many students made it in any try, and how many still make it in their last one."""

    code: str
    title: str
    students: int
    still: int


def errors_of(assignment: Assignment) -> list[ClassError]:
    """Return the errors of an assignment, those of most students first; one query."""
    rows = Submission.objects.filter(participation__assignment=assignment).order_by("participation_id", "try_number")
    made: defaultdict[str, set[int]] = defaultdict(set)
    last: dict[int, set[str]] = {}
    for participation_id, grading in rows.values_list("participation_id", "grading"):
        codes = set(_codes(grading))
        last[participation_id] = codes
        for code in codes:
            made[code].add(participation_id)
    found = [
        ClassError(code, str(TITLES[code]), len(who), sum(code in codes for codes in last.values()))
        for code, who in made.items()
    ]
    return sorted(found, key=lambda error: (-error.students, -error.still, error.code))


def _codes(grading: Mapping[str, Any]) -> Iterator[str]:
    """Yield the codes of a grade's errors."""
    entries: Iterable[Mapping[str, Any]] = grading["entries"]
    for entry in entries:
        yield from (fault["code"] for fault in entry["faults"])
    yield from (extra["outcome"] for extra in grading["surplus"])
