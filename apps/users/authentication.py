"""Who is calling: JWT bearer tokens."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import AuthenticationFailed
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import Token

from apps.users import tokens
from apps.users.errors import DeadAccess
from apps.users.models import User


class TokenAuthentication(JWTAuthentication):
    """simplejwt's authentication, with the user's company brought along in the same query."""

    def authenticate(self, request: Request) -> Any:
        """Return the caller and their token, None where there is none; else raise DeadAccess."""
        try:
            return super().authenticate(request)
        except AuthenticationFailed:
            raise DeadAccess from None

    def get_user(self, validated_token: Token) -> User:  # type: ignore[override]
        """Return the active user whose password is still the one the token was issued under."""
        user_id = validated_token.get(api_settings.USER_ID_CLAIM)
        user = User.objects.select_related("company").filter(user_id=user_id).first()
        if user is None or not tokens.speaks_for(validated_token.payload, user):
            raise DeadAccess
        return user
