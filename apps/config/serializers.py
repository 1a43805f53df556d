"""The configuration on the wire."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.config.currencies import CURRENCIES
from apps.config.models import Config


class ConfigSerializer(serializers.ModelSerializer[Config]):
    """System-wide settings."""

    # As wide as a mistake: the code itself says whether it is one.
    currency = serializers.CharField(max_length=20, required=False)

    class Meta:
        model = Config
        fields = ["config_id", "system_mode", "date_format", "currency"]
        read_only_fields = ["config_id"]

    def validate_currency(self, value: str) -> str:
        """Return the ISO 4217 code in capitals."""
        code = value.upper()
        if code not in CURRENCIES:
            raise serializers.ValidationError(
                _("%(code)s is no ISO 4217 currency code: write one like ARS or USD.") % {"code": value}
            )
        return code
