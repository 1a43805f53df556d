"""The wire of the room."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.consultor.models import ConsultorQuery

QUESTION_CHARS_MAX = 10_000  # SQL is a question, too


class ConsultorQuestionSerializer(serializers.Serializer[Any]):
    """A question."""

    question = serializers.CharField(max_length=QUESTION_CHARS_MAX, help_text="In Spanish; or one SELECT.")
    execute = serializers.BooleanField(
        required=False, default=True, help_text="false: the SQL and what was understood, without rows."
    )
    conversation_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="Of an earlier answer, for a question that follows it."
    )


class ConsultorColumnSerializer(serializers.Serializer[Any]):
    """A column of an answer."""

    name = serializers.CharField()
    type = serializers.ChoiceField(choices=["money", "number", "count", "date", "month", "text"])


class ConsultorLinkSerializer(serializers.Serializer[Any]):
    """The entries behind a figure."""

    url = serializers.CharField(help_text="Answers the transactions that the figure was made from.")


class ConsultorAnswerSerializer(serializers.Serializer[Any]):
    """An answer."""

    valida = serializers.BooleanField()
    consulta = serializers.CharField(help_text="The SQL as it was understood.")
    codigo = serializers.IntegerField(
        help_text="-1 valid; 0 CREATE/ALTER, 1 INSERT/UPDATE, 2 DELETE/DROP, 3 not a SELECT, 4 not allowed, 5 not"
        " understood, 6 no model and no template, 7 failed or timed out, 8 internal error."
    )
    error_tecnico = serializers.CharField()
    error_usuario = serializers.CharField()
    columns = ConsultorColumnSerializer(many=True)
    rows = serializers.ListField(
        child=serializers.ListField(child=serializers.JSONField(allow_null=True)),
        help_text="Arrays in the order of `columns`; money is pesos as a string with two decimals.",
    )
    row_count = serializers.IntegerField()
    truncated = serializers.BooleanField(help_text="There were more rows than these.")
    respuesta = serializers.CharField()
    grafico = serializers.JSONField(allow_null=True)
    interpretacion = serializers.CharField()
    confianza = serializers.FloatField(help_text="0 to 1.")
    origen = serializers.CharField(help_text="plantilla or llm.")
    enlaces = ConsultorLinkSerializer(many=True)
    sugerencias = serializers.ListField(child=serializers.CharField())
    query_id = serializers.IntegerField()
    conversation_id = serializers.UUIDField()
    response_time = serializers.FloatField(help_text="Seconds.")


class ConsultorHistorySerializer(serializers.ModelSerializer[ConsultorQuery]):
    """A question of the past, without its rows."""

    user_name = serializers.CharField(source="user.name")
    user_email = serializers.CharField(source="user.email")
    approved = serializers.BooleanField()

    class Meta:
        model = ConsultorQuery
        fields = [
            "query_id", "user", "user_name", "user_email", "question", "valida", "consulta", "codigo",
            "error_usuario", "respuesta", "interpretacion", "confianza", "origen", "row_count", "truncated",
            "created_at", "response_time", "conversation_id", "helpful", "comment", "approved",
        ]
        read_only_fields = fields


class ConsultorFeedbackSerializer(serializers.Serializer[Any]):
    """Whether an answer helped."""

    helpful = serializers.BooleanField()
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)


class ApprovalSerializer(serializers.Serializer[Any]):
    """Whether an answer is to be an example."""

    approved = serializers.BooleanField()


class ExportFormatSerializer(serializers.Serializer[Any]):
    """The kind of file."""

    format = serializers.ChoiceField(choices=["csv", "xlsx"], default="csv")
