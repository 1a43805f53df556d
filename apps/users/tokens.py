"""Reading and making the tokens of the API: JWT as simplejwt makes and reads them.

By PyJWT alone, since simplejwt's settings load Django's test runner with unittest and an HTTP server into every
process: 3 MB. The tests hold both against each other.

A pair of tokens is a function of its claims and the signing key alone, so that the same pair can
be made again from stored claims, and no token needs to be stored.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import jwt
from django.conf import settings

from apps.users.errors import DeadAccess, DeadRefresh
from apps.users.models import User

USER_CLAIM, PASSWORD_CLAIM, FAMILY_CLAIM = "user_id", "pwd", "family"
_ALGORITHM = "HS256"


@dataclass(frozen=True)
class Pair:
    """What a client holds after a login or a refresh."""

    access: str
    refresh: str


Claims = dict[str, dict[str, Any]]


def read_access(raw: str | bytes) -> dict[str, Any]:
    """Return the claims of a signed, unexpired access token; else raise DeadAccess."""
    claims = _decoded(raw, "access")
    if claims is None:
        raise DeadAccess
    return claims


def read_refresh(raw: str) -> dict[str, Any]:
    """Return the claims of a signed, unexpired refresh token; else raise DeadRefresh."""
    claims = _decoded(raw, "refresh")
    if claims is None:
        raise DeadRefresh
    return claims


def new_claims(user: User, family_id: UUID) -> Claims:
    """Return the claims of a new pair of the family."""
    now = int(time.time())
    whose = {USER_CLAIM: str(user.user_id), PASSWORD_CLAIM: _digest(user.password), FAMILY_CLAIM: str(family_id)}
    return {
        kind: {"token_type": kind, "iat": now, "exp": now + lifetime_s, "jti": uuid4().hex, **whose}
        for kind, lifetime_s in (
            ("access", settings.ACCESS_TOKEN_MINUTES * 60),
            ("refresh", settings.REFRESH_TOKEN_DAYS * 24 * 3600),
        )
    }


def sign(claims: Claims) -> Pair:
    """Return the pair that the claims stand for: the same claims always give the same pair."""
    return Pair(access=_encoded(claims["access"]), refresh=_encoded(claims["refresh"]))


def speaks_for(claims: dict[str, Any], user: User) -> bool:
    """Return whether a token's user may enter, with the password it was issued under."""
    return user.is_active and claims.get(PASSWORD_CLAIM) == _digest(user.password)


def _decoded(raw: str | bytes, kind: str) -> dict[str, Any] | None:
    try:
        claims = jwt.decode(
            raw, settings.SECRET_KEY, algorithms=[_ALGORITHM],
            options={"require": ["exp", "jti", "token_type", USER_CLAIM], "verify_aud": False},
        )
    except jwt.InvalidTokenError:
        return None
    return claims if claims["token_type"] == kind else None


def _encoded(claims: dict[str, Any]) -> str:
    # Sorted: PostgreSQL's jsonb does not keep the order in which claims were stored.
    return jwt.encode(dict(sorted(claims.items())), settings.SECRET_KEY, algorithm=_ALGORITHM)


def _digest(password_hash: str) -> str:
    # Of a slow, salted hash, and never for a secret: it tells one password from the next.
    return hashlib.md5(password_hash.encode(), usedforsecurity=False).hexdigest().upper()
