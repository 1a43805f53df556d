"""Who is calling: JWT bearer tokens."""

from __future__ import annotations

from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import AuthenticationFailed, InvalidToken
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import Token
from rest_framework_simplejwt.utils import get_md5_hash_password

from apps.users.models import User


class TokenAuthentication(JWTAuthentication):
    """simplejwt's authentication, with the user's company brought along in the same query."""

    def get_user(self, validated_token: Token) -> User:  # type: ignore[override]
        """Return the active user whose password is still the one the token was issued under."""
        user_id = validated_token.get(api_settings.USER_ID_CLAIM)
        if user_id is None:
            raise InvalidToken
        user = User.objects.select_related("company").filter(user_id=user_id).first()
        if user is None or not user.is_active:
            raise AuthenticationFailed(code="user_inactive")
        if validated_token.get(api_settings.REVOKE_TOKEN_CLAIM) != get_md5_hash_password(user.password):
            raise AuthenticationFailed(code="password_changed")
        return user
