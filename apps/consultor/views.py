"""The API of the questions to the books."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.viewsets import GenericViewSet

from apps.common.schema import extend_schema, refuses_with
from apps.common.sheets import CSV_TYPE, XLSX_TYPE
from apps.companies.scope import ScopedView
from apps.consultor import actions, answers, exporting, queries
from apps.consultor.errors import (
    NotApprovable,
    NothingToExport,
    QueryFailed,
    QuestionsUsedUp,
    UnknownConsultorQuery,
)
from apps.consultor.filters import ConsultorHistoryFilters
from apps.consultor.models import ConsultorQuery
from apps.consultor.serializers import (
    ApprovalSerializer,
    ConsultorAnswerSerializer,
    ConsultorFeedbackSerializer,
    ConsultorHistorySerializer,
    ConsultorQuestionSerializer,
    ExportFormatSerializer,
)

_QUESTION = OpenApiExample(
    "question", request_only=True,
    value={"question": "¿Cuánto gastamos en sueldos en el segundo trimestre?", "execute": True},
)
_FEEDBACK = OpenApiExample("feedback", request_only=True, value={"helpful": True, "comment": "Era eso."})
_APPROVAL = OpenApiExample("approval", request_only=True, value={"approved": True})
_WRITERS = {"csv": (CSV_TYPE, exporting.as_csv), "xlsx": (XLSX_TYPE, exporting.as_xlsx)}


class QueryThrottle(UserRateThrottle):
    """So many queries a minute from one person: one may keep a core busy for two seconds."""

    scope = "consultor"

    def get_rate(self) -> str:
        """Return the rate of the settings."""
        return f"{settings.CONSULTOR_QUESTIONS_PER_MINUTE}/minute"


def _valid(serializer_class: Any, data: Any) -> dict[str, Any]:
    serializer = serializer_class(data=data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


@extend_schema(tags=["consultor"])
class ConsultorViewSet(ScopedView, GenericViewSet[ConsultorQuery]):
    """Asking the books."""

    operations = {"create": "consultor.ask", "retrieve": "consultor.history", "export": "consultor.history"}
    queryset = ConsultorQuery.objects.none()
    serializer_class = ConsultorAnswerSerializer
    throttle_classes = [QueryThrottle]
    filter_backends = []
    pagination_class = None
    lookup_value_regex = "[0-9]{1,18}"

    @extend_schema(
        request=ConsultorQuestionSerializer, examples=[_QUESTION], responses={200: ConsultorAnswerSerializer}
    )
    @refuses_with(QuestionsUsedUp)
    def create(self, request: Request) -> Response:
        """Answer a question in Spanish from the company's books."""
        data = _valid(ConsultorQuestionSerializer, request.data)
        return Response(answers.ask(
            data["question"], execute=data["execute"], conversation_id=data.get("conversation_id"),
            acting_user=self.acting_user, company=self.company,
        ))

    @extend_schema(responses=ConsultorAnswerSerializer)
    @refuses_with(UnknownConsultorQuery)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Run a question's query anew: a link that can be kept."""
        return Response(answers.again(self._query(request, pk)))

    @extend_schema(
        parameters=[ExportFormatSerializer],
        responses={
            (200, CSV_TYPE.partition(";")[0]): OpenApiResponse(OpenApiTypes.BINARY, "`;`, decimal comma, UTF-8."),
            (200, XLSX_TYPE): OpenApiResponse(OpenApiTypes.BINARY, "A workbook of one sheet."),
        },
    )
    @refuses_with(UnknownConsultorQuery, NothingToExport, QueryFailed)
    @action(detail=True)
    def export(self, request: Request, pk: str) -> HttpResponse:
        """Run a question's query anew and answer its rows as a file, of at most 20,000 rows."""
        form = _valid(ExportFormatSerializer, request.query_params.dict())["format"]
        kind, write = _WRITERS[form]
        return HttpResponse(
            write(self._query(request, pk)), content_type=kind,
            headers={"Content-Disposition": f'attachment; filename="consulta-{int(pk)}.{form}"'},
        )

    def _query(self, request: Request, pk: str) -> ConsultorQuery:
        return queries.query_of(int(pk), self.acting_user, self.company, self.reach(request, "consultor.history"))


@extend_schema(tags=["consultor"])
class ConsultorHistoryViewSet(ScopedView, GenericViewSet[ConsultorQuery]):
    """What was asked."""

    operations = {
        "list": "consultor.history", "retrieve": "consultor.history", "feedback": "consultor.history",
        "approve": "consultor.approve",
    }
    queryset = ConsultorQuery.objects.none()
    serializer_class = ConsultorHistorySerializer
    filterset_class = ConsultorHistoryFilters
    ordering_fields = ["created_at", "response_time"]
    lookup_value_regex = "[0-9]{1,18}"

    def list(self, request: Request) -> Response:
        """Answer the questions of the past, newest first."""
        rows = queries.history_of(self.acting_user, self.company, self.reach(request, "consultor.history"))
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(ConsultorHistorySerializer(page, many=True).data)

    @refuses_with(UnknownConsultorQuery)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Answer one question of the past, without running it."""
        reach = self.reach(request, "consultor.history")
        query = queries.query_of(int(pk), self.acting_user, self.company, reach)
        return Response(ConsultorHistorySerializer(query).data)

    @extend_schema(
        request=ConsultorFeedbackSerializer, examples=[_FEEDBACK], responses=ConsultorHistorySerializer
    )
    @refuses_with(UnknownConsultorQuery)
    @action(detail=True, methods=["post"])
    def feedback(self, request: Request, pk: str) -> Response:
        """Say whether an answer helped."""
        query = actions.give_feedback(
            int(pk), **_valid(ConsultorFeedbackSerializer, request.data), acting_user=self.acting_user,
            company=self.company, reach=self.reach(request, "consultor.history"),
        )
        return Response(ConsultorHistorySerializer(query).data)

    @extend_schema(request=ApprovalSerializer, examples=[_APPROVAL], responses=ConsultorHistorySerializer)
    @refuses_with(UnknownConsultorQuery, NotApprovable)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Make a helpful answer an example for later questions, or take it back."""
        query = actions.approve(
            int(pk), **_valid(ApprovalSerializer, request.data), acting_user=self.acting_user, company=self.company,
            reach=self.reach(request, "consultor.history"),
        )
        return Response(ConsultorHistorySerializer(query).data)
