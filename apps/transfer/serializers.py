"""The wire of exports."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.transfer.exporting import FORMATS


class ExportQuerySerializer(serializers.Serializer[Any]):
    """As what."""

    format = serializers.ChoiceField(
        choices=sorted(FORMATS), default="archive",
        help_text="archive: everything, for import_company of another installation; beancount, hledger: the journal"
                  " as the text that those programs read.",
    )
