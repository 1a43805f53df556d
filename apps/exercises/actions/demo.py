"""Students of the demo who have handed in: what a teacher finds to read from the first minute."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone

from apps.accounts.models import Account
from apps.companies.actions import remove_company
from apps.companies.models import Company
from apps.config.roles import STUDENT
from apps.exercises.actions.giving import give
from apps.exercises.actions.handing_in import hand_in, start
from apps.exercises.models import Assignment, Exercise, Participation, Submission
from apps.trans.actions import erase_company_books, post_transactions
from apps.trans.models import Transaction
from apps.users.models import User, UserStatus
from ledger.entries import Draft, Line
from ledger.money import MINOR_PER_UNIT

_FILE = Path(__file__).resolve().parents[1] / "data" / "entregas.json"
GIVEN = 4
GROUPS = 2
TRIES = 5
Json = Mapping[str, Any]


def furnish_demo(exercises: Sequence[Exercise], company: Company) -> None:
    """Give the first exercises to the demo's first groups, and let three more students hand in.

    Those three work in practice companies of their own from the start, so that the demo's books and
    figures stay what they were.
    """
    known = User.objects.filter(company=company, status=UserStatus.ACTIVE).exclude(group="")
    groups = sorted(set(known.values_list("group", flat=True)))[:GROUPS]
    like = known.order_by("pk").first()
    if like is None:
        return
    solvers = [(_enrol(found, like, company), found["tries"]) for found in json.loads(_FILE.read_text("utf-8"))]
    given: dict[str, Assignment] = {}
    for exercise in exercises[:GIVEN]:
        for group in groups:
            made = give(exercise, {"tries_max": TRIES}, group=group, acting_user=None, company=company)
            given.setdefault(exercise.starting_key, made)
    for student, tries in solvers:
        for found in tries:
            _solve(given[found["exercise"]], found["asientos"], student)


def clear_demo_practice(company: Company) -> None:
    """Remove the demo's assignments and the practice companies in which its people solved them."""
    parts = Participation.objects.filter(assignment__company=company).exclude(practice=None)
    practices = list(Company.objects.filter(pk__in=parts.values("practice_id")))
    Submission.objects.filter(participation__assignment__company=company).delete()
    Assignment.objects.filter(company=company).delete()
    for practice in practices:
        if not User.objects.filter(company=practice).exists():
            erase_company_books(practice, acting_user=None)
            remove_company(practice.pk, acting_user=None)
    # Who stayed because of what they had recorded there can go now.
    gone = User.objects.filter(is_demo=True, status=UserStatus.INACTIVE)
    gone.exclude(pk__in=Transaction.objects.filter(user__is_demo=True).values("user_id")).delete()


def _enrol(found: Json, like: User, company: Company) -> User:
    """Return a student of the demo, of the group and with the password of another."""
    user = User.objects.filter(email=found["email"], is_demo=True).first() or User(email=found["email"], is_demo=True)
    user.name, user.rol, user.group, user.company = found["name"], STUDENT, like.group, company
    user.password, user.status = like.password, UserStatus.ACTIVE
    user.save()
    return user


def _solve(assignment: Assignment, wanted: Sequence[Json], student: User) -> None:
    practice = start(assignment.pk, acting_user=student).practice
    if practice is None:
        return
    student.company = practice  # where they were moved to
    accounts = dict(Account.objects.filter(company=practice).values_list("code", "pk"))
    drafts = [_draft(found, accounts) for found in wanted]
    posted = post_transactions(drafts, acting_user=student, company=practice)
    hand_in(assignment.pk, [transaction.pk for transaction in posted], acting_user=student)


def _draft(found: Json, accounts: Mapping[str, int]) -> Draft:
    day = dt.date.fromisoformat(f"{timezone.localdate().year}-{found['date']}")
    debits = [Line(accounts[code], debit=pesos * MINOR_PER_UNIT) for code, pesos in found["debe"].items()]
    credits_ = [Line(accounts[code], credit=pesos * MINOR_PER_UNIT) for code, pesos in found["haber"].items()]
    return Draft(day, found["legend"], (*debits, *credits_))
