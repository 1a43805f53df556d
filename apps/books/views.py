"""The API of daily books."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.books import actions, errors, queries, rendering
from apps.books.filters import BookFilter
from apps.books.models import DailyBook
from apps.books.serializers import BookInSerializer, BookSerializer, ForeseenSerializer, PagesSerializer
from apps.common.schema import extend_schema, refuses_with
from apps.companies.errors import PeriodClosed
from apps.companies.scope import ScopedView
from apps.trans.errors import BooksNotErasable

_MARCH = OpenApiExample(
    "Marzo", {"name": "Marzo", "date_from": "2026-03-01", "date_to": "2026-03-31"}, request_only=True
)
_RETRY_AFTER_S = 2


class DailyBookViewSet(ListModelMixin, RetrieveModelMixin, ScopedView, GenericViewSet[DailyBook]):
    """Daily books (libros diarios)."""

    operations = {
        "list": "books.read",
        "retrieve": "books.read",
        "pdf": "books.read",
        "preview": "books.create",
        "create": "books.create",
        "destroy": "books.delete",
    }
    queryset = DailyBook.objects.none()  # what kind of rows, for the OpenAPI document
    serializer_class = BookSerializer
    filterset_class = BookFilter
    ordering_fields = ("created_at", "date_from", "date_to", "name", "total", "entries_count")
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[DailyBook]:
        """Return the company's books."""
        return queries.books_of(self.company).select_related("created_by")

    @extend_schema(request=BookInSerializer, responses=ForeseenSerializer, examples=[_MARCH])
    @refuses_with(errors.NothingToBook)
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None, ordering_fields=())
    def preview(self, request: Request) -> Response:
        """Answer what a book of the range would hold; nothing is closed."""
        asked = self._asked(request)
        foreseen = queries.foresee(
            self.company, asked.date_from, asked.date_to, user_id=asked.user_id, group=asked.group
        )
        return Response(ForeseenSerializer(foreseen).data)

    @extend_schema(request=BookInSerializer, responses={201: BookSerializer}, examples=[_MARCH])
    @refuses_with(errors.NothingToBook, errors.BookTooLarge, PeriodClosed)
    def create(self, request: Request) -> Response:
        """Close the verified transactions of a range in order of date, numbered, and make their pages."""
        book = actions.create_book(self._asked(request), acting_user=self.acting_user, company=self.company)
        rendering.prepare(book)
        return Response(BookSerializer(book).data, status=201)

    @extend_schema(
        responses={
            (200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, "The pages."),
            202: OpenApiResponse(PagesSerializer, "The pages of a large book are being made; ask again."),
        }
    )
    @refuses_with(errors.AlreadyDissolved, errors.PagesFailed)
    @action(detail=True, pagination_class=None, filterset_class=None, ordering_fields=())
    def pdf(self, request: Request, pk: int) -> HttpResponseBase:  # noqa: ARG002 - DRF's signature
        """Answer the book as a PDF; the same bytes each time."""
        book = queries.book_of(self.company, pk)
        pages = rendering.pages_of(book)
        if pages is None:
            body: dict[str, Any] = {
                "message": _("The pages of the book are being made: ask again in a moment."),
                "book_id": book.pk, "progress": book.progress,
            }
            return Response(body, status=202, headers={"Retry-After": str(_RETRY_AFTER_S)})
        return HttpResponse(
            pages, content_type="application/pdf",
            headers={
                "Content-Disposition": f'inline; filename="libro-diario-{book.pk}.pdf"', "ETag": f'"{book.sha256}"',
            },
        )

    @extend_schema(responses={204: None})
    @refuses_with(errors.AlreadyDissolved, errors.BookNotLast, errors.BookReversed, PeriodClosed, BooksNotErasable)
    def destroy(self, request: Request, pk: int) -> Response:  # noqa: ARG002 - DRF's signature
        """Dissolve a book: its transactions are verified again, without number."""
        actions.dissolve_book(pk, acting_user=self.acting_user, company=self.company)
        return Response(status=204)

    def _asked(self, request: Request) -> actions.Range:
        serializer = BookInSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.range()
