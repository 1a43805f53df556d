"""The filter of the list of attachments."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from apps.attachments.models import Attachment


class AttachmentFilter(filters.FilterSet):
    """`?transaction=`."""

    transaction = filters.NumberFilter(
        label=_("number of the transaction"), field_name="transaction_id", min_value=1, max_value=2**63 - 1,
        decimal_places=0,
    )

    class Meta:
        model = Attachment
        fields: list[str] = []
