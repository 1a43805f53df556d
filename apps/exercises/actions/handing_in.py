"""What a student does: start an assignment, and hand in."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import Account
from apps.audit.actions import record
from apps.common.db import lock_row, unit_of_work
from apps.common.db import snapshot as reading
from apps.companies.actions import move_person, open_practice
from apps.companies.models import Company, CompanyKind
from apps.exercises import gradings, snapshots
from apps.exercises.actions.regrading import regrade_exercise, set_grade
from apps.exercises.errors import (
    AssignmentOver,
    NothingToHandIn,
    NotOpenYet,
    NoTriesLeft,
    NotStarted,
    TooMuchHandedIn,
    TransactionsUnknown,
    UnknownAssignment,
)
from apps.exercises.models import Exercise, Participation, Submission
from apps.exercises.queries import names_of
from apps.exercises.solutions import codes_of, plan_of
from apps.trans.models import Transaction
from apps.users.models import User
from ledger.grading import HANDED_IN_ENTRIES_MAX, HANDED_IN_LINES_MAX, Grade


@unit_of_work
def start(assignment_id: int, *, acting_user: User) -> Participation:
    """Begin an assignment in one's own practice company, made from the exercise's plan where there is none.

    What is recorded from now on is handed in. Again, it leads back there. Raises UnknownAssignment,
    NotOpenYet, AssignmentOver.
    """
    participation = _locked(assignment_id, acting_user)
    _must_be_open(participation)
    came_from = participation.student.company
    if participation.practice is None:
        exercise = participation.assignment.exercise
        serves = _serves(came_from, exercise)
        participation.practice = came_from if serves else _open(exercise, participation.student)
        participation.started_at = timezone.now()
    else:
        move_person(participation.student, participation.practice, acting_user=acting_user)
    if participation.practice != came_from:
        participation.home = came_from
    participation.save(update_fields=["practice", "started_at", "home"])
    return participation


@unit_of_work
def leave(assignment_id: int, *, acting_user: User) -> Participation:
    """Go back to the company from which one came to solve it; UnknownAssignment, NotStarted.

    Without effect on who is elsewhere already. To start again leads back to the practice company.
    """
    participation = _locked(assignment_id, acting_user)
    if participation.practice is None:
        raise NotStarted
    if participation.home is not None and participation.student.company_id == participation.practice.pk:
        move_person(participation.student, participation.home, acting_user=acting_user)
    return participation


def hand_in(assignment_id: int, trans_ids: Sequence[int] | None = None, *, acting_user: User) -> Submission:
    """Hand in what one recorded since the start, or these transactions of the practice company; grade it.

    Raises UnknownAssignment, NotOpenYet, AssignmentOver, NotStarted, NoTriesLeft, TransactionsUnknown,
    NothingToHandIn, TooMuchHandedIn.
    """
    with reading():
        rows = Participation.objects.select_related("assignment__exercise__plan", "practice")
        participation = _found(rows, assignment_id, acting_user)
        _must_take(participation)
        snapshot = _snapshot(participation, trans_ids)
        exercise = participation.assignment.exercise
        names = names_of(exercise)
    # Before the writers' turn: to grade may take a second (see regrading.py).
    found = gradings.grade_snapshot(snapshot, exercise, names)
    submission, current = _keep(assignment_id, snapshot, found, exercise.revision, acting_user=acting_user)
    if current.revision != submission.revision:  # changed meanwhile
        regrade_exercise(current)
    return submission


@unit_of_work
def _keep(
    assignment_id: int, snapshot: snapshots.Snapshot, found: Grade, revision: int, *, acting_user: User
) -> tuple[Submission, Exercise]:
    """Store a submission with its grade; return it and the exercise as it stands now."""
    participation = _locked(assignment_id, acting_user)
    tries = _must_take(participation)
    # Locked, so that a change of the exercise either shows here or finds the submission to grade again.
    exercise = lock_row(Exercise.objects.filter(pk=participation.assignment.exercise_id)).get()
    submission = Submission(
        participation=participation, try_number=tries + 1, snapshot=snapshot, sha256=snapshots.digest(snapshot)
    )
    set_grade(submission, found, revision)
    submission.save()
    record(
        "submission.handed_in", acting_user=acting_user, company_id=participation.assignment.company_id,
        subject="submission", subject_id=submission.pk,
        detail={"assignment": participation.assignment_id, "try": submission.try_number, "sha256": submission.sha256},
    )
    return submission, exercise


def _locked(assignment_id: int, student: User) -> Participation:
    # What it points at is read after it: in one query, PostgreSQL would bring it as it was before the wait.
    return _found(lock_row(Participation.objects.all()), assignment_id, student)


def _found(rows: QuerySet[Participation], assignment_id: int, student: User) -> Participation:
    found = rows.filter(assignment_id=assignment_id, student=student).first()
    if found is None:
        raise UnknownAssignment
    return found


def _must_take(participation: Participation) -> int:
    """Return how many tries were used, where another may be handed in."""
    _must_be_open(participation)
    if participation.practice is None:
        raise NotStarted
    tries: int = participation.submissions.count()
    if tries >= participation.assignment.tries_max:
        raise NoTriesLeft
    return tries


def _must_be_open(participation: Participation) -> None:
    if participation.assignment.opens_at > timezone.now():
        raise NotOpenYet
    if participation.assignment.is_over:
        raise AssignmentOver


def _serves(company: Company, exercise: Exercise) -> bool:
    """Return whether a company is one to practise in, with the accounts that the solutions name."""
    if company.kind != CompanyKind.PRACTICE or company.is_demo:
        return False
    codes = codes_of(exercise.solutions)
    usable = Account.objects.filter(company=company, postable=True, status=True).values_list("code", flat=True)
    return codes <= set(usable)


def _open(exercise: Exercise, student: User) -> Company:
    (practice,) = open_practice(
        user_ids=[student.pk], per="user", template=plan_of(exercise), acting_user=student
    )
    return practice.company


def _snapshot(participation: Participation, trans_ids: Sequence[int] | None) -> snapshots.Snapshot:
    rows = _wanted(participation, trans_ids)
    # Counted before they are read: a practice company may hold any number.
    if rows.count() > HANDED_IN_ENTRIES_MAX or sum(rows.values_list("entries_count", flat=True)) > HANDED_IN_LINES_MAX:
        raise TooMuchHandedIn
    snapshot = snapshots.take(rows)
    if not snapshot:
        raise NothingToHandIn
    return snapshot


def _wanted(participation: Participation, trans_ids: Sequence[int] | None) -> QuerySet[Transaction]:
    rows = Transaction.objects.filter(company=participation.practice).order_by()
    if trans_ids is None:
        return rows.filter(user=participation.student, created_at__gte=participation.started_at)
    wanted = rows.filter(pk__in=trans_ids)
    if missing := set(trans_ids) - set(wanted.values_list("pk", flat=True)):
        raise TransactionsUnknown(missing)
    return wanted
