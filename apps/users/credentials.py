"""Whether somebody is who they say: e-mail and password, with the same work for every refusal."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password, verify_password

from apps.users.errors import TooManyFailures, WrongCredentials
from apps.users.models import User
from apps.users.throttle import Attempt

logger = logging.getLogger(__name__)

_LEGACY = PBKDF2PasswordHasher.algorithm


@dataclass(frozen=True)
class Proven:
    """A user whose password was right, and what must be stored in its place (None: nothing)."""

    user: User
    upgraded_hash: str | None


def prove(email: str, password: str, *, address: str) -> Proven:
    """Return the active user of the e-mail and password.

    Raises WrongCredentials, whatever was wrong, after the same work; TooManyFailures when the
    account or the address has failed too often. Takes tens of milliseconds: not for a unit of work.
    """
    email = email.strip().lower()
    try:
        attempt = Attempt(email, address)
    except TooManyFailures:
        logger.warning("login.throttled", extra={"address": address})
        raise
    user = User.objects.select_related("company").filter(email=email).first()
    right, outdated = _verify(password, user)
    if user is None or not right or not user.is_active:
        logger.info("login.failed", extra={"address": address})
        raise WrongCredentials
    attempt.succeeded()
    return Proven(user, make_password(password) if outdated else None)


def _verify(password: str, user: User | None) -> tuple[bool, bool]:
    """Return whether the password is right and its hash outdated.

    A refusal costs one hash of each algorithm in use, so that its time tells nothing: the preferred
    one, and the first Mosaite's for as long as one of its hashes is left.
    """
    stored = user.password if user else make_password(None)
    right, outdated = verify_password(password, stored)
    if not right or not (user and user.is_active):
        _even_out(password, stored)
    return right, outdated


def _even_out(password: str, stored: str) -> None:
    if stored.startswith(f"{_LEGACY}$"):
        make_password(password)
        return
    legacy = User.objects.filter(password__startswith=f"{_LEGACY}$").values_list("password", flat=True).first()
    if legacy is not None:
        check_password(password, legacy)


def is_password_of(user: User, password: str, *, address: str) -> bool:
    """Return whether it is the user's password, counting failures as a login does."""
    attempt = Attempt(user.email, address)
    right = check_password(password, user.password)
    if right:
        attempt.succeeded()
    return right
