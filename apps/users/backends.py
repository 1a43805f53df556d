"""Logging in where Django itself asks: its admin."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from apps.common.address import client_address
from apps.users import credentials, sessions
from apps.users.errors import TooManyFailures, WrongCredentials
from apps.users.models import User


class EmailBackend(ModelBackend):
    """Proves people as the API does: throttled, and with the same work for every refusal."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return the user, or None; PermissionDenied, which asks no other backend, when throttled."""
        email = username or kwargs.get(User.USERNAME_FIELD)
        if email is None or password is None:
            return None
        address = client_address(request) if request else ""
        try:
            return sessions.accept(credentials.prove(email, password, address=address), password)
        except WrongCredentials:
            return None
        except TooManyFailures as error:
            raise PermissionDenied from error
