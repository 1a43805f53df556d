"""The API of the audit trail. It stands here and not in the audit room, which lies below the scope."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.audit import queries, wire
from apps.audit.filters import AuditFilter
from apps.audit.models import SYSTEM_CHAIN, AuditEvent
from apps.audit.serializers import AnchorSerializer, AuditEventSerializer, HeadSerializer, VerificationSerializer
from apps.common.schema import extend_schema
from apps.companies.scope import ScopedView

_CHAIN = OpenApiParameter(
    "chain", str, enum=["company", "system", "earlier"], default="company",
    description="The trail of the company, that of what belongs to none (the configuration, companies removed), or the"
                " one that the company brought along from another installation (the last of them).",
)

# Below every number that a chain may get: an empty trail.
_NO_CHAIN = -(2**63)


class AuditViewSet(ScopedView, GenericViewSet[AuditEvent]):
    """The trail, the newest event first. Each event is hashed over the one before it."""

    operations = {"list": "audit.read", "chain_head": "audit.read", "verify": "audit.read"}
    queryset = AuditEvent.objects.none()  # what kind of rows, for the OpenAPI document
    serializer_class = AuditEventSerializer
    filterset_class = AuditFilter
    ordering_fields = ("seq",)

    @extend_schema(parameters=[_CHAIN], responses=AuditEventSerializer(many=True))
    def list(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """Answer a page of the trail."""
        events = self.filter_queryset(queries.counted_events_of(self._chain()))
        page = self.paginate_queryset(wire.rows(events))
        return self.get_paginated_response([wire.write(row) for row in page or []])

    @extend_schema(parameters=[_CHAIN], responses=HeadSerializer)
    @action(detail=False, url_path="head", pagination_class=None, filterset_class=None, ordering_fields=())
    def chain_head(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """Answer the last event's number and hash, to be kept elsewhere."""
        return Response(HeadSerializer(queries.head_of(self._chain())).data)

    @extend_schema(parameters=[_CHAIN, AnchorSerializer], responses=VerificationSerializer)
    @action(detail=False, pagination_class=None, filterset_class=None, ordering_fields=())
    def verify(self, request: Request) -> Response:
        """Recompute the chain and name what is changed, missing, inserted or out of order.

        `seq` and `hash` of a head noted earlier tell also a trail that was rewritten whole.
        """
        noted = AnchorSerializer(data=request.query_params.dict())
        noted.is_valid(raise_exception=True)
        return Response(VerificationSerializer(queries.verification(self._chain(), anchor=noted.anchor)).data)

    def _chain(self) -> int:
        name = self.request.query_params.get("chain", "company")
        if name == "earlier":
            return next(iter(queries.earlier_chains(self.company.pk)), _NO_CHAIN)
        if name not in {"company", "system"}:
            raise ValidationError({"chain": [_("Write company, system or earlier.")]})
        return self.company.pk if name == "company" else SYSTEM_CHAIN
