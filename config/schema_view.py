"""Serving the OpenAPI document."""

from __future__ import annotations

import functools
import subprocess
import sys
import threading
import zlib
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.common.schema import extend_schema

TIMEOUT_S = 60
_writing = threading.Lock()


class _Json(JSONRenderer):
    written_as = "openapi-json"  # as the command names it


class _OpenApiJson(_Json):
    media_type = "application/vnd.oai.openapi+json"


class _Yaml(JSONRenderer):  # a refusal in JSON is YAML too
    media_type = "application/yaml"
    written_as = "openapi"


class _OpenApiYaml(_Yaml):
    media_type = "application/vnd.oai.openapi"


class SchemaView(APIView):
    """The document in JSON or YAML, in the language of `?lang=` or the system's."""

    authentication_classes = []
    permission_classes = [AllowAny]
    renderer_classes = [_Json, _OpenApiJson, _Yaml, _OpenApiYaml]

    @extend_schema(exclude=True)
    def get(self, request: Request, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Answer the document; ValidationError for a language that there is not."""
        language = request.query_params.get("lang") or translation.get_language()
        if language not in dict(settings.LANGUAGES):
            allowed = ", ".join(code for code, _name in settings.LANGUAGES)
            raise ValidationError({"lang": [_("Choose one of: %(languages)s.") % {"languages": allowed}]})
        form: Any = request.accepted_renderer
        with _writing:
            document = _written(language, form.written_as)
        return HttpResponse(zlib.decompress(document), content_type=form.media_type)


@functools.cache
def _written(language: str, form: str) -> bytes:
    """Return the document, compressed, made once: making it takes a second of a processor, and anyone may ask for it.

    By a process of its own: the makers of the document and what they leave are 20 MB.
    """
    made = subprocess.run(  # noqa: S603 - our own command
        [
            sys.executable, str(settings.BASE_DIR / "manage.py"), "spectacular", "--skip-checks",
            "--lang", language, "--format", form,
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=TIMEOUT_S, check=True,
    )
    return zlib.compress(made.stdout)
