"""The configuration on the wire."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.config.models import Config


class ConfigSerializer(serializers.ModelSerializer[Config]):
    """System-wide settings."""

    class Meta:
        model = Config
        fields = ["config_id", "system_mode", "date_format", "currency"]
        read_only_fields = ["config_id"]
        extra_kwargs = {
            "currency": {
                "error_messages": {
                    "invalid_choice": _('"{input}" is no ISO 4217 currency code: write one like ARS or USD.')
                }
            }
        }
