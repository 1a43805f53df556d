"""Users and their sessions on the wire."""

from __future__ import annotations

import copy
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as PasswordError
from rest_framework import serializers

from apps.config.queries import system_mode
from apps.config.roles import Role, role_name
from apps.users.models import User, UserStatus
from apps.users.sessions import Session
from apps.users.tokens import Pair

PASSWORD_MAX = 128
TOKEN_MAX = 4096
BIGINT_MAX = 2**63 - 1


class UserSerializer(serializers.ModelSerializer[User]):
    """A user, as everybody reads one."""

    role_name = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = [
            "user_id", "name", "email", "created_at", "updated_at", "status", "group", "rol", "role_name", "company",
        ]
        read_only_fields = fields

    def get_role_name(self, user: User) -> str:
        """The role's name in the system's mode."""
        request = self.context.get("request")
        mode: bool = request.system_mode if request else system_mode()
        return role_name(user.rol, business=mode)


class PasswordField(serializers.CharField):
    """A password: never answered, and taken to the letter."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"write_only": True, "trim_whitespace": False, "max_length": PASSWORD_MAX}
        super().__init__(**kwargs, style={"input_type": "password"})


class UserWriteSerializer(serializers.Serializer[User]):
    """What a user is created from; what is not named here cannot be written."""

    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=120)
    password = PasswordField()
    group = serializers.CharField(max_length=60, allow_blank=True, required=False)
    rol = serializers.ChoiceField(choices=Role.choices, required=False)
    status = serializers.ChoiceField(choices=UserStatus.choices, required=False)
    company = serializers.IntegerField(
        min_value=1, max_value=BIGINT_MAX, required=False, help_text="Rol 0 only; a new user gets the creator's.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check a new password with the person in view, as they will be."""
        if "password" in attrs:
            person = copy.copy(self.instance) if self.instance else User()
            person.email, person.name = attrs.get("email", person.email), attrs.get("name", person.name)
            try:
                validate_password(attrs["password"], person)
            except PasswordError as error:
                raise serializers.ValidationError({"password": error.messages}) from error
        return attrs


class UserUpdateSerializer(UserWriteSerializer):
    """What a user is changed by: the same, the password only when it is to be another."""

    password = PasswordField(required=False)


class OwnDataSerializer(UserUpdateSerializer):
    """What everybody may change of themselves; a new password needs the current one."""

    email = None  # type: ignore[assignment]
    group = None  # type: ignore[assignment]
    rol = None  # type: ignore[assignment]
    status = None  # type: ignore[assignment]
    company = None  # type: ignore[assignment]
    current_password = PasswordField(required=False)


class LoginSerializer(serializers.Serializer[Any]):
    """E-mail, in any case, and password."""

    email = serializers.CharField(max_length=254)
    password = PasswordField()


class SessionSerializer(serializers.Serializer[Session]):
    """A login: tokens and whom they belong to."""

    access = serializers.CharField(source="pair.access")
    refresh = serializers.CharField(source="pair.refresh")
    user_id = serializers.IntegerField(source="user.user_id")
    name = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    rol = serializers.IntegerField(source="user.rol")


class RefreshSerializer(serializers.Serializer[Any]):
    """The refresh token to exchange."""

    refresh = serializers.CharField(max_length=TOKEN_MAX)


class PairSerializer(serializers.Serializer[Pair]):
    """A new pair of tokens."""

    access = serializers.CharField()
    refresh = serializers.CharField()


class LogoutSerializer(serializers.Serializer[Any]):
    """The refresh token whose session ends."""

    refresh_token = serializers.CharField(max_length=TOKEN_MAX)
