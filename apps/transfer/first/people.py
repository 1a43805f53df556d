"""Users of the first Mosaite."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.hashers import identify_hasher
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from apps.config.roles import Role
from apps.transfer.first import cells
from apps.transfer.first.desk import Desk
from apps.transfer.first.report import Findings
from apps.transfer.first.source import Row
from apps.users.models import UserStatus

NAME_MAX, GROUP_MAX, EMAIL_MAX, HASH_MAX = 120, 60, 254, 128
# Whom transactions stand under whose user did not come.
NOBODY = "usuario.desconocido@mosaite.invalid"


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to be created; `password` is a hash, or None."""

    row: Row
    email: str
    name: str
    password: str | None
    group: str
    rol: int
    status: int
    created_at: dt.datetime


@dataclass
class People:
    """Who comes, and who is who: by old key the e-mail of a new user, or the key of one who is here."""

    new: list[NewUser] = field(default_factory=list)
    who: dict[str, str | int] = field(default_factory=dict)
    known: list[tuple[Row, int]] = field(default_factory=list)


def plan(rows: Sequence[Row], desk: Desk) -> People:
    """Return who comes of the users in the file; of those with one e-mail the first active one."""
    people = People()
    firsts: dict[str, Row] = {}
    standing = set(desk.here.emails.values())
    for row in sorted(rows, key=lambda row: _status(row) != UserStatus.ACTIVE):
        email = cells.line(row.cells.get("email")).lower()
        if before := desk.here.before("users").get(row.key):
            if before.row_id in standing:  # else they were deleted here since
                people.who[row.key] = before.row_id
        elif not _is_email(email):
            desk.findings.aside(row, "email_invalid", value=email)
        elif email in firsts:
            desk.findings.aside(row, "email_repeated", other=firsts[email].key)
            people.who[row.key] = people.who[firsts[email].key]
        else:
            firsts[email] = row
            _take(row, email, people, desk)
    return people


def _take(row: Row, email: str, people: People, desk: Desk) -> None:
    findings = desk.findings
    if email in desk.here.emails:
        findings.note(row, "user_known")
        people.who[row.key] = desk.here.emails[email]
        people.known.append((row, desk.here.emails[email]))
        return
    rol, status = _rol(row, findings), _status(row)
    if status is None:
        findings.note(row, "status_unknown", value=row.cells.get("status"))
    name = cells.line(row.cells.get("name")) or email.partition("@")[0]
    if len(name) > NAME_MAX:
        findings.note(row, "name_cut", max=NAME_MAX)
    if cells.flag(row.cells.get("is_superuser"), "", ""):
        findings.note(row, "superuser")
    if rol == Role.ADMIN:
        findings.note(row, "leader")
    inactive = rol is None or status != UserStatus.ACTIVE
    people.who[row.key] = email
    people.new.append(NewUser(
        row=row, email=email, name=name[:NAME_MAX], password=_password(row, findings),
        group=cells.line(row.cells.get("group"))[:GROUP_MAX],
        rol=Role.ACCOUNTANT if rol is None else rol,
        status=UserStatus.INACTIVE if inactive else UserStatus.ACTIVE,
        created_at=desk.time(row, "created_at"),
    ))


def _is_email(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= EMAIL_MAX


def _rol(row: Row, findings: Findings) -> int | None:
    try:
        return Role(cells.whole(row.cells.get("rol")))
    except ValueError:
        findings.note(row, "role_unknown", value=row.cells.get("rol"))
        return None


def _status(row: Row) -> int | None:
    """Return the state, active where the column is lacking; None for what is none."""
    if "status" not in row.cells:
        return UserStatus.ACTIVE
    try:
        return UserStatus(cells.whole(row.cells["status"]))
    except ValueError:
        return None


def _password(row: Row, findings: Findings) -> str | None:
    """Return the hash, where its owner can log in with it here."""
    stored = str(row.cells.get("password") or "")
    try:
        identify_hasher(stored)
    except ValueError:
        findings.note(row, "password_unknown")
        return None
    if len(stored) > HASH_MAX:
        findings.note(row, "password_unknown")
        return None
    return stored
