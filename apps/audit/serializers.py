"""The trail on the wire."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.audit.chain import Head

KEY_MAX = 2**63 - 1


class AuditEventSerializer(serializers.Serializer[Any]):
    """Who did what when: read by OpenAPI alone, written by apps/audit/wire.py; a test compares the two."""

    event_id = serializers.IntegerField()
    seq = serializers.IntegerField(help_text="Number in the chain, without gaps.")
    at = serializers.DateTimeField()
    user = serializers.IntegerField(allow_null=True)
    user_email = serializers.CharField()
    action = serializers.CharField(help_text="What was done, such as transaction.closed.")
    subject = serializers.CharField()
    subject_id = serializers.CharField()
    detail = serializers.DictField(help_text="What the event tells besides.")
    prev_hash = serializers.CharField()
    hash = serializers.CharField()


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
