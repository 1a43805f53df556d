"""Serving the OpenAPI document."""

from __future__ import annotations

import functools
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

FORMS = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2]


class SchemaView(SpectacularAPIView):
    """The document in JSON or YAML, in the language of `?lang=` or the system's."""

    renderer_classes = FORMS

    @extend_schema(exclude=True)
    def get(self, request: Request, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Answer the document; ValidationError for a language that there is not."""
        language = request.query_params.get("lang") or translation.get_language()
        if language not in dict(settings.LANGUAGES):
            allowed = ", ".join(code for code, _name in settings.LANGUAGES)
            raise ValidationError({"lang": [_("Choose one of: %(languages)s.") % {"languages": allowed}]})
        renderer = request.accepted_renderer
        return HttpResponse(_written(language, renderer.media_type), content_type=renderer.media_type)


@functools.cache
def _written(language: str, media_type: str) -> bytes | str:
    """Return the document, made once: making it takes a second of a processor, and anyone may ask for it."""
    (renderer,) = (form() for form in FORMS if form.media_type == media_type)
    with translation.override(language):
        document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        return renderer.render(document, renderer_context={})
