"""The matrix as DRF's permission: every view names its operation, none decides by itself."""

from __future__ import annotations

import math
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.common.errors import TooMany
from apps.config.policy import Reach, reach


class MatrixPermission(BasePermission):
    """Lets through who reaches the view's operation at all (own rows: the room decides).

    A view gives `operations`: by action name for viewsets, by method for plain views. An action
    without an operation is refused, so that a forgotten line closes a door instead of opening it.
    """

    message = _("Your role does not allow this.")

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether the user's role reaches the operation."""
        user = request.user
        if not user.is_authenticated:
            return False
        if not answers(view, request):
            return True  # nothing to guard: DRF answers 405
        operation = operation_of(request, view)
        if operation is None:
            return False
        mode = bool(getattr(request, "system_mode", False))
        return reach(user, operation, business=mode) is not Reach.NONE


def answers(view: Any, request: Request) -> bool:
    """Return whether the view has something to do for the request's method."""
    return request.method != "OPTIONS" and hasattr(view, (request.method or "").lower())


def operation_of(request: Request, view: Any) -> str | None:
    """Return the matrix row for the view's current action, or None."""
    operations: dict[str, str] = view.operations
    action = getattr(view, "action", None)
    return operations.get(action or (request.method or "").lower())


class MatrixView(APIView):
    """Base of API views that ask the matrix."""

    permission_classes = [MatrixPermission]
    operations: dict[str, str] = {}

    @property
    def acting_user(self) -> Any:
        """The caller, for actions (a User, whose room stands above this one)."""
        return self.request.user

    def throttled(self, request: Request, wait: float | None) -> NoReturn:  # noqa: ARG002 - DRF's signature
        """Raise TooMany: what the view's throttles refuse is told like any other refusal."""
        raise TooMany(math.ceil(wait or 1))

    def reach(self, request: Request, operation: str) -> Reach:
        """Return how far the caller may go with an operation of the matrix."""
        mode = bool(getattr(request, "system_mode", False))
        return reach(self.acting_user, operation, business=mode)
