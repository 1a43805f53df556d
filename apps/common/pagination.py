"""Lists as bare arrays, with their paging in headers (RFC 8288)."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

PAGE_SIZE_MAX = 1000
PAGE_MAX = 2**31


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator that asks the rows for a cheaper count where they offer one."""

    @cached_property
    def count(self) -> int:
        """Return `rows.known_count` where set (a materialised figure), else count."""
        known = getattr(self.object_list, "known_count", None)
        return int(known) if known is not None else int(super().count)


class HeaderPagination(PageNumberPagination):
    """`?page=` and `?page_size=`; a page out of range is 404, a size above the maximum 400."""

    page_size_query_param = "page_size"
    page_size = 100
    max_page_size = PAGE_SIZE_MAX
    django_paginator_class = CountedPaginator

    def get_page_size(self, request: Request) -> int:
        """Return the size asked for; ValidationError (400) outside 1..1000."""
        raw = request.query_params.get(self.page_size_query_param)
        if raw is None:
            return self.page_size
        if not (raw.isascii() and raw.isdigit() and 1 <= len(raw) <= 4 and 1 <= int(raw) <= PAGE_SIZE_MAX):
            message = _("The page size must be a whole number between 1 and %(max)d.") % {"max": PAGE_SIZE_MAX}
            raise ValidationError({self.page_size_query_param: [message]})
        return int(raw)

    def get_page_number(self, request: Request, paginator: Any) -> int:  # noqa: ARG002 - the base signature
        """Return the page asked for; 400 when it is no number, 404 when there is none such."""
        raw = request.query_params.get(self.page_query_param, "1")
        if not (raw.isascii() and raw.isdigit() and len(raw) <= 18):
            raise ValidationError({self.page_query_param: [_("The page must be a whole number from 1.")]})
        if not 1 <= int(raw) <= PAGE_MAX:
            raise NotFound(_("There is no such page."))
        return int(raw)

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any] | None:
        """Return the page's rows; NotFound (404) beyond the last page."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except NotFound:
            raise NotFound(_("There is no such page.")) from None

    def get_paginated_response(self, data: Any) -> Response:
        """Return the bare array with `X-Total-Count` and `Link`."""
        page, request = cast("Page[Any]", self.page), cast(Request, self.request)  # set by paginate_queryset
        links = {"first": 1, "last": max(page.paginator.num_pages, 1)}
        if page.has_previous():
            links["prev"] = page.previous_page_number()
        if page.has_next():
            links["next"] = page.next_page_number()
        url = request.build_absolute_uri()
        header = ", ".join(
            f'<{replace_query_param(url, self.page_query_param, number)}>; rel="{rel}"'
            for rel, number in links.items()
        )
        return Response(data, headers={"X-Total-Count": str(page.paginator.count), "Link": header})

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:  # noqa: ARG002 - the base signature
        """Describe `page` and `page_size` with their bounds."""
        page = {"type": "integer", "minimum": 1, "default": 1}
        size = {"type": "integer", "minimum": 1, "maximum": PAGE_SIZE_MAX, "default": self.page_size}
        return [
            {"name": self.page_query_param, "in": "query", "required": False, "schema": page,
             "description": "Page number; one beyond the last is 404."},
            {"name": self.page_size_query_param, "in": "query", "required": False, "schema": size,
             "description": "Rows on a page; above the maximum is 400."},
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the bare array."""
        return schema


class WidePagination(HeaderPagination):
    """For lists that people take whole, such as the chart of accounts."""

    page_size = PAGE_SIZE_MAX
