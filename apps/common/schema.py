"""What the views of all rooms share when they describe themselves for OpenAPI."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from rest_framework import serializers

from apps.common.errors import AppError

F = TypeVar("F", bound=Callable[..., Any])
FACTS = "openapi_facts"


def extend_schema(**facts: Any) -> Callable[[F], F]:
    """Keep what is told of a view or its method until somebody asks for the OpenAPI document (`config.schema`).

    As drf-spectacular's decorator of that name, which makes a class with 17 methods each time and loads into every
    process what writes the document. `facts`: operation_id, tags, parameters, request, responses, examples, exclude.
    """

    def keep(described: F) -> F:
        setattr(described, FACTS, facts)
        return described

    return keep


def refuses_with(*error_classes: type[AppError]) -> Callable[[F], F]:
    """Document the errors with which a view's method may refuse, beyond the standard ones.

    Status, code and text come from the classes themselves, so the document cannot drift from what
    is answered. Stands above or below `@extend_schema` and `@action` alike.
    """

    def mark(method: F) -> F:
        method.refusals = error_classes  # type: ignore[attr-defined]
        return method

    return mark


class ErrorSerializer(serializers.Serializer[Any]):
    """An error that is not about one field: 401, 403, 404, 405, 412, 429 and 5xx."""

    detail = serializers.CharField(help_text="For people, in Spanish.")
    code = serializers.CharField(help_text="For programs: stable and English.")
    request_id = serializers.CharField(required=False, help_text="With 500: the id to look up in the logs.")


class RefusalSerializer(serializers.Serializer[Any]):
    """An action that refuses; `error`, `message` and `detail` carry the same text."""

    error = serializers.CharField(help_text="For people, in Spanish.")
    message = serializers.CharField(help_text="For people, in Spanish.")
    detail = serializers.CharField(help_text="For people, in Spanish.")
    code = serializers.CharField(help_text="For programs: stable and English.")


class MessageSerializer(serializers.Serializer[Any]):
    """What was done, for people."""

    message = serializers.CharField(help_text="For people, in Spanish.")
