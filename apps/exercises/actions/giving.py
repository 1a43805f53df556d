"""Giving exercises to students."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypedDict

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.actions import record
from apps.common.db import lock_row, unit_of_work
from apps.common.errors import Invalid
from apps.companies.errors import NobodyToPractise, UsersUnusable
from apps.companies.models import Company
from apps.exercises.errors import AssignmentUsed, UnknownAssignment
from apps.exercises.models import Assignment, Exercise, FeedbackTime, Participation, Submission
from apps.users.models import User, UserStatus

SUBJECT = "assignment"


class AssignmentData(TypedDict, total=False):
    """What can be written of an assignment."""

    opens_at: dt.datetime
    closes_at: dt.datetime | None
    tries_max: int
    feedback: str
    detail: str


@unit_of_work
def give(
    exercise: Exercise, data: AssignmentData, *, group: str | None = None, user_ids: Sequence[int] | None = None,
    acting_user: User | None, company: Company,
) -> Assignment:
    """Give an exercise to the group's active students, or to exactly these users.

    Raises NobodyToPractise, UsersUnusable, Invalid for moments that cannot be.
    """
    people = _people(group, user_ids)
    assignment = Assignment(company=company, exercise=exercise, group=group or "", given_by=acting_user, **data)
    _check_moments(assignment)
    assignment.save()
    _enrol(assignment, people)
    detail = {"exercise": exercise.pk, "group": assignment.group, "students": len(people)}
    _tell("assignment.given", assignment, detail, acting_user=acting_user)
    return assignment


@unit_of_work
def change_assignment(
    assignment_id: int, data: AssignmentData, *, group: str | None = None, user_ids: Sequence[int] | None = None,
    acting_user: User, company: Company,
) -> Assignment:
    """Change moments, tries and feedback, and give it to more people; nobody is taken out.

    Raises UnknownAssignment, NobodyToPractise, UsersUnusable, Invalid for moments that cannot be.
    """
    assignment = _locked(assignment_id, company)
    for name, value in data.items():
        setattr(assignment, name, value)
    _check_moments(assignment)
    assignment.save()
    if group is not None or user_ids is not None:
        _enrol(assignment, _people(group, user_ids))
    told: dict[str, Any] = {name: str(value) for name, value in data.items()}
    _tell("assignment.changed", assignment, told, acting_user=acting_user)
    return assignment


@unit_of_work
def publish(assignment_id: int, *, acting_user: User, company: Company) -> Assignment:
    """Let the students see their grades from now on; UnknownAssignment."""
    assignment = _locked(assignment_id, company)
    if assignment.published_at is None:
        assignment.published_at = timezone.now()
        assignment.save(update_fields=["published_at"])
        _tell("assignment.published", assignment, {}, acting_user=acting_user)
    return assignment


@unit_of_work
def remove_assignment(assignment_id: int, *, acting_user: User, company: Company) -> None:
    """Delete an assignment for which nobody has handed in; UnknownAssignment, AssignmentUsed."""
    assignment = _locked(assignment_id, company)
    if Submission.objects.filter(participation__assignment=assignment).exists():
        raise AssignmentUsed
    _tell("assignment.removed", assignment, {}, acting_user=acting_user)
    assignment.delete()


def _check_moments(assignment: Assignment) -> None:
    if assignment.closes_at is None:
        if assignment.feedback == FeedbackTime.AT_CLOSE:
            raise Invalid({"closes_at": [_("Say when it closes: the grades are shown then.")]})
    elif assignment.closes_at <= assignment.opens_at:
        raise Invalid({"closes_at": [_("It has to close after it opens.")]})


def _people(group: str | None, user_ids: Sequence[int] | None) -> list[User]:
    active = User.objects.filter(status=UserStatus.ACTIVE).order_by("pk")
    if group is not None:
        people = [person for person in active.filter(group=group) if not person.leads]
        if not people:
            raise NobodyToPractise(group)
        return people
    wanted = set(user_ids or ())
    people = [person for person in active.filter(pk__in=wanted) if not person.leads]
    if missing := wanted - {person.pk for person in people}:
        raise UsersUnusable(missing)
    return people


def _enrol(assignment: Assignment, people: Sequence[User]) -> None:
    Participation.objects.bulk_create(
        (Participation(assignment=assignment, student=person) for person in people), ignore_conflicts=True
    )


def _locked(assignment_id: int, company: Company) -> Assignment:
    found = lock_row(Assignment.objects.filter(company=company, pk=assignment_id)).first()
    if found is None:
        raise UnknownAssignment
    return found


def _tell(action: str, assignment: Assignment, detail: dict[str, Any], *, acting_user: User | None) -> None:
    record(
        action, acting_user=acting_user, company_id=assignment.company_id, subject=SUBJECT, subject_id=assignment.pk,
        detail=detail,
    )
