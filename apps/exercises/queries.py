"""Reading exercises, assignments, submissions and marks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet

from apps.companies.models import Company
from apps.config.policy import Reach
from apps.exercises import gradings, snapshots, solutions
from apps.exercises.errors import GradeNotShown, UnknownAssignment, UnknownExercise, UnknownSubmission
from apps.exercises.feedback import Feedback, tell
from apps.exercises.models import Assignment, Exercise, FeedbackDetail, Participation, Submission
from apps.users.models import User
from ledger.grading import Asiento, Card, Grade, grade

MARK_MAX = 10


def exercises_of(company: Company) -> QuerySet[Exercise]:
    """Return a company's exercises, newest first."""
    return Exercise.objects.filter(company=company).select_related("author", "plan")


def exercise_of(exercise_id: int, company: Company) -> Exercise:
    """Return one of them; UnknownExercise."""
    found = exercises_of(company).filter(pk=exercise_id).first()
    if found is None:
        raise UnknownExercise
    return found


def assignments_for(user: User, company: Company, reach: Reach) -> QuerySet[Assignment]:
    """Return what the company's teachers gave, or what was given to a student wherever they work, newest first.

    A teacher's know how many `students` they have, a student's `own`: their part in it with its tries.
    """
    rows = Assignment.objects.select_related("exercise", "given_by").order_by("-opens_at", "-assignment_id")
    if reach is Reach.ANY:
        return rows.filter(company=company).annotate(students=Count("participations"))
    mine = Participation.objects.filter(student=user).prefetch_related("submissions")
    return rows.filter(participations__student=user).prefetch_related(
        Prefetch("participations", queryset=mine, to_attr="own")
    )


def assignment_for(assignment_id: int, user: User, company: Company, reach: Reach) -> Assignment:
    """Return one of them; UnknownAssignment."""
    found = assignments_for(user, company, reach).filter(pk=assignment_id).first()
    if found is None:
        raise UnknownAssignment
    return found


def submissions_for(user: User, company: Company, reach: Reach) -> QuerySet[Submission]:
    """Return the submissions to the company's assignments, or one's own, newest first."""
    rows = Submission.objects.select_related("participation__student", "participation__assignment__exercise")
    if reach is Reach.ANY:
        return rows.filter(participation__assignment__company=company)
    return rows.filter(participation__student=user)


def without_contents(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    """Return the submissions without what is large: for lists."""
    return rows.defer(
        "snapshot", "grading", "participation__assignment__exercise__solutions",
        "participation__assignment__exercise__statement",
    )


def submission_for(submission_id: int, user: User, company: Company, reach: Reach) -> Submission:
    """Return one of them; UnknownSubmission."""
    found = submissions_for(user, company, reach).filter(pk=submission_id).first()
    if found is None:
        raise UnknownSubmission
    return found


def feedback_for(submission: Submission, *, leads: bool) -> Feedback:
    """Return a submission's grade in words: all of them to who leads, to students what the assignment says.

    Raises GradeNotShown as long as it is to be hidden from them.
    """
    assignment = submission.participation.assignment
    if not leads and not assignment.shows_grades:
        raise GradeNotShown
    detail = FeedbackDetail.FULL if leads else assignment.detail
    names = names_of(submission.participation.assignment.exercise) | snapshots.cards(submission.snapshot)
    return tell(gradings.read(submission.grading), names, detail)


def try_out(exercise: Exercise, asientos: Sequence[Asiento]) -> tuple[Grade, Feedback]:
    """Return how asientos would be graded, and in which words; nothing is kept."""
    names = names_of(exercise)
    found = grade(asientos, solutions.key_of(exercise), names)
    return found, tell(found, names, FeedbackDetail.FULL)


def names_of(exercise: Exercise) -> dict[str, Card]:
    """Return the accounts of an exercise's plan, by code."""
    return solutions.cards_of(solutions.plan_of(exercise))


@dataclass(frozen=True, slots=True)
class Mark:
    """A student's mark in an assignment: that of the best try, in hundredths; `mark` is of 10, in hundredths."""

    student: int
    name: str
    email: str
    group: str
    tries: int
    last_at: dt.datetime | None
    earned: int | None
    points: int | None
    mark: int | None
    overridden: bool


def marks_of(assignment: Assignment) -> list[Mark]:
    """Return the marks of all to whom it was given, by name; two queries."""
    best = _best(assignment)
    people = Participation.objects.filter(assignment=assignment).select_related("student").annotate(
        tries=Count("submissions")
    )
    return [_mark(found, best.get(found.pk)) for found in people.order_by("student__name", "student_id")]


@dataclass(frozen=True, slots=True)
class _Best:
    earned: int
    points: int
    overridden: bool
    last_at: dt.datetime


def _best(assignment: Assignment) -> Mapping[int, _Best]:
    """Return the best try of each participation; of equals the latest."""
    best: dict[int, _Best] = {}
    rows = Submission.objects.filter(participation__assignment=assignment).defer("snapshot", "grading")
    for found in rows.order_by("try_number"):
        known = best.get(found.participation_id)
        if known is None or found.final * known.points >= known.earned * found.points:
            known = _Best(found.final, found.points, found.override is not None, found.handed_in_at)
        best[found.participation_id] = _Best(known.earned, known.points, known.overridden, found.handed_in_at)
    return best


def _mark(participation: Participation, best: _Best | None) -> Mark:
    student = participation.student
    return Mark(
        student=student.pk, name=student.name, email=student.email, group=student.group,
        tries=participation.tries,  # type: ignore[attr-defined]
        last_at=best.last_at if best else None,
        earned=best.earned if best else None, points=best.points if best else None,
        mark=mark_of(best.earned, best.points) if best else None, overridden=bool(best and best.overridden),
    )


def mark_of(earned: int, points: int) -> int:
    """Return the mark of 10, in hundredths, rounded half up."""
    return (earned * MARK_MAX * 100 * 2 + points) // (points * 2)
