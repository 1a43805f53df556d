"""The API of the closing of a year."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.books import errors
from apps.books.reports.asking import FormatSerializer
from apps.books.reports.views import described
from apps.books.reports.writing import written
from apps.books.years import actions
from apps.books.years.guide import foresee_step, guide
from apps.books.years.serializers import (
    ForeseenStepSerializer,
    GuideSerializer,
    InflationSerializer,
    ReasonSerializer,
    StepInSerializer,
    foreseen_step,
)
from apps.books.years.working import working_report
from apps.common.schema import extend_schema, refuses_with
from apps.companies.errors import PeriodClosed
from apps.companies.scope import ScopedView
from apps.trans import wire
from apps.trans.errors import AccountsUnusable
from apps.trans.serializers import TransactionSerializer

_RESULTS = OpenApiExample("Refundición", {"step": "results"}, request_only=True)
_ADJUSTMENT = OpenApiExample(
    "Un ajuste",
    {
        "step": "adjustment", "legend": "Amortización de rodados",
        "entries": [{"acc_id": 190, "debit": 500000}, {"acc_id": 53, "credit": 500000}],
    },
    request_only=True,
)
_REASON = OpenApiExample("Un gasto olvidado", {"reason": "Faltaba la factura de luz de diciembre"}, request_only=True)
_REFUSALS = (
    errors.StepBlocked, errors.YearNotBooked, errors.ResultsNotZero, errors.NothingToClose, errors.NoSuchAccountNamed,
    errors.IndicesMissing, PeriodClosed, AccountsUnusable,
)


def _valid(serializer: Any) -> Any:
    serializer.is_valid(raise_exception=True)
    return serializer


class ClosingView(ScopedView):
    """The closing of a fiscal year, step by step."""

    operations = {"get": "years.read", "post": "years.close"}

    @extend_schema(operation_id="years_closing_retrieve", responses=GuideSerializer)
    def get(self, _request: Request, year: int) -> Response:
        """Answer the steps taken, and what stands in the way of the others."""
        return Response(GuideSerializer(guide(self.company, year)).data)

    @extend_schema(
        operation_id="years_closing_create", request=StepInSerializer, examples=[_RESULTS, _ADJUSTMENT],
        responses={200: TransactionSerializer, 201: TransactionSerializer},
    )
    @refuses_with(*_REFUSALS)
    def post(self, request: Request, year: int) -> Response:
        """Record a step, once: the entry that stands is answered with 200. After the cierre the year is shut."""
        asked = _valid(StepInSerializer(data=request.data))
        taken = actions.take_step(
            year, asked.step_asked, asked.wish, acting_user=self.acting_user, company=self.company
        )
        return Response(wire.write_one(self.company, taken.transaction.pk), status=201 if taken.made else 200)


class ClosingPreviewView(ScopedView):
    """What a step would record."""

    operations = {"post": "years.close"}

    @extend_schema(
        operation_id="years_closing_preview_create", request=StepInSerializer, examples=[_RESULTS, _ADJUSTMENT],
        responses=ForeseenStepSerializer,
    )
    @refuses_with(*_REFUSALS)
    def post(self, request: Request, year: int) -> Response:
        """Answer the entry that a step would record, or has recorded; nothing changes."""
        asked = _valid(StepInSerializer(data=request.data))
        found = foresee_step(self.company, year, asked.step_asked, asked.wish)
        return Response(foreseen_step(asked.step_asked, found))


class ReopenView(ScopedView):
    """Opening a closed year again."""

    operations = {"post": "years.reopen"}

    @extend_schema(
        operation_id="years_reopen_create", request=ReasonSerializer, examples=[_REASON], responses=GuideSerializer
    )
    @refuses_with(errors.YearNotClosed, errors.LaterYearClosed, PeriodClosed)
    def post(self, request: Request, year: int) -> Response:
        """Reverse apertura, cierre and refundición, each on its own date, and open the year again."""
        reason = _valid(ReasonSerializer(data=request.data)).validated_data["reason"]
        actions.reopen_year(year, reason=reason, acting_user=self.acting_user, company=self.company)
        return Response(GuideSerializer(guide(self.company, year)).data)


class InflationView(ScopedView):
    """The working of the adjustment for inflation."""

    operations = {"get": "years.read"}
    serializer_class: type[serializers.Serializer[Any]] = InflationSerializer

    @described("years_inflation_retrieve", FormatSerializer, InflationSerializer)
    @refuses_with(errors.IndicesMissing, errors.ReportTooLarge, errors.PagesFailed)
    def get(self, request: Request, year: int) -> HttpResponseBase:
        """Answer what each non-monetary account moved by month of origin, restated to December."""
        form = _valid(FormatSerializer(data=request.query_params.dict())).validated_data["format"]
        return written(working_report(self.company, year), form)
