"""Fields of the wire."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import empty

from apps.common.db import MONEY_MAX


class MoneyField(serializers.IntegerField):
    """An amount in centavos: a whole number of 64 bits with sign."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", -MONEY_MAX - 1)
        kwargs.setdefault("max_value", MONEY_MAX)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        """Return centavos; a float with a fraction or beyond 2**53 is refused, not rounded."""
        if isinstance(data, bool) or (isinstance(data, float) and abs(data) > 2**53):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class IsoDateField(serializers.DateField):
    """A day as the contract writes it: YYYY-MM-DD, and one that the calendar has."""

    default_error_messages = {"invalid": _("Write a date that exists, as YYYY-MM-DD: 2026-03-31, for example.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)


class FlagField(serializers.BooleanField):
    """A boolean that a form may leave out: DRF would read its absence as an unticked box, false."""

    default_empty_html = empty
