"""The API of companies and periods."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.common.schema import extend_schema, refuses_with
from apps.companies import actions, errors, queries
from apps.companies.filters import CompanyFilter, PeriodFilter
from apps.companies.models import Company, Period
from apps.companies.scope import ScopedView
from apps.companies.serializers import (
    CompanySerializer,
    PeriodInSerializer,
    PeriodSerializer,
    PracticeInSerializer,
    PracticeSerializer,
)

_COMPANY = OpenApiExample("Almacén", {"name": "Almacén Don Julio SRL", "kind": "shared"}, request_only=True)
_GROUP = OpenApiExample("A company for each of a group", {"group": "3A", "per": "user"}, request_only=True)
_MONTH = OpenApiExample("A month", {"kind": "month", "year": 2026, "month": 3}, request_only=True)
_YEAR = OpenApiExample("A year", {"kind": "year", "year": 2026}, request_only=True)


def _valid(serializer: Any) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


class CompanyViewSet(ListModelMixin, RetrieveModelMixin, ScopedView, GenericViewSet[Company]):
    """Companies (empresas): every other thing belongs to one."""

    operations = {
        "list": "companies.read",
        "retrieve": "companies.read",
        "create": "companies.write",
        "update": "companies.write",
        "partial_update": "companies.write",
        "destroy": "companies.write",
        "practice": "companies.write",
    }
    queryset = Company.objects.none()  # what kind of rows, for the OpenAPI document
    serializer_class = CompanySerializer
    filterset_class = CompanyFilter
    ordering_fields = ("company_id", "name", "created_at")
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Company]:
        """Return the companies that the caller sees."""
        return queries.companies_for(self.company, self.reach(self.request, "companies.read"))

    @extend_schema(examples=[_COMPANY])
    def create(self, request: Request) -> Response:
        """Create a company; it gets the default chart and this year's open periods."""
        data = _valid(self.get_serializer(data=request.data))
        company = actions.open_company(**data, acting_user=self.acting_user)
        return Response(self.get_serializer(company).data, status=201)

    @extend_schema(examples=[_COMPANY])
    def update(self, request: Request, pk: int, *, partial: bool = False) -> Response:
        """Change the name; the kind stays what it is."""
        data = _valid(self.get_serializer(data=request.data, partial=partial))
        company = actions.change_company(pk, data, acting_user=self.acting_user)  # type: ignore[arg-type]
        return Response(self.get_serializer(company).data)

    @extend_schema(examples=[_COMPANY])
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change the name."""
        return self.update(request, pk, partial=True)

    @extend_schema(responses={204: None})
    @refuses_with(errors.DefaultCompany, errors.CompanyInUse)
    def destroy(self, request: Request, pk: int) -> Response:  # noqa: ARG002 - DRF's signature
        """Delete a company without users, transactions and closed periods."""
        actions.remove_company(pk, acting_user=self.acting_user)
        return Response(status=204)

    @extend_schema(request=PracticeInSerializer, responses={201: PracticeSerializer(many=True)}, examples=[_GROUP])
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None, ordering_fields=())
    def practice(self, request: Request) -> Response:
        """Create a practice company for each user or group, with the default company's chart, and move them in.

        What they recorded before stays in the company where they recorded it.
        """
        data = _valid(PracticeInSerializer(data=request.data))
        practices = actions.open_practice(**data, acting_user=self.acting_user)
        return Response(PracticeSerializer(practices, many=True).data, status=201)


class PeriodViewSet(ListModelMixin, RetrieveModelMixin, ScopedView, GenericViewSet[Period]):
    """Fiscal years and months. One that is not listed is open."""

    operations = {
        "list": "periods.read",
        "retrieve": "periods.read",
        "create": "periods.write",
        "close": "periods.write",
        "reopen": "periods.reopen",
    }
    queryset = Period.objects.none()  # what kind of rows, for the OpenAPI document
    serializer_class = PeriodSerializer
    filterset_class = PeriodFilter
    ordering_fields = ("year", "month")
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Period]:
        """Return the company's periods."""
        return queries.periods_of(self.company)

    @extend_schema(request=PeriodInSerializer, responses={201: PeriodSerializer}, examples=[_MONTH, _YEAR])
    @refuses_with(errors.PeriodExists)
    def create(self, request: Request) -> Response:
        """Add a year or a month, open."""
        data = _valid(PeriodInSerializer(data=request.data))
        period = actions.open_period(
            data["year"], data["month"], acting_user=self.acting_user, company=self.company
        )
        return Response(self.get_serializer(period).data, status=201)

    @extend_schema(request=None, responses=PeriodSerializer)
    @refuses_with(errors.PeriodAlreadyClosed)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: int) -> Response:  # noqa: ARG002 - DRF's signature
        """Close a year or a month: nothing may be dated in it any more, and nothing in it may change."""
        period = actions.close_period(pk, acting_user=self.acting_user, company=self.company)
        return Response(self.get_serializer(period).data)

    @extend_schema(request=None, responses=PeriodSerializer)
    @refuses_with(errors.PeriodAlreadyOpen, errors.YearClosed)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Response:  # noqa: ARG002 - DRF's signature
        """Reopen a period; a month of a closed year waits for its year."""
        period = actions.reopen_period(pk, acting_user=self.acting_user, company=self.company)
        return Response(self.get_serializer(period).data)
