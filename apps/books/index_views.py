"""The API of price indices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.books import indices
from apps.books.models import INDEX_SCALE, PriceIndex
from apps.common.errors import Forbidden
from apps.common.schema import extend_schema
from apps.companies.scope import ScopedView
from apps.config.policy import Reach

_MONTHS_MAX = 600
_TABLE = OpenApiExample(
    "Dos meses",
    {"indices": [{"month": "2026-01", "value": "8855.5681"}, {"month": "2026-02", "value": "9023.9"}]},
    request_only=True,
)


class IndexInSerializer(serializers.Serializer[Any]):
    """The value of a month."""

    month = serializers.RegexField(r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])\Z", help_text=_("YYYY-MM."))
    value = serializers.DecimalField(
        max_digits=14, decimal_places=4, min_value=Decimal("0.0001"), help_text=_("With up to four decimals.")
    )


class IndicesInSerializer(serializers.Serializer[Any]):
    """Values of some months, in the place of those that stood."""

    for_all = serializers.BooleanField(default=False, help_text=_("For all companies; only rol 0."))
    indices = serializers.ListField(child=IndexInSerializer(), allow_empty=False, max_length=_MONTHS_MAX)

    @property
    def values(self) -> dict[dt.date, int]:
        """The values in ten-thousandths by the first days of their months; of two for one month the last."""
        return {
            dt.date.fromisoformat(f"{row['month']}-01"): int(row["value"] * INDEX_SCALE)
            for row in self.validated_data["indices"]
        }


class IndexSerializer(serializers.ModelSerializer[PriceIndex]):
    """The value of a month."""

    month = serializers.DateField(format="%Y-%m")
    value = serializers.SerializerMethodField("written")
    for_all = serializers.SerializerMethodField()

    class Meta:
        model = PriceIndex
        fields = ["index_id", "month", "value", "for_all"]

    def written(self, index: PriceIndex) -> str:
        """Return the value with four decimals."""
        return str((Decimal(index.ten_thousandths) / INDEX_SCALE).quantize(Decimal("0.0001")))

    def get_for_all(self, index: PriceIndex) -> bool:
        """Return whether it is of no company."""
        return index.company_id is None


class IndexFilter(filters.FilterSet):
    """`?year=`."""

    year = filters.NumberFilter(
        label=_("year of the month"), field_name="month", lookup_expr="year", min_value=1900, max_value=2199,
        decimal_places=0,
    )

    class Meta:
        model = PriceIndex
        fields: list[str] = []


class IndexViewSet(ListModelMixin, RetrieveModelMixin, ScopedView, GenericViewSet[PriceIndex]):
    """Price indices, for the adjustment for inflation."""

    operations = {
        "list": "indices.read", "retrieve": "indices.read", "create": "indices.write", "destroy": "indices.write",
    }
    queryset = PriceIndex.objects.none()  # what kind of rows, for the OpenAPI document
    serializer_class = IndexSerializer
    filterset_class = IndexFilter
    ordering_fields = ("month",)
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[PriceIndex]:
        """Return the company's indices and those for all."""
        return indices.indices_of(self.company)

    @extend_schema(request=IndicesInSerializer, responses={201: IndexSerializer(many=True)}, examples=[_TABLE])
    def create(self, request: Request) -> Response:
        """Set the values of some months."""
        asked = IndicesInSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        for_all = asked.validated_data["for_all"]
        self._must_reach(request, for_all=for_all)
        rows = indices.set_indices(
            asked.values, for_all=for_all, acting_user=self.acting_user, company=self.company
        )
        return Response(IndexSerializer(rows, many=True).data, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Remove the value of a month."""
        index = indices.index_of(self.company, pk)
        self._must_reach(request, for_all=index.company_id is None)
        indices.remove_index(index, acting_user=self.acting_user, company=self.company)
        return Response(status=204)

    def _must_reach(self, request: Request, *, for_all: bool) -> None:
        if for_all and self.reach(request, "indices.write_all") is Reach.NONE:
            raise Forbidden
