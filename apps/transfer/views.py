"""The API of exports."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request

from apps.common.schema import extend_schema
from apps.companies.queries import company_of
from apps.companies.scope import ScopedView
from apps.trans.imports.views import ImportThrottle
from apps.transfer.exporting import FORMATS, export_company, file_name
from apps.transfer.sending import sent
from apps.transfer.serializers import ExportQuerySerializer


class ExportView(ScopedView):
    """A company as a file."""

    operations = {"get": "companies.export"}
    throttle_classes = [ImportThrottle]  # writing one keeps a core busy as reading one does

    @extend_schema(
        operation_id="companies_export_retrieve",
        parameters=[ExportQuerySerializer],
        responses={
            (200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY, "The archive."),
            (200, "text/plain"): OpenApiResponse(OpenApiTypes.BINARY, "The journal, where `format` asks for text."),
        },
    )
    def get(self, request: Request, pk: int) -> StreamingHttpResponse:
        """Answer everything of a company: chart, periods, transactions, books, people and the audit trail."""
        query = ExportQuerySerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        kind = query.validated_data["format"]
        company = company_of(pk)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "export"
            export_company(company, kind, path)
            handle = path.open("rb")  # it stays open, and goes with its last reader
        made = FORMATS[kind]
        return sent(handle, request._request, name=file_name(company, kind), media_type=made.media_type)  # noqa: SLF001
