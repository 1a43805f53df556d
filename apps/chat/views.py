"""The API of the assistant."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework.decorators import action
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.chat import actions, answers, queries, running
from apps.chat.errors import (
    AlreadyRebuilding,
    NoIndex,
    QuotaUsedUp,
    RequestCancelled,
    RequestRunning,
    UnknownDocument,
    UnknownPassage,
    UnknownQuery,
    UnknownRequest,
)
from apps.chat.filters import HistoryFilters
from apps.chat.models import ChatDocument, ChatQuery
from apps.chat.serializers import (
    AnswerSerializer,
    CancelSerializer,
    ConfirmSerializer,
    DocumentInSerializer,
    DocumentSerializer,
    FeedbackSerializer,
    HistorySerializer,
    PlaceInSerializer,
    PlaceSerializer,
    QuestionSerializer,
    StatusSerializer,
)
from apps.chat.streaming import events
from apps.common.schema import MessageSerializer, extend_schema, refuses_with
from apps.companies.scope import ScopedView

_QUESTION = OpenApiExample(
    "question", request_only=True, value={"question": "¿Cuándo se debita Mercaderías?", "stream": False}
)

_CANCEL = OpenApiExample("cancel", request_only=True, value={"request_id": "pregunta-7"})
_CONFIRM = OpenApiExample("confirm", request_only=True, value={"confirm": True})
_FEEDBACK = OpenApiExample("feedback", request_only=True, value={"helpful": True, "comment": "Clarísimo."})
_DOCUMENT = OpenApiExample(
    "document", request_only=True, media_type="multipart/form-data", value={"file": "apuntes.md", "for_all": False}
)


class EventStreamRenderer(BaseRenderer):
    """Lets a caller ask for `text/event-stream`; refusals are JSON all the same."""

    media_type = "text/event-stream"
    format = "sse"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Return the JSON of an answer that is no stream."""
        return bytes(JSONRenderer().render(data, accepted_media_type, renderer_context))


def _valid(serializer_class: Any, data: Any) -> dict[str, Any]:
    serializer = serializer_class(data=data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _upload(data: dict[str, Any]) -> actions.Upload:
    file = data["file"]
    return actions.Upload(data.get("name") or file.name, file.name, file.read())


@extend_schema(tags=["chat"])
class ChatViewSet(ScopedView, GenericViewSet[ChatQuery]):
    """Asking the documents."""

    operations = {
        "ask": "chat.ask", "cancel": "chat.ask", "status": "chat.ask", "passage": "chat.ask",
        "rebuild": "chat.rebuild",
    }
    serializer_class = QuestionSerializer
    filter_backends = []
    pagination_class = None

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a refusal as JSON by its name too: who asked for a stream must not read it as one."""
        response = super().handle_exception(exc)
        response.content_type = JSONRenderer.media_type
        return response

    @extend_schema(
        request=QuestionSerializer, examples=[_QUESTION],
        responses={
            (200, "application/json"): AnswerSerializer,
            (200, "text/event-stream"): OpenApiResponse(
                OpenApiTypes.STR, "`meta`, `token`*, then one of `done`, `cancelled`, `error`."
            ),
        },
    )
    @refuses_with(NoIndex, QuotaUsedUp, RequestRunning, RequestCancelled)
    @action(
        detail=False, methods=["post"], url_path="query", renderer_classes=[JSONRenderer, EventStreamRenderer]
    )
    def ask(self, request: Request) -> HttpResponseBase:
        """Answer a question from the documents, whole or as server-sent events."""
        data = _valid(QuestionSerializer, request.data)
        asking = answers.begin(
            data["question"], request_id=data.get("request_id"), conversation_id=data.get("conversation_id"),
            acting_user=self.acting_user, company=self.company,
        )
        if not (data["stream"] or isinstance(request.accepted_renderer, EventStreamRenderer)):
            # The server of ASGI knows of it; elsewhere nobody tells.
            return Response(answers.answer(asking, getattr(request, "hung_up", None)))
        return StreamingHttpResponse(
            events(asking), content_type="text/event-stream; charset=utf-8",
            headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
        )

    @extend_schema(request=CancelSerializer, examples=[_CANCEL], responses=MessageSerializer)
    @refuses_with(UnknownRequest)
    @action(detail=False, methods=["post"])
    def cancel(self, request: Request) -> Response:
        """Stop a running request of one's own, upstream too."""
        running.stop(_valid(CancelSerializer, request.data)["request_id"], acting_user=self.acting_user)
        return Response({"message": _("The request is being stopped.")})

    @extend_schema(responses=StatusSerializer)
    @action(detail=False)
    def status(self, _request: Request) -> Response:
        """Say whether the assistant can answer, and how far a rebuild is."""
        return Response(StatusSerializer(asdict(queries.status())).data)

    @extend_schema(parameters=[PlaceInSerializer], responses=PlaceSerializer)
    @refuses_with(NoIndex, UnknownPassage)
    @action(detail=False)
    def passage(self, request: Request) -> Response:
        """Open the place in a document that a source of an answer points to."""
        wanted = _valid(PlaceInSerializer, request.query_params)["chunk_id"]
        return Response(PlaceSerializer(asdict(queries.passage_of(wanted, self.company))).data)

    @extend_schema(request=ConfirmSerializer, examples=[_CONFIRM], responses={202: MessageSerializer})
    @refuses_with(AlreadyRebuilding)
    @action(detail=False, methods=["post"])
    def rebuild(self, request: Request) -> Response:
        """Make the index anew; the old one answers meanwhile."""
        _valid(ConfirmSerializer, request.data)
        actions.start_rebuild(actions.claim_rebuild(acting_user=self.acting_user))
        return Response({"message": _("The index is being rebuilt.")}, status=202)


@extend_schema(tags=["chat"])
class HistoryViewSet(ScopedView, GenericViewSet[ChatQuery]):
    """What was asked."""

    operations = {"list": "chat.history", "retrieve": "chat.history", "feedback": "chat.history"}
    queryset = ChatQuery.objects.none()
    serializer_class = HistorySerializer
    filterset_class = HistoryFilters
    ordering_fields = ["created_at", "response_time"]
    lookup_value_regex = "[0-9]{1,18}"

    def list(self, request: Request) -> Response:
        """Answer the questions of the past, newest first."""
        rows = queries.history_of(self.acting_user, self.company, self.reach(request, "chat.history"))
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(HistorySerializer(page, many=True).data)

    @refuses_with(UnknownQuery)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Answer one question of the past."""
        reach = self.reach(request, "chat.history")
        return Response(HistorySerializer(queries.query_of(int(pk), self.acting_user, self.company, reach)).data)

    @extend_schema(request=FeedbackSerializer, examples=[_FEEDBACK], responses=HistorySerializer)
    @refuses_with(UnknownQuery)
    @action(detail=True, methods=["post"])
    def feedback(self, request: Request, pk: str) -> Response:
        """Say whether an answer helped."""
        query = actions.give_feedback(
            int(pk), **_valid(FeedbackSerializer, request.data), acting_user=self.acting_user, company=self.company,
            reach=self.reach(request, "chat.history"),
        )
        return Response(HistorySerializer(query).data)


@extend_schema(tags=["chat"])
class DocumentViewSet(ScopedView, GenericViewSet[ChatDocument]):
    """The documents beside the library's."""

    operations = {
        "list": "chat.documents", "create": "chat.documents", "update": "chat.documents", "destroy": "chat.documents",
    }
    queryset = ChatDocument.objects.none()
    serializer_class = DocumentSerializer
    parser_classes = [MultiPartParser, FormParser]
    filter_backends = []
    lookup_value_regex = "[0-9]{1,18}"

    def list(self, _request: Request) -> Response:
        """Answer the company's documents and those of all."""
        page = self.paginate_queryset(queries.documents_of(self.company))
        return self.get_paginated_response(DocumentSerializer(page, many=True).data)

    @extend_schema(
        request=DocumentInSerializer, examples=[_DOCUMENT], responses={201: DocumentSerializer}
    )
    def create(self, request: Request) -> Response:
        """Add a document (.md, .txt, .html, .docx, .pdf); answered from once it is indexed, seconds later."""
        data = _valid(DocumentInSerializer, request.data)
        document = actions.add_document(
            _upload(data), for_all=data["for_all"], acting_user=self.acting_user, company=self.company
        )
        return Response(DocumentSerializer(document).data, status=201)

    @extend_schema(
        request=DocumentInSerializer, examples=[_DOCUMENT], responses=DocumentSerializer
    )
    @refuses_with(UnknownDocument)
    def update(self, request: Request, pk: str) -> Response:
        """Put a file in the place of a document."""
        data = _valid(DocumentInSerializer, request.data)
        document = actions.replace_document(
            int(pk), _upload(data), for_all=data["for_all"] if "for_all" in request.data else None,
            acting_user=self.acting_user, company=self.company,
        )
        return Response(DocumentSerializer(document).data)

    @extend_schema(responses={204: None})
    @refuses_with(UnknownDocument)
    def destroy(self, _request: Request, pk: str) -> Response:
        """Remove a document."""
        actions.remove_document(int(pk), acting_user=self.acting_user, company=self.company)
        return Response(status=204)
