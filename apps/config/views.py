"""The configuration's doors."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.common.schema import extend_schema, refuses_with
from apps.config import actions, queries
from apps.config.errors import ConfigExists
from apps.config.models import Config
from apps.config.permissions import MatrixView
from apps.config.roles import role_names
from apps.config.serializers import ConfigSerializer

_CONFIG = OpenApiExample(
    "A company in pesos", {"system_mode": True, "date_format": "DD/MM/YYYY", "currency": "ARS"}, request_only=True
)


class ConfigViewSet(ListModelMixin, RetrieveModelMixin, MatrixView, GenericViewSet[Config]):
    """The one configuration, as a collection of one."""

    operations = {
        "list": "config.read",
        "retrieve": "config.read",
        "current": "config.read",
        "role_names": "config.read",
        "create": "config.write",
        "update": "config.write",
        "partial_update": "config.write",
    }
    serializer_class = ConfigSerializer
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Config]:
        """Return the one row."""
        return queries.config_rows()

    @extend_schema(request=None, responses={409: OpenApiResponse(description="Always.")})
    @refuses_with(ConfigExists)
    def create(self, request: Request) -> Response:  # noqa: ARG002 - whatever is sent
        """Refuse: there is one from the start."""
        raise ConfigExists

    @extend_schema(examples=[_CONFIG])
    def update(self, request: Request, pk: int, *, partial: bool = False) -> Response:  # noqa: ARG002 - it is the one
        """Change it."""
        serializer = self.get_serializer(self.get_object(), data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        config = actions.change_config(serializer.validated_data, acting_user=self.acting_user)
        return Response(self.get_serializer(config).data)

    @extend_schema(examples=[_CONFIG])
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change the fields given."""
        return self.update(request, pk, partial=True)

    @action(detail=False, pagination_class=None)
    def current(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """Answer the configuration itself."""
        return Response(self.get_serializer(queries.current_config()).data)

    @extend_schema(
        responses={(200, "application/json"): {"type": "object", "additionalProperties": {"type": "string"}}},
        examples=[OpenApiExample("Educational mode", {"0": "Profesor", "2": "Alumno"})],
    )
    @action(detail=False, pagination_class=None)
    def role_names(self, request: Request) -> Response:
        """Answer the roles that can be given in the present mode."""
        names = role_names(business=bool(request.system_mode))  # type: ignore[attr-defined]
        return Response({str(rol): name for rol, name in names.items()})
