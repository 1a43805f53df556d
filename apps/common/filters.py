"""Filters that refuse a value they do not understand instead of ignoring it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import BooleanFilter, DateFilter
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request

_WORDS = {"true": True, "1": True, "false": False, "0": False}


class StrictFilterBackend(DjangoFilterBackend):
    """django-filter's backend; it already answers a bad value with 400."""


class StrictOrderingFilter(OrderingFilter):
    """`?ordering=` from a view's allow-list; an unknown field is 400, ties break by primary key."""

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:  # noqa: ARG002
        """Return the order; ValidationError (400) naming the allowed fields."""
        raw = request.query_params.get(self.ordering_param)
        allowed: tuple[str, ...] = tuple(getattr(view, "ordering_fields", None) or ())
        if not raw or not allowed:
            return self.get_default_ordering(view)
        fields = [part.strip() for part in raw.split(",") if part.strip()]
        if any(field.removeprefix("-") not in allowed for field in fields):
            message = _("Order by one of: %(fields)s (with - in front, descending).") % {"fields": ", ".join(allowed)}
            raise ValidationError({self.ordering_param: [message]})
        return [*fields, "pk"]

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe `ordering` with the fields that the view allows."""
        allowed: tuple[str, ...] = tuple(getattr(view, "ordering_fields", None) or ())
        if not allowed:
            return []
        return [{
            "name": self.ordering_param, "in": "query", "required": False, "schema": {"type": "string"},
            "description": f"One or more of {', '.join(allowed)}, with commas between and `-` in front to descend.",
        }]


class StrictBooleanField(forms.NullBooleanField):
    """true/1/True and false/0/False; anything else is an error, not "any"."""

    def to_python(self, value: Any) -> bool | None:  # type: ignore[override]
        """Return the boolean, or None for no filter."""
        if value in (None, ""):
            return None
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if word not in _WORDS:
            raise forms.ValidationError(gettext_lazy("Write true or false."), code="invalid")
        return _WORDS[word]

    def validate(self, value: Any) -> None:
        """Nothing more to check: to_python decides."""


class StrictBooleanFilter(BooleanFilter):
    """A boolean filter as the contract writes booleans."""

    field_class = StrictBooleanField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(*args, **kwargs)


class IsoDateFilter(DateFilter):
    """A date as the contract writes dates, not as the user's language would."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, input_formats=["%Y-%m-%d"], **kwargs)
