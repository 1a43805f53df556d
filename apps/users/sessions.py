"""Actions on sessions: log in, refresh, log out, end.

A session is a family of refresh tokens of which one is current. The user's row is locked before
its families are read: of parallel refreshes one rotates, and a refresh and the end of the account
or its password come one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid4, uuid5

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from apps.audit.actions import record
from apps.common.db import lock_row, unit_of_work
from apps.users import credentials, tokens
from apps.users.errors import DeadRefresh, NotYourRefresh, WrongCredentials
from apps.users.models import TokenFamily, User
from apps.users.tokens import FAMILY_CLAIM, USER_CLAIM, Pair


@dataclass(frozen=True)
class Session:
    """Who logged in, and their tokens."""

    user: User
    pair: Pair


def log_in(email: str, password: str, *, address: str) -> Session:
    """Open a session; raises WrongCredentials or TooManyFailures (see credentials.prove)."""
    # Outside the unit of work: hashing takes as long as many writes, and a writer holds the database.
    return _open(credentials.prove(email, password, address=address), password)


@unit_of_work
def _open(proven: credentials.Proven, password: str) -> Session:
    user = accept(proven, password)
    pair = _advance(TokenFamily(family_id=uuid4(), user=user), used_jti="")
    record("user.logged_in", acting_user=user, company_id=user.company_id, subject="user", subject_id=user.pk)
    return Session(user, pair)


@unit_of_work
def accept(proven: credentials.Proven, password: str) -> User:
    """Return the user as they are now, locked, with an outdated hash upgraded.

    Raises WrongCredentials when account or password ended since they were proven.
    """
    user = lock_row(User.objects.filter(pk=proven.user.pk)).first()
    if user is None or not user.is_active:
        raise WrongCredentials
    if user.password != proven.user.password:
        # By another login's upgrade of the same password, or by a change of password.
        if not check_password(password, user.password):
            raise WrongCredentials
    elif proven.upgraded_hash:
        user.password = proven.upgraded_hash
        user.save(update_fields=["password"])
    return user


def refresh(raw: str) -> Pair:
    """Exchange a refresh token for a new pair; raises DeadRefresh.

    The token used is blacklisted. Used again it gives the very same pair for REFRESH_GRACE_S (tabs
    refresh in parallel); later it is taken for stolen, and its family ends.
    """
    pair = _rotate(tokens.read_refresh(raw))
    if pair is None:
        # Raised out here: inside the unit it would undo the end of the family.
        raise DeadRefresh
    return pair


@unit_of_work
def _rotate(claims: dict[str, Any]) -> Pair | None:
    user = _locked_owner(claims)
    family = _family_of(claims, user) if user else None
    if user is None or family is None or family.revoked_at:
        return None
    jti = claims["jti"]
    if jti == family.current_jti:
        return _advance(family, used_jti=jti)
    if jti == family.previous_jti and _is_within_grace(family):
        return tokens.sign(family.current_claims)
    _end([family])
    record(
        "user.refresh_reused", acting_user=None, company_id=user.company_id, subject="user", subject_id=user.pk,
        detail={"family": str(family.pk)},
    )
    return None


@unit_of_work
def log_out(raw: str, *, acting_user: User) -> None:
    """End the session that a refresh token belongs to.

    Raises NotYourRefresh when the token is missing (blank), another user's, used before or dead.
    """
    try:
        claims = tokens.read_refresh(raw)
    except DeadRefresh:
        raise NotYourRefresh from None
    user = _locked_owner(claims)
    family = _family_of(claims, user) if user == acting_user else None
    if family is None or family.revoked_at or family.current_jti != claims["jti"]:
        raise NotYourRefresh
    _end([family])
    record(
        "user.logged_out", acting_user=acting_user, company_id=acting_user.company_id,
        subject="user", subject_id=acting_user.pk,
    )


def end_all(user: User) -> None:
    """End every session of the user; part of the caller's unit of work, which locked the user."""
    _end(list(user.token_families.filter(revoked_at=None)))


@unit_of_work
def purge_expired() -> int:
    """Delete what no longer matters of expired sessions; return the number of tokens deleted."""
    now = timezone.now()
    TokenFamily.objects.filter(expires_at__lt=now).delete()
    BlacklistedToken.objects.filter(token__expires_at__lt=now).delete()
    deleted, _by_model = OutstandingToken.objects.filter(expires_at__lt=now).delete()
    return deleted


def _locked_owner(claims: dict[str, Any]) -> User | None:
    """Lock and return the token's user, or None where it no longer speaks for them."""
    user = lock_row(User.objects.filter(user_id=claims[USER_CLAIM])).first()
    return user if user and tokens.speaks_for(claims, user) else None


def _family_of(claims: dict[str, Any], user: User) -> TokenFamily | None:
    """Return the token's family; a token that was issued without one founds its own at first use."""
    jti = claims["jti"]
    family_id = claims.get(FAMILY_CLAIM) or uuid5(NAMESPACE_OID, jti)
    family = user.token_families.filter(family_id=family_id).first()
    if family or FAMILY_CLAIM in claims or BlacklistedToken.objects.filter(token__jti=jti).exists():
        return family
    return TokenFamily(
        family_id=family_id, user=user, current_jti=jti, expires_at=_moment(claims["exp"]),
    )


def _moment(epoch_s: int) -> datetime:
    return datetime.fromtimestamp(epoch_s, tz=UTC)


def _is_within_grace(family: TokenFamily) -> bool:
    grace = timedelta(seconds=settings.REFRESH_GRACE_S)
    return family.rotated_at is not None and timezone.now() - family.rotated_at <= grace


def _advance(family: TokenFamily, *, used_jti: str) -> Pair:
    """Make the family's next pair its current one and blacklist the token that was used."""
    if used_jti:
        _blacklist(family)
    claims = tokens.new_claims(family.user, family.family_id)
    family.previous_jti, family.current_jti = used_jti, claims["refresh"]["jti"]
    family.current_claims = claims
    family.rotated_at = timezone.now() if used_jti else None
    family.expires_at = _moment(claims["refresh"]["exp"])
    family.save()
    _outstand(family)
    return tokens.sign(claims)


def _end(families: list[TokenFamily]) -> None:
    for family in families:
        _blacklist(family)
    TokenFamily.objects.filter(pk__in=[family.pk for family in families]).update(revoked_at=timezone.now())


def _outstand(family: TokenFamily) -> OutstandingToken:
    """Return simplejwt's row of the family's current token.

    Without the token itself: whoever reads the database must not find the keys to the sessions.
    """
    values = {"user": family.user, "token": "", "created_at": timezone.now(), "expires_at": family.expires_at}
    return OutstandingToken.objects.get_or_create(jti=family.current_jti, defaults=values)[0]


def _blacklist(family: TokenFamily) -> None:
    BlacklistedToken.objects.get_or_create(token=_outstand(family))
