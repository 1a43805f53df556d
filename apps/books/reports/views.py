"""The API of the reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from apps.books.reports.asking import ReportQuerySerializer, TrialQuerySerializer
from apps.books.reports.report import Report
from apps.books.reports.serializers import TrialSerializer
from apps.books.reports.trial import trial_report
from apps.books.reports.writing import written
from apps.common.sheets import CSV_TYPE, XLSX_TYPE
from apps.companies.scope import ScopedView


def _described(operation: str, query: type[ReportQuerySerializer], answer: Any) -> Callable[..., Any]:
    """Document a report: its query, its JSON, and the files that it may be instead."""
    file = OpenApiResponse(OpenApiTypes.BINARY, "The report as a file, where `format` asks for one.")
    return extend_schema(
        operation_id=f"reports_{operation}", parameters=[query],
        responses={
            (200, "application/json"): answer,
            (200, CSV_TYPE.partition(";")[0]): file,
            (200, XLSX_TYPE): file,
            (200, "application/pdf"): file,
        },
    )


class ReportView(ScopedView):
    """Base of the reports: reads the query, makes the report, writes it in the format asked for."""

    operations = {"get": "reports.read"}
    query_class: ClassVar[type[ReportQuerySerializer]]
    make: ClassVar[Any]  # (company, asked) -> Report, a staticmethod

    def answer(self, request: Request) -> HttpResponseBase:
        """Answer the report."""
        query = self.query_class(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        report: Report = self.make(self.company, query.asked())
        return written(report, query.validated_data["format"])


class TrialView(ReportView):
    """Balance de sumas y saldos."""

    query_class = TrialQuerySerializer
    make = staticmethod(trial_report)

    @_described("sumas_y_saldos", TrialQuerySerializer, TrialSerializer)
    def get(self, request: Request) -> HttpResponseBase:
        """Answer what each account brought along, moved and is left with; by default the fiscal year to date."""
        return self.answer(request)
