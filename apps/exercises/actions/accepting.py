"""Accepting what a student handed in as right, for all who do the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from apps.audit.actions import record
from apps.common.db import unit_of_work
from apps.companies.models import Company
from apps.config.policy import Reach
from apps.exercises import gradings, snapshots, solutions
from apps.exercises.actions.regrading import regrade_exercise
from apps.exercises.actions.writing import locked as locked_exercise
from apps.exercises.checking import check_solutions
from apps.exercises.errors import NothingToAccept, TooManySolutions
from apps.exercises.models import Exercise, Submission
from apps.exercises.queries import names_of, submission_for
from apps.users.models import User
from ledger.grading import (
    ALTERNATIVES_MAX,
    ENTRIES_MAX,
    SOLUTIONS_MAX,
    Alternative,
    Asiento,
    Dates,
    ExpectedEntry,
    Grade,
    Solution,
)


def accept_submission(submission_id: int, *, acting_user: User, company: Company) -> Submission:
    """Make a submission a solution of its exercise, and grade all again: it earns everything then.

    Where each asiento serves for one expected, those with errors become alternatives of it; else the
    whole becomes another solution. Raises UnknownSubmission, NothingToAccept, TooManySolutions.
    """
    submission = submission_for(submission_id, acting_user, company, Reach.ANY)
    exercise = _accept(submission, acting_user=acting_user, company=company)
    regrade_exercise(exercise)
    return submission_for(submission_id, acting_user, company, Reach.ANY)


@unit_of_work
def _accept(submission: Submission, *, acting_user: User, company: Company) -> Exercise:
    exercise = locked_exercise(submission.participation.assignment.exercise_id, company)
    handed_in = {asiento.ref: asiento for asiento in snapshots.asientos(submission.snapshot)}
    found = gradings.grade_snapshot(submission.snapshot, exercise, names_of(exercise))
    if found.is_full or not handed_in:
        raise NothingToAccept
    key = list(solutions.key_of(exercise).solutions)
    if all(entry.outcome in {"right", "wrong"} for entry in found.entries) and not found.surplus:
        key[found.solution] = _with_alternatives(key[found.solution], found, handed_in)
    else:
        key.append(_solution_of([*handed_in.values()], key[0]))
    _must_fit(key)
    exercise.solutions = [solutions.write_solution(solution) for solution in key]
    check_solutions(exercise)
    exercise.revision += 1
    exercise.save(update_fields=["solutions", "revision", "updated_at"])
    record(
        "submission.accepted", acting_user=acting_user, company_id=company.pk, subject="exercise",
        subject_id=exercise.pk, detail={"submission": submission.pk, "revision": exercise.revision},
    )
    return exercise


def _with_alternatives(solution: Solution, found: Grade, handed_in: dict[int, Asiento]) -> Solution:
    """Return the solution with what was handed in beside each asiento that it did not meet."""
    entries = list(solution.entries)
    for graded in found.entries:
        if graded.outcome == "wrong":
            entry, asiento = entries[graded.index], handed_in[graded.refs[0]]
            dates = None if entry.dates.admit(asiento.date) else Dates(asiento.date, asiento.date)
            way = Alternative(asiento.lines, dates)
            entries[graded.index] = replace(entry, alternatives=(*entry.alternatives, way))
    return Solution(tuple(entries))


def _solution_of(handed_in: Sequence[Asiento], like: Solution) -> Solution:
    """Return what was handed in as a solution of its own, worth as much, within the same span of dates."""
    points = _shares(like.points, len(handed_in))
    span = _span(like)
    return Solution(tuple(
        ExpectedEntry(f"Asiento {number}", share, (Alternative(asiento.lines),), _stretched(span, asiento.date))
        for number, (asiento, share) in enumerate(zip(handed_in, points, strict=True), start=1)
    ))


def _shares(points: int, parts: int) -> list[int]:
    """Return the points in parts as equal as can be, each at least 1."""
    if parts > points:
        raise TooManySolutions
    return [points * (part + 1) // parts - points * part // parts for part in range(parts)]


def _span(solution: Solution) -> Dates:
    firsts = [entry.dates.first for entry in solution.entries]
    lasts = [entry.dates.last for entry in solution.entries]
    known_firsts, known_lasts = [day for day in firsts if day], [day for day in lasts if day]
    return Dates(
        min(known_firsts) if len(known_firsts) == len(firsts) else None,
        max(known_lasts) if len(known_lasts) == len(lasts) else None,
    )


def _stretched(span: Dates, day: dt.date) -> Dates:
    """Return the span, as much longer as admits `day`."""
    return Dates(
        min(span.first, day) if span.first else None,
        max(span.last, day) if span.last else None,
    )


def _must_fit(key: Sequence[Solution]) -> None:
    if len(key) > SOLUTIONS_MAX or any(
        len(solution.entries) > ENTRIES_MAX
        or any(len(entry.alternatives) > ALTERNATIVES_MAX for entry in solution.entries)
        for solution in key
    ):
        raise TooManySolutions
