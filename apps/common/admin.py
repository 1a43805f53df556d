"""What the rooms' admin pages share."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from apps.common.db import unit_of_work
from apps.common.errors import AppError, Invalid
from apps.common.text import fold


class ReadOnlyMixin:
    """Shows rows and changes none: what actions or guards keep is not for the admin to write."""

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse."""
        return False


class SearchingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """An admin page whose search is blind to accents where it looks into folded text."""

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """Search for the term, folded like the text of `search_text`."""
        folded = any(field.endswith("search_text") for field in self.get_search_fields(request))
        return super().get_search_results(request, queryset, fold(search_term) if folded else search_term)


class ReadOnlyAdmin(ReadOnlyMixin, SearchingAdmin):
    """An admin page to look at."""


class ActionAdmin(SearchingAdmin):
    """An admin page whose `save_model` calls the room's actions, in one unit of work with the rest.

    What an action refuses is shown above the form.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show or take in the form."""
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        try:
            return unit_of_work(super().changeform_view)(request, *args, **kwargs)
        except AppError as error:
            for text in _texts(error):
                messages.error(request, text)
            return HttpResponseRedirect(request.get_full_path())


def _texts(error: AppError) -> list[str]:
    if isinstance(error, Invalid):
        return [f"{field}: {text}" for field, found in error.fields.items() for text in found]
    return [str(error.message)]
