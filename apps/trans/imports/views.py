"""The API of imports."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle

from apps.common.schema import extend_schema
from apps.common.uploads import refuse_larger
from apps.companies.scope import ScopedView
from apps.trans.imports.actions import import_journal, rehearse_import
from apps.trans.imports.cells import WEB
from apps.trans.imports.openings import Opening
from apps.trans.imports.serializers import (
    ImportInSerializer,
    ImportQuerySerializer,
    OpeningInSerializer,
    ReportSerializer,
)

_FORM_BYTES_MAX = WEB.bytes + 64 * 1024
_JOURNAL = OpenApiExample(
    "Un asiento en CSV",
    {
        "file": "asiento;fecha;leyenda;cuenta;debe;haber\n"
        "1;05/03/2026;Venta al contado;11101;1.210,00;\n"
        "1;05/03/2026;Venta al contado;41101;;1.000,00\n"
        "1;05/03/2026;Venta al contado;21401;;210,00\n"
    },
    request_only=True,
    media_type="multipart/form-data",
)


_BALANCES = OpenApiExample(
    "Saldos iniciales en CSV",
    {
        "file": "cuenta;saldo\n11101;150.000,00\n21101;40.000,00\n", "date": "2026-01-01",
        "legend": "Saldos iniciales", "counterpart": "31101",
    },
    request_only=True,
    media_type="multipart/form-data",
)
_ANSWERS = {
    200: OpenApiResponse(ReportSerializer, "A dry run, also when it finds errors."),
    201: OpenApiResponse(ReportSerializer, "All of the file was recorded."),
    400: OpenApiResponse(ReportSerializer, "Nothing was recorded; a file that cannot be read at all is answered"
                                           " with a message for the field `file`."),
}


class ImportThrottle(UserRateThrottle):
    """So many files a minute from one person: reading one may keep a core busy for seconds."""

    scope = "imports"

    def get_rate(self) -> str:
        """Return the rate of the settings."""
        return f"{settings.IMPORTS_PER_MINUTE}/minute"


class ImportView(ScopedView):
    """Journals from files."""

    operations = {"post": "trans.create"}
    parser_classes = [MultiPartParser]
    throttle_classes = [ImportThrottle]

    @extend_schema(
        operation_id="trans_import",
        request={"multipart/form-data": ImportInSerializer},
        parameters=[ImportQuerySerializer],
        examples=[_JOURNAL],
        responses=_ANSWERS,
    )
    def post(self, request: Request) -> Response:
        """Record the transactions of a file, all or none; rows of one asiento, or of one date and legend, are one."""
        refuse_larger(request, _FORM_BYTES_MAX)
        return self._imported(request, self._valid(ImportInSerializer, request.data)["file"], None)

    def _imported(self, request: Request, upload: Any, opening: Opening | None) -> Response:
        options = self._valid(ImportQuerySerializer, request.query_params.dict())
        name, data, again = upload.name, upload.read(), options["again"]
        if options["dry_run"]:
            return Response(rehearse_import(name, data, company=self.company, again=again, opening=opening))
        report = import_journal(
            name, data, acting_user=self.acting_user, company=self.company, again=again, opening=opening
        )
        return Response(report, status=201 if report["valid"] else 400)

    def _valid(self, serializer_class: Any, data: Any) -> dict[str, Any]:
        serializer = serializer_class(data=data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class OpeningView(ImportView):
    """Opening balances from files."""

    @extend_schema(
        operation_id="trans_opening",
        request={"multipart/form-data": OpeningInSerializer},
        parameters=[ImportQuerySerializer],
        examples=[_BALANCES],
        responses=_ANSWERS,
    )
    def post(self, request: Request) -> Response:
        """Record what the accounts of a file begin with, as one transaction."""
        refuse_larger(request, _FORM_BYTES_MAX)
        given = self._valid(OpeningInSerializer, request.data)
        return self._imported(request, given.pop("file"), Opening(**given))
