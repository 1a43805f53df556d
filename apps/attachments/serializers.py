"""The wire of attachments."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.attachments.models import Attachment


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """A document, without its bytes."""

    trans_id = serializers.IntegerField(source="transaction_id")
    user_name = serializers.CharField(source="user.name")

    class Meta:
        model = Attachment
        fields = [
            "attachment_id", "trans_id", "name", "content_type", "bytes", "sha256", "user", "user_name", "created_at",
        ]
        read_only_fields = fields


class AttachmentInSerializer(serializers.Serializer[Any]):
    """The file."""

    file = serializers.FileField(max_length=255, help_text="PDF, PNG, JPEG, WebP, XML or text.")
