"""Reading what a caller sent."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

Serializer = serializers.BaseSerializer[Any]


def valid(serializer_class: type[Serializer], data: Any, *, partial: bool = False) -> dict[str, Any]:
    """Return the data as the serializer reads it; ValidationError (400) with the messages of each field."""
    serializer = serializer_class(data=data, partial=partial)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
