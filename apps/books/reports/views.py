"""The API of the reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request

from apps.books.errors import PagesFailed, ReportTooLarge
from apps.books.reports import serializers
from apps.books.reports.ages import ages_report
from apps.books.reports.asking import (
    ComparedQuerySerializer,
    FormatSerializer,
    PagedQuerySerializer,
    ReportQuerySerializer,
    TrialQuerySerializer,
)
from apps.books.reports.journal import journal_report
from apps.books.reports.mayor import mayor_report
from apps.books.reports.position import position_report
from apps.books.reports.report import Report
from apps.books.reports.results import results_report
from apps.books.reports.trial import trial_report
from apps.books.reports.vat import vat_report
from apps.books.reports.writing import written
from apps.common.schema import extend_schema, refuses_with
from apps.common.sheets import CSV_TYPE, XLSX_TYPE
from apps.companies.scope import ScopedView


def described(operation: str, query: type[FormatSerializer], answer: Any) -> Callable[..., Any]:
    """Document a report: its query, its JSON, and the files that it may be instead."""
    file = OpenApiResponse(OpenApiTypes.BINARY, "The report as a file, where `format` asks for one.")
    return extend_schema(
        operation_id=operation, parameters=[query],
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

    @described("reports_sumas_y_saldos", TrialQuerySerializer, serializers.TrialSerializer)
    @refuses_with(ReportTooLarge, PagesFailed)
    def get(self, request: Request) -> HttpResponseBase:
        """Answer what each account brought along, moved and is left with; by default the fiscal year to date."""
        return self.answer(request)


class MayorView(ReportView):
    """Libro mayor."""

    query_class = PagedQuerySerializer
    make = staticmethod(mayor_report)

    @described("reports_libro_mayor", PagedQuerySerializer, serializers.MayorSerializer)
    @refuses_with(ReportTooLarge, PagesFailed)
    def get(self, request: Request) -> HttpResponseBase:
        """Answer an account's lines with the running balance, page by page; without one, what every account moved."""
        return self.answer(request)


class JournalView(ReportView):
    """Libro diario."""

    query_class = PagedQuerySerializer
    make = staticmethod(journal_report)

    @described("reports_libro_diario", PagedQuerySerializer, serializers.JournalSerializer)
    @refuses_with(ReportTooLarge, PagesFailed)
    def get(self, request: Request) -> HttpResponseBase:
        """Answer the transactions of a range line by line, page by page, whatever their state."""
        return self.answer(request)


class PositionView(ReportView):
    """Estado de situación patrimonial."""

    query_class = ComparedQuerySerializer
    make = staticmethod(position_report)

    @described("reports_situacion_patrimonial", ComparedQuerySerializer, serializers.PositionSerializer)
    @refuses_with(ReportTooLarge, PagesFailed)
    def get(self, request: Request) -> HttpResponseBase:
        """Answer what is owned, owed and left to the owners on the last day, by rubro unless a level is asked for."""
        return self.answer(request)


class ResultsView(ReportView):
    """Estado de resultados."""

    query_class = ComparedQuerySerializer
    make = staticmethod(results_report)

    @described("reports_estado_de_resultados", ComparedQuerySerializer, serializers.ResultsSerializer)
    @refuses_with(ReportTooLarge, PagesFailed)
    def get(self, request: Request) -> HttpResponseBase:
        """Answer what was gained and spent in the range by rubro, beside another range where one is asked for."""
        return self.answer(request)


class VatView(ReportView):
    """IVA by month."""

    query_class = ReportQuerySerializer
    make = staticmethod(vat_report)

    @described("reports_iva", ReportQuerySerializer, serializers.VatSerializer)
    @refuses_with(ReportTooLarge, PagesFailed)
    def get(self, request: Request) -> HttpResponseBase:
        """Answer the IVA débito and crédito fiscal of each month, settlements left out."""
        return self.answer(request)


class AgesView(ReportView):
    """Receivables and payables by age."""

    query_class = ReportQuerySerializer
    make = staticmethod(ages_report)

    @described("reports_antiguedad", ReportQuerySerializer, serializers.AgesSerializer)
    @refuses_with(ReportTooLarge, PagesFailed)
    def get(self, request: Request) -> HttpResponseBase:
        """Answer how old what is owed to the company and by it is on the last day."""
        return self.answer(request)
