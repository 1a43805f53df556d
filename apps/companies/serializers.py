"""Companies and periods on the wire."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.companies.models import Company, CompanyKind, Period, PeriodKind, PeriodStatus

NUMBER_MAX = 2**63 - 1
PRACTICE_USERS_MAX = 500
YEAR_MIN, YEAR_MAX = 1900, 9999


class CompanySerializer(serializers.ModelSerializer[Company]):
    """A set of books."""

    class Meta:
        model = Company
        fields = ["company_id", "name", "kind", "is_default", "created_at"]
        read_only_fields = ["company_id", "is_default", "created_at"]


class PracticeInSerializer(serializers.Serializer[Any]):
    """Who practises: the members of `group`, or exactly `user_ids`."""

    group = serializers.CharField(max_length=60, required=False)
    user_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=NUMBER_MAX), required=False, allow_empty=False,
        max_length=PRACTICE_USERS_MAX,
    )
    per = serializers.ChoiceField(choices=["user", "group"], default="user")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the data with exactly one of `group` and `user_ids`."""
        if ("group" in attrs) == ("user_ids" in attrs):
            raise serializers.ValidationError(_("Send either group or user_ids."))
        return attrs


class PracticeSerializer(serializers.Serializer[Any]):
    """A practice company and who was moved into it."""

    company_id = serializers.IntegerField(source="company.company_id")
    name = serializers.CharField(source="company.name")
    kind = serializers.ChoiceField(choices=CompanyKind.choices, source="company.kind")
    is_default = serializers.BooleanField(source="company.is_default")
    created_at = serializers.DateTimeField(source="company.created_at")
    user_ids = serializers.ListField(child=serializers.IntegerField())


class PeriodSerializer(serializers.ModelSerializer[Period]):
    """A fiscal year or month."""

    kind = serializers.ChoiceField(choices=PeriodKind.choices, read_only=True)
    status = serializers.ChoiceField(choices=PeriodStatus.choices, source="effective_status", read_only=True)

    class Meta:
        model = Period
        fields = ["period_id", "kind", "year", "month", "status"]
        read_only_fields = fields


class PeriodInSerializer(serializers.Serializer[Any]):
    """The period to open."""

    kind = serializers.ChoiceField(choices=PeriodKind.choices)
    year = serializers.IntegerField(min_value=YEAR_MIN, max_value=YEAR_MAX)
    month = serializers.IntegerField(min_value=1, max_value=12, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the data with a month exactly where the kind wants one."""
        month = attrs.setdefault("month", None)
        if attrs["kind"] == PeriodKind.MONTH and month is None:
            raise serializers.ValidationError({"month": [_("A period of kind month needs its month (1-12).")]})
        if attrs["kind"] == PeriodKind.YEAR and month is not None:
            raise serializers.ValidationError({"month": [_("A period of kind year has no month.")]})
        return attrs
