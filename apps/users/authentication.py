"""Who is calling: JWT bearer tokens."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from apps.users import tokens
from apps.users.errors import DeadAccess
from apps.users.models import User


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer` with an access token, of a user whose company is brought along in the same query."""

    def authenticate(self, request: Request) -> tuple[User, dict[str, Any]] | None:
        """Return the caller and the token's claims, None where no token is borne; else raise DeadAccess."""
        words = get_authorization_header(request).split()
        if not words or words[0] != b"Bearer":
            return None
        if len(words) != 2:
            raise DeadAccess
        claims = tokens.read_access(words[1])
        user = User.objects.select_related("company").filter(user_id=claims[tokens.USER_CLAIM]).first()
        if user is None or not tokens.speaks_for(claims, user):
            raise DeadAccess
        return user, claims

    def authenticate_header(self, _request: Request) -> str:
        """Return what a 401 asks for."""
        return 'Bearer realm="api"'
