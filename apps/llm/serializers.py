"""The status as OpenAPI describes it; `queries.status` makes it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from services.llm_gateway import ProviderStatus, ProviderType

_USD = "US dollars."


class LlmBreakerSerializer(serializers.Serializer[Any]):
    """Whether a provider is left in peace, and for how long."""

    state = serializers.ChoiceField([(name, name) for name in ("closed", "open", "half_open")])
    reason = serializers.CharField(allow_null=True)
    reopens_in_s = serializers.FloatField()
    failures = serializers.IntegerField(help_text="In a row, while closed.")


class LlmLatencySerializer(serializers.Serializer[Any]):
    """Milliseconds of this process's last answers."""

    p50 = serializers.IntegerField(allow_null=True)
    p95 = serializers.IntegerField(allow_null=True)


class LlmProviderUsageSerializer(serializers.Serializer[Any]):
    """What this process used of a provider since it began."""

    calls = serializers.IntegerField()
    failures = serializers.IntegerField()
    prompt_tokens = serializers.IntegerField()
    completion_tokens = serializers.IntegerField()
    cost_usd = serializers.FloatField(help_text=_USD)


class LlmProviderSerializer(serializers.Serializer[Any]):
    """One provider."""

    provider = serializers.ChoiceField([(one.value, one.value) for one in ProviderType])
    status = serializers.ChoiceField([(one.value, one.value) for one in ProviderStatus])
    is_initialized = serializers.BooleanField(help_text="It is configured and can be asked.")
    loaded = serializers.BooleanField(help_text="Ready at once; false while the local model is not in memory.")
    error_message = serializers.CharField(allow_null=True, help_text="For people, in Spanish.")
    reason = serializers.CharField(allow_null=True, help_text="The same as a stable code.")
    detail = serializers.CharField(allow_null=True, help_text="What the provider itself said.")
    model = serializers.CharField()
    breaker = LlmBreakerSerializer()
    rate_limit = serializers.DictField(child=serializers.CharField(), help_text="The provider's last headers about it.")
    latency_ms = LlmLatencySerializer()
    usage = LlmProviderUsageSerializer()


class LlmTodaySerializer(serializers.Serializer[Any]):
    """What all users used today, and what one user may use in a day (null: no limit)."""

    users = serializers.IntegerField()
    calls = serializers.IntegerField()
    tokens = serializers.IntegerField()
    cost_usd = serializers.FloatField(help_text=_USD)
    tokens_per_user_max = serializers.IntegerField(allow_null=True)
    cost_usd_per_user_max = serializers.FloatField(allow_null=True, help_text=_USD)


class LlmStatusSerializer(serializers.Serializer[Any]):
    """How the providers stand."""

    total_providers = serializers.IntegerField()
    available_providers = serializers.IntegerField()
    providers = LlmProviderSerializer(many=True)
    today = LlmTodaySerializer()
