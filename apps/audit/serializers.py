"""The trail on the wire."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.audit.chain import Head
from apps.audit.models import AuditEvent

KEY_MAX = 2**63 - 1


@extend_schema_field(OpenApiTypes.OBJECT)
class DetailField(serializers.Field):  # type: ignore[type-arg]
    """What the event tells besides, as an object; the stored text itself where someone broke it."""

    def to_representation(self, value: str) -> Any:
        """Return the object."""
        try:
            return json.loads(value)
        except ValueError:
            return value


class AuditEventSerializer(serializers.ModelSerializer[AuditEvent]):
    """Who did what when."""

    at = serializers.DateTimeField(read_only=True)
    user = serializers.IntegerField(source="user_id", read_only=True, allow_null=True)
    detail = DetailField(read_only=True)

    class Meta:
        model = AuditEvent
        fields = [
            "event_id", "seq", "at", "user", "user_email", "action", "subject", "subject_id", "detail", "prev_hash",
            "hash",
        ]
        read_only_fields = fields


class HeadSerializer(serializers.Serializer[Any]):
    """The last event of the chain: keep it elsewhere, to verify the chain against it later."""

    seq = serializers.IntegerField()
    hash = serializers.CharField()


class AnchorSerializer(serializers.Serializer[Any]):
    """A head that was noted earlier."""

    seq = serializers.IntegerField(
        min_value=1, max_value=KEY_MAX, required=False, help_text=gettext_lazy("Number of an event noted earlier.")
    )
    hash = serializers.RegexField(
        r"^[0-9a-f]{64}\Z", required=False, help_text=gettext_lazy("The hash that this event had then.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return both or none."""
        if len(attrs) == 1:
            raise serializers.ValidationError(_("Send seq and hash together, as the head had them."))
        return attrs

    @property
    def anchor(self) -> Head | None:
        """The head named, None for none."""
        return Head(**self.validated_data) if self.validated_data else None


class ChainFaultSerializer(serializers.Serializer[Any]):
    """Where the chain is not what was written."""

    seq = serializers.IntegerField()
    code = serializers.CharField()
    message = serializers.CharField()


class VerificationSerializer(serializers.Serializer[Any]):
    """What a verification found; `faults` holds the first hundred."""

    valid = serializers.BooleanField()
    head = HeadSerializer()
    faults = ChainFaultSerializer(many=True)
