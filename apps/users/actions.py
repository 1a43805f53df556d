"""Writing users. Sessions have a module of their own."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.db.models import ProtectedError, Q

from apps.audit.actions import record
from apps.common.db import lock_row, unit_of_work
from apps.companies.models import Company
from apps.config.roles import Role
from apps.users import credentials, rights, sessions
from apps.users.errors import (
    EmailTaken,
    LastLeader,
    UnknownCompanyGiven,
    UnknownUser,
    UserHasRecords,
    WrongCurrentPassword,
)
from apps.users.models import User, UserStatus
from apps.users.rights import UserData

ACTIVE_LEADERS = Q(rol=Role.ADMIN, status=UserStatus.ACTIVE)


@unit_of_work
def create_user(data: UserData, *, acting_user: User, company: Company) -> User:
    """Create a user, in `company` unless rol 0 names another.

    Raises the errors of `rights.check`, EmailTaken and UnknownCompanyGiven.
    """
    rights.check(acting_user, data, target=None, company=company)
    user = User(company=company)
    _apply(user, data)
    told = {name: value for name, value in data.given().items() if name != "password"}
    record(
        "user.created", acting_user=acting_user, company_id=company.pk, subject="user", subject_id=user.pk, detail=told,
    )
    return user


@unit_of_work
def change_user(user_id: int, data: UserData, *, acting_user: User, company: Company) -> User:
    """Change a user of the company; deactivation and a new password end their sessions.

    Raises UnknownUser, LastLeader, EmailTaken, UnknownCompanyGiven and the errors of `rights.check`.
    """
    demotes = data.rol not in {None, Role.ADMIN} or data.status == UserStatus.INACTIVE
    user = _lock(user_id, company, and_leaders=demotes)
    wanted = data.beside(user)
    rights.check(acting_user, wanted, target=user, company=company)
    if demotes:
        _keep_a_leader(without=user)
    told = _told(user, wanted)
    if told:
        _apply(user, wanted)
        record(
            "user.changed", acting_user=acting_user, company_id=company.pk, subject="user", subject_id=user.pk,
            detail=told,
        )
    return user


def change_own(
    acting_user: User, *, name: str | None, password: str | None, current_password: str | None, address: str
) -> User:
    """Change one's own name or, with the current one, password; the latter ends one's sessions.

    Raises WrongCurrentPassword, and TooManyFailures as a login does.
    """
    # Outside the unit of work, which may run again: an attempt is counted once.
    if password is not None and not credentials.is_password_of(acting_user, current_password or "", address=address):
        raise WrongCurrentPassword
    return change_user(
        acting_user.pk, UserData(name=name, password=password), acting_user=acting_user, company=acting_user.company
    )


@unit_of_work
def delete_user(user_id: int, *, acting_user: User, company: Company) -> None:
    """Delete a user of the company; raises UnknownUser, LastLeader and UserHasRecords."""
    user = _lock(user_id, company, and_leaders=True)
    _keep_a_leader(without=user)
    try:
        user.delete()
    except ProtectedError as error:
        raise UserHasRecords from error
    record(
        "user.deleted", acting_user=acting_user, company_id=company.pk, subject="user", subject_id=user_id,
        detail={"email": user.email},
    )


def _lock(user_id: int, company: Company, *, and_leaders: bool) -> User:
    """Lock and return a user of the company, with all active leaders when one may be lost.

    All in one order: two that demote each other would wait for each other for ever.
    """
    wanted = Q(pk=user_id, company=company)
    rows = lock_row(User.objects.filter(wanted | ACTIVE_LEADERS if and_leaders else wanted).order_by("user_id"))
    user = next((row for row in rows if row.pk == user_id and row.company_id == company.pk), None)
    if user is None:
        raise UnknownUser
    return user


def _keep_a_leader(*, without: User) -> None:
    """Raise LastLeader when no other active rol 0 user would remain; all of them are locked."""
    is_one = without.rol == Role.ADMIN and without.is_active
    if is_one and not User.objects.filter(ACTIVE_LEADERS).exclude(pk=without.pk).exists():
        raise LastLeader


def _told(user: User, wanted: UserData) -> dict[str, Any]:
    """Return, for the trail, each field's value before and after; of a password only that it changed."""
    told: dict[str, Any] = {}
    for name, value in wanted.given().items():
        before = user.company_id if name == "company" else getattr(user, name)
        told[name] = "changed" if name == "password" else [before, value]
    return told


def _apply(user: User, wanted: UserData) -> None:
    """Write what is wanted into the user and the database."""
    for name, value in wanted.given().items():
        if name == "password":
            user.set_password(value)
        elif name == "company":
            user.company = _company(value)
        else:
            setattr(user, name, value)
    try:
        user.save()
    except IntegrityError as error:
        # The only constraint that checked data can meet. Raised on: a transaction that met it is over.
        raise EmailTaken from error
    if wanted.password is not None or wanted.status == UserStatus.INACTIVE:
        sessions.end_all(user)


def _company(company_id: int) -> Company:
    company = Company.objects.filter(company_id=company_id).first()
    if company is None:
        raise UnknownCompanyGiven
    return company
