"""Reading and making the tokens of the API.

A pair of tokens is a function of its claims and the signing key alone, so that the same pair can
be made again from stored claims, and no token needs to be stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken, Token
from rest_framework_simplejwt.utils import get_md5_hash_password

from apps.users.errors import DeadRefresh
from apps.users.models import User

FAMILY_CLAIM = "family"


@dataclass(frozen=True)
class Pair:
    """What a client holds after a login or a refresh."""

    access: str
    refresh: str


Claims = dict[str, dict[str, Any]]


class _RefreshClaims(Token):
    """A refresh token without simplejwt's look into the blacklist: a family knows more."""

    token_type = RefreshToken.token_type
    lifetime = RefreshToken.lifetime


def read_refresh(raw: str) -> dict[str, Any]:
    """Return the claims of a signed, unexpired refresh token; else raise DeadRefresh."""
    try:
        return dict(_RefreshClaims(raw).payload)  # type: ignore[arg-type]
    except TokenError:
        raise DeadRefresh from None


def new_claims(user: User, family_id: UUID) -> Claims:
    """Return the claims of a new pair of the family."""
    refresh = RefreshToken()
    refresh[api_settings.USER_ID_CLAIM] = str(user.user_id)
    refresh[api_settings.REVOKE_TOKEN_CLAIM] = get_md5_hash_password(user.password)
    refresh[FAMILY_CLAIM] = str(family_id)
    return {"access": refresh.access_token.payload, "refresh": refresh.payload}


def sign(claims: Claims) -> Pair:
    """Return the pair that the claims stand for: the same claims always give the same pair."""
    return Pair(access=_encode(claims["access"]), refresh=_encode(claims["refresh"]))


def speaks_for(claims: dict[str, Any], user: User) -> bool:
    """Return whether a token's user may enter, with the password it was issued under."""
    return user.is_active and claims.get(api_settings.REVOKE_TOKEN_CLAIM) == get_md5_hash_password(user.password)


def _encode(claims: dict[str, Any]) -> str:
    # Sorted: PostgreSQL's jsonb does not keep the order in which claims were stored.
    return str(RefreshToken().get_token_backend().encode(dict(sorted(claims.items()))))
