"""Sessions over HTTP: login, refresh, logout."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.common.address import client_address
from apps.common.schema import MessageSerializer, extend_schema, refuses_with
from apps.config.permissions import MatrixView
from apps.users import sessions
from apps.users.errors import DeadRefresh, NotYourRefresh, TooManyFailures, WrongCredentials
from apps.users.serializers import (
    LoginSerializer,
    LogoutSerializer,
    PairSerializer,
    RefreshSerializer,
    SessionSerializer,
)

_NOT_STORED = {"Cache-Control": "no-store"}
_CREDENTIALS = OpenApiExample(
    "login", request_only=True, value={"email": "ana@example.com", "password": "tres tristes tigres"}
)
_REFRESH = OpenApiExample("the session's refresh token", {"refresh": "eyJhbGciOi..."}, request_only=True)
_LOGOUT = OpenApiExample("the session's refresh token", {"refresh_token": "eyJhbGciOi..."}, request_only=True)


@extend_schema(tags=["auth"])
class LoginView(APIView):
    """Opening a session."""

    # None: an ended token in the header must not keep its bearer from logging in again.
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(request=LoginSerializer, responses=SessionSerializer, examples=[_CREDENTIALS])
    @refuses_with(WrongCredentials, TooManyFailures)
    def post(self, request: Request) -> Response:
        """Log in with e-mail and password."""
        body = LoginSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        session = sessions.log_in(**body.validated_data, address=client_address(request))
        return Response(SessionSerializer(session).data, headers=_NOT_STORED)


@extend_schema(tags=["auth"])
class RefreshView(APIView):
    """Going on with a session."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(request=RefreshSerializer, responses=PairSerializer, examples=[_REFRESH])
    @refuses_with(DeadRefresh)
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for a new pair; the one used ends."""
        body = RefreshSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        pair = sessions.refresh(body.validated_data["refresh"])
        return Response(PairSerializer(pair).data, headers=_NOT_STORED)


@extend_schema(tags=["auth"])
class LogoutView(MatrixView):
    """Ending a session."""

    operations = {"post": "users.me"}

    @extend_schema(request=LogoutSerializer, responses=MessageSerializer, examples=[_LOGOUT])
    @refuses_with(NotYourRefresh)
    def post(self, request: Request) -> Response:
        """Log out: the session of the refresh token ends."""
        body = LogoutSerializer(data=request.data)
        # Whatever is wrong with the body, there is no token in it: one answer for all.
        token = body.validated_data["refresh_token"] if body.is_valid() else ""
        sessions.log_out(token, acting_user=self.acting_user)
        return Response({"message": _("You have logged out.")})
