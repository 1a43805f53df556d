"""The routes of the URLconf, found by walking it, and what the OpenAPI document says of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

from config.schema import MosaiteSchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Route:
    """A path, such as /api/users/{user_id}/, and the class that answers it (None for a function)."""

    path: str
    methods: tuple[str, ...]
    view: type[APIView] | None = field(compare=False)
    actions: dict[str, str] = field(compare=False, default_factory=dict)

    @property
    def room(self) -> str:
        """The first part of the path behind /api/."""
        return self.path.removeprefix("/api/").split("/")[0]

    @property
    def rows(self) -> str:
        """What stands before the number of a row: `users`, `chat/history`."""
        return self.path.removeprefix("/api/").split("/{")[0]

    @property
    def has_id(self) -> bool:
        """Whether the path names one row."""
        return "{" in self.path

    @property
    def other_methods(self) -> list[str]:
        """Methods that nobody serves here."""
        return [method for method in (*METHODS, "trace", "propfind") if method not in self.methods]

    def at(self, pk: object) -> str:
        """Return the address of a row."""
        return re.sub(r"\{\w+\}", str(pk), self.path)

    def operation(self, method: str) -> dict[str, Any]:
        """Return what the OpenAPI document says of a method."""
        return _documented()[self.at("")][method]

    def __str__(self) -> str:
        return self.path


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return MosaiteSchemaGenerator().get_schema(request=None, public=True)


@cache
def _documented() -> dict[str, Any]:
    # By path without the names of its parameters: the document calls a `pk` by its field.
    return {re.sub(r"\{\w+\}", "", path): methods for path, methods in document()["paths"].items()}


def api_routes() -> list[Route]:
    """Return every route under /api/ that a class of the API answers."""
    return [route for route in every_route() if route.view is not None]


def every_route() -> list[Route]:
    """Return every route outside the admin, which has a walk of its own."""
    return [route for route in _walk(get_resolver().url_patterns, "") if not route.path.startswith("/admin/")]


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for pattern in patterns:
        so_far = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, so_far)
            continue
        callback: Any = pattern.callback
        view = getattr(callback, "cls", None)
        actions: dict[str, str] = getattr(callback, "actions", {})
        methods = actions or [method for method in METHODS if view is None or hasattr(view, method)]
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", simplify_regex(so_far))
        yield Route(path, tuple(method for method in methods if method in METHODS), view, actions)
