"""The API of attachments."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.attachments import actions, errors, queries
from apps.attachments.filters import AttachmentFilter
from apps.attachments.models import Attachment
from apps.attachments.serializers import AttachmentInSerializer, AttachmentSerializer
from apps.common.reading import valid
from apps.common.schema import extend_schema, refuses_with
from apps.common.uploads import refuse_larger
from apps.companies.errors import PeriodClosed
from apps.companies.scope import ScopedView
from apps.trans.errors import NotYours, UnknownTransaction

_FORM_BYTES_MAX = 64 * 1024  # of what stands around the file
_FILE = OpenApiExample(
    "Factura", {"file": "factura-0001-00000042.pdf"}, request_only=True, media_type="multipart/form-data"
)


@extend_schema(tags=["attachments"])
class TransactionAttachmentsView(ScopedView, GenericViewSet[Attachment]):
    """The documents of a transaction."""

    operations = {"list": "trans.read", "create": "trans.edit"}
    queryset = Attachment.objects.none()
    serializer_class = AttachmentSerializer
    parser_classes = [MultiPartParser]
    filter_backends = []

    @extend_schema(operation_id="trans_attachments_list", responses=AttachmentSerializer(many=True))
    @refuses_with(UnknownTransaction)
    def list(self, _request: Request, pk: str) -> Response:
        """Answer the transaction's documents."""
        page = self.paginate_queryset(queries.attachments_of_transaction(int(pk), self.company))
        return self.get_paginated_response(AttachmentSerializer(page, many=True).data)

    @extend_schema(
        operation_id="trans_attachments_create", request={"multipart/form-data": AttachmentInSerializer},
        responses={201: AttachmentSerializer}, examples=[_FILE],
    )
    @refuses_with(
        UnknownTransaction, NotYours, errors.AlreadyAttached, errors.TooMany, errors.SpaceUsedUp,
    )
    def create(self, request: Request, pk: str) -> Response:
        """Add a document to a transaction, closed or not; what it is is told by its content."""
        refuse_larger(request, settings.ATTACHMENT_BYTES_MAX + _FORM_BYTES_MAX)
        queries.attachments_of_transaction(int(pk), self.company)
        file = valid(AttachmentInSerializer, request.data)["file"]
        attachment = actions.attach(
            int(pk), file.name, file.read(), acting_user=self.acting_user, company=self.company,
            reach=self.reach(request, "trans.edit"),
        )
        return Response(AttachmentSerializer(attachment).data, status=201)


@extend_schema(tags=["attachments"])
class AttachmentViewSet(ListModelMixin, ScopedView, GenericViewSet[Attachment]):
    """Documents by their own number."""

    operations = {
        "list": "trans.read", "retrieve": "trans.read", "download": "trans.read", "destroy": "trans.edit",
    }
    queryset = Attachment.objects.none()
    serializer_class = AttachmentSerializer
    filterset_class = AttachmentFilter
    ordering_fields = ("created_at", "name", "bytes")
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Attachment]:
        """Return the company's documents."""
        return queries.attachments_of(self.company)

    @refuses_with(errors.UnknownAttachment)
    def retrieve(self, _request: Request, pk: str) -> Response:
        """Answer what is known of a document."""
        return Response(AttachmentSerializer(queries.attachment_of(int(pk), self.company)).data)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The file.")})
    @refuses_with(errors.UnknownAttachment, errors.FileMissing)
    @action(detail=True, pagination_class=None, filterset_class=None, ordering_fields=())
    def download(self, _request: Request, pk: str) -> HttpResponse:
        """Answer the file, to be kept and not to be opened in the page."""
        attachment = queries.attachment_of(int(pk), self.company)
        disposition = content_disposition_header(as_attachment=True, filename=attachment.name)
        headers = {
            "Content-Disposition": disposition or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
            "ETag": f'"{attachment.sha256}"',
        }
        return HttpResponse(queries.content_of(attachment), content_type=attachment.content_type, headers=headers)

    @extend_schema(responses={204: None})
    @refuses_with(errors.UnknownAttachment, errors.AttachmentKept, PeriodClosed, NotYours)
    def destroy(self, request: Request, pk: str) -> Response:
        """Remove a document of a transaction that is not closed."""
        actions.detach(
            int(pk), acting_user=self.acting_user, company=self.company, reach=self.reach(request, "trans.edit")
        )
        return Response(status=204)
