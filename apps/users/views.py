"""Users over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.common.address import client_address
from apps.common.schema import extend_schema, refuses_with
from apps.companies.scope import ScopedView
from apps.users import actions, queries
from apps.users.errors import (
    CannotGrantLead,
    LastLeader,
    LeaderOutOfReach,
    OwnRole,
    SuperuserOutOfReach,
    TooManyFailures,
    UnknownUser,
    UserHasRecords,
)
from apps.users.filters import UserFilters
from apps.users.models import User
from apps.users.rights import UserData
from apps.users.serializers import OwnDataSerializer, UserSerializer, UserUpdateSerializer, UserWriteSerializer

_NEW_STUDENT = OpenApiExample(
    "new student", request_only=True,
    value={"email": "ana@example.com", "name": "Ana Ruiz", "password": "tres tristes tigres", "group": "3A", "rol": 2},
)
_STUDENT = OpenApiExample(
    "student", response_only=True, status_codes=["200", "201"],
    value={
        "user_id": 7, "name": "Ana Ruiz", "email": "ana@example.com", "created_at": "2026-03-02T09:00:00-03:00",
        "updated_at": "2026-03-02T09:00:00-03:00", "status": 0, "group": "3A", "rol": 2, "role_name": "Alumno",
        "company": 1,
    },
)
_OTHER_GROUP = OpenApiExample("another group", {"group": "3B"}, request_only=True)
_OWN_PASSWORD = OpenApiExample(
    "another password", {"password": "tigres tristes tres", "current_password": "tres tristes tigres"},
    request_only=True,
)
_changes_refused = refuses_with(
    UnknownUser, LastLeader, LeaderOutOfReach, CannotGrantLead, OwnRole, SuperuserOutOfReach
)


class UserViewSet(ScopedView, GenericViewSet[User]):
    """The users of the company."""

    operations = {
        "list": "users.list",
        "create": "users.create",
        "retrieve": "users.retrieve",
        "update": "users.put",
        "partial_update": "users.patch",
        "destroy": "users.delete",
        "me": "users.me",
        "change_me": "users.me",
    }
    queryset = User.objects.none()  # what the schema is made from; reads go through queries
    serializer_class = UserSerializer
    filterset_class = UserFilters
    ordering_fields = ["user_id", "name", "email", "group", "rol", "status", "created_at"]
    lookup_field = "user_id"
    lookup_value_regex = "[0-9]{1,18}"

    def list(self, _request: Request) -> Response:
        """List the company's users."""
        page = self.paginate_queryset(self.filter_queryset(queries.users_of(self.company)))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=UserWriteSerializer, responses={201: UserSerializer}, examples=[_NEW_STUDENT, _STUDENT])
    @refuses_with(CannotGrantLead)
    def create(self, request: Request) -> Response:
        """Create a user, in the caller's company unless rol 0 names another."""
        body = UserWriteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        data = UserData(**body.validated_data)
        user = actions.create_user(data, acting_user=self.acting_user, company=self.company)
        return Response(self.get_serializer(user).data, status=201)

    @extend_schema(examples=[_STUDENT])
    @refuses_with(UnknownUser)
    def retrieve(self, _request: Request, user_id: str) -> Response:
        """Read one of the company's users."""
        return Response(self.get_serializer(queries.user_of(self.company, int(user_id))).data)

    @extend_schema(request=UserUpdateSerializer, examples=[_NEW_STUDENT, _STUDENT])
    @_changes_refused
    def update(self, request: Request, user_id: str) -> Response:
        """Write all of a user's data; without `password` it stays as it is."""
        return self._change(request, user_id, partial=False)

    @extend_schema(request=UserUpdateSerializer, examples=[_OTHER_GROUP, _STUDENT])
    @_changes_refused
    def partial_update(self, request: Request, user_id: str) -> Response:
        """Change some of a user's data."""
        return self._change(request, user_id, partial=True)

    def _change(self, request: Request, user_id: str, *, partial: bool) -> Response:
        user = queries.user_of(self.company, int(user_id))
        body = UserUpdateSerializer(user, data=request.data, partial=partial)
        body.is_valid(raise_exception=True)
        data = UserData(**body.validated_data)
        changed = actions.change_user(user.pk, data, acting_user=self.acting_user, company=self.company)
        return Response(self.get_serializer(changed).data)

    @refuses_with(UnknownUser, LastLeader, UserHasRecords)
    def destroy(self, _request: Request, user_id: str) -> Response:
        """Delete a user who recorded nothing; others are deactivated instead."""
        actions.delete_user(int(user_id), acting_user=self.acting_user, company=self.company)
        return Response(status=204)

    @action(detail=False, pagination_class=None, filter_backends=[])
    def me(self, _request: Request) -> Response:
        """Read oneself."""
        return Response(self.get_serializer(self.acting_user).data)

    @extend_schema(request=OwnDataSerializer, examples=[_OWN_PASSWORD, _STUDENT])
    @refuses_with(TooManyFailures)
    @me.mapping.patch
    def change_me(self, request: Request) -> Response:
        """Change one's own name, or with `current_password` one's password, which ends one's sessions."""
        body = OwnDataSerializer(self.acting_user, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        wanted: dict[str, Any] = {"name": None, "password": None, "current_password": None, **body.validated_data}
        user = actions.change_own(self.acting_user, **wanted, address=client_address(request))
        return Response(self.get_serializer(user).data)
