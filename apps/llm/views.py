"""The API of the language models."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from apps.common.schema import extend_schema
from apps.config.permissions import MatrixView
from apps.llm.queries import status
from apps.llm.serializers import LlmStatusSerializer


class StatusView(MatrixView):
    """How the providers of language models stand."""

    operations = {"get": "llm.status"}

    @extend_schema(responses=LlmStatusSerializer)
    def get(self, _request: Request) -> Response:
        """Answer the status as this server process knows it, without asking any provider."""
        return Response(status())
