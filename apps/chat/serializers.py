"""The wire of the assistant."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.chat.models import ChatDocument, ChatQuery
from services.chat.config import QUESTION_MAX, QUESTION_MIN


class QuestionSerializer(serializers.Serializer[Any]):
    """A question."""

    question = serializers.CharField(
        min_length=QUESTION_MIN, max_length=QUESTION_MAX,
        error_messages={"min_length": _("Write a question of at least 3 characters.")},
    )
    request_id = serializers.RegexField(
        r"^[A-Za-z0-9._-]{1,64}\Z", required=False, allow_null=True,
        help_text="Yours, to cancel by; up to 64 letters, digits, . _ -",
    )
    conversation_id = serializers.UUIDField(required=False, allow_null=True)
    stream = serializers.BooleanField(required=False, default=False)


class SourceSerializer(serializers.Serializer[Any]):
    """A passage that bears an answer."""

    name = serializers.CharField()
    similarity = serializers.FloatField(help_text="0 to 1.")
    heading = serializers.CharField()
    quote = serializers.CharField()
    chunk_id = serializers.CharField()


class AnswerSerializer(serializers.Serializer[Any]):
    """An answer; OpenAPI's description of AnswerWire."""

    answer = serializers.CharField()
    sources = SourceSerializer(many=True)
    context_used = serializers.BooleanField()
    response_time = serializers.FloatField(help_text="Seconds.")
    query_id = serializers.IntegerField()
    request_id = serializers.CharField()
    conversation_id = serializers.UUIDField()
    provider = serializers.CharField(help_text="Who wrote it; extractivo: sentences quoted from the documents.")
    grounded = serializers.BooleanField(help_text="Whether every sentence that was written stands in a source.")


class CancelSerializer(serializers.Serializer[Any]):
    """Which request to stop."""

    request_id = serializers.CharField(max_length=64)


class ConfirmSerializer(serializers.Serializer[Any]):
    """Says that a rebuild is meant."""

    confirm = serializers.BooleanField()

    def validate_confirm(self, value: bool) -> bool:
        """Refuse anything but true."""
        if not value:
            raise serializers.ValidationError(_("Send confirm: true to rebuild the index."))
        return value


class StatusSerializer(serializers.Serializer[Any]):
    """The state of the index."""

    status_id = serializers.IntegerField()
    is_available = serializers.BooleanField()
    is_rebuilding = serializers.BooleanField()
    last_rebuild = serializers.DateTimeField(allow_null=True)
    total_vectors = serializers.IntegerField()
    total_documents = serializers.IntegerField()
    rebuild_by = serializers.IntegerField(allow_null=True)
    rebuild_by_name = serializers.CharField(allow_null=True)
    progress = serializers.IntegerField(help_text="Percent.")
    has_vectors = serializers.BooleanField(help_text="Whether there is more than words to search by yet.")


class PlaceInSerializer(serializers.Serializer[Any]):
    """Which passage to open."""

    chunk_id = serializers.RegexField(
        r"^[0-9a-f]{16}:[0-9]{1,9}-[0-9]{1,9}\Z", help_text="As a source of an answer has it."
    )


class PlaceSerializer(serializers.Serializer[Any]):
    """A passage in its document."""

    chunk_id = serializers.CharField()
    name = serializers.CharField()
    heading = serializers.CharField()
    before = serializers.CharField(help_text="What stands before it, up to 600 characters.")
    text = serializers.CharField()
    after = serializers.CharField(help_text="What stands after it, up to 600 characters.")
    start = serializers.IntegerField(help_text="Characters from the document's beginning.")
    end = serializers.IntegerField()


class HistorySerializer(serializers.ModelSerializer[ChatQuery]):
    """A question of the past with its answer."""

    user_name = serializers.CharField(source="user.name")
    user_email = serializers.CharField(source="user.email")
    sources = SourceSerializer(many=True)

    class Meta:
        model = ChatQuery
        fields = [
            "query_id", "user", "user_name", "user_email", "question", "answer", "sources", "context_used",
            "created_at", "response_time", "conversation_id", "provider", "grounded", "helpful", "comment",
        ]
        read_only_fields = fields


class FeedbackSerializer(serializers.Serializer[Any]):
    """Whether an answer helped."""

    helpful = serializers.BooleanField()
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)


class DocumentSerializer(serializers.ModelSerializer[ChatDocument]):
    """A document, without its text."""

    uploaded_by_name = serializers.CharField(source="uploaded_by.name", default=None, allow_null=True)
    characters = serializers.SerializerMethodField(help_text="How long its text is.")

    class Meta:
        model = ChatDocument
        fields = [
            "document_id", "name", "company", "characters", "uploaded_by", "uploaded_by_name", "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_characters(self, document: ChatDocument) -> int:
        """Return how long its text is, as the list counted it or from the text that is at hand."""
        counted: int | None = getattr(document, "characters", None)
        return len(document.text) if counted is None else counted


class DocumentInSerializer(serializers.Serializer[Any]):
    """A file to answer from."""

    file = serializers.FileField(max_length=150, error_messages={"empty": _("The file is empty.")})
    name = serializers.CharField(required=False, max_length=150, help_text="The file's name by default.")
    for_all = serializers.BooleanField(
        required=False, default=False, help_text="For every company, not only yours; a PUT without it changes nothing."
    )
