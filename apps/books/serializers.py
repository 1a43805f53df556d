"""Daily books on the wire."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.books.actions import Range
from apps.books.models import NAME_MAX, DailyBook
from apps.common.fields import IsoDateField, MoneyField
from ledger.rules import DATE_MAX, DATE_MIN


class BookInSerializer(serializers.Serializer[Any]):
    """Which verified transactions a book is made of."""

    name = serializers.CharField(
        max_length=NAME_MAX, required=False, allow_blank=True, default="",
        help_text=gettext_lazy("By default one by the dates."),
    )
    date_from = IsoDateField()
    date_to = IsoDateField()
    user = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, allow_null=True, default=None,
        help_text=gettext_lazy("Only what this user recorded."),
    )
    group = serializers.CharField(
        max_length=60, required=False, allow_blank=True, default="",
        help_text=gettext_lazy("Only what users of this group recorded."),
    )

    def validate_date_from(self, day: dt.date) -> dt.date:
        """Return a day that the books admit."""
        return _within_the_books(day)

    def validate_date_to(self, day: dt.date) -> dt.date:
        """Return a day that the books admit."""
        return _within_the_books(day)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the data with its dates in order."""
        if attrs["date_to"] < attrs["date_from"]:
            raise serializers.ValidationError({"date_to": [_("The last day comes before the first.")]})
        return attrs

    def range(self) -> Range:
        """Return what was asked for, once it is valid."""
        data = self.validated_data
        return Range(data["date_from"], data["date_to"], data["user"], data["group"].strip(), data["name"].strip())


def _within_the_books(day: dt.date) -> dt.date:
    if not DATE_MIN <= day <= DATE_MAX:
        raise serializers.ValidationError(_("The date must lie between 1900 and 2199."))
    return day


class ForeseenSerializer(serializers.Serializer[Any]):
    """What a book would hold."""

    entries_count = serializers.IntegerField(help_text=gettext_lazy("How many transactions."))
    total_debit = MoneyField(source="total")
    total_credit = MoneyField(source="total")


class BookSerializer(serializers.ModelSerializer[DailyBook]):
    """A daily book."""

    created_by_name = serializers.CharField(source="created_by.name")
    entries_count = serializers.IntegerField(help_text=gettext_lazy("How many transactions."))
    total = MoneyField()
    progress = serializers.IntegerField(help_text=gettext_lazy("Of the pages of a large book, in per cent."))

    class Meta:
        model = DailyBook
        fields = [
            "book_id", "name", "date_from", "date_to", "user", "group", "created_at", "created_by", "created_by_name",
            "entries_count", "lines_count", "total", "sha256", "status", "progress",
        ]


class PagesSerializer(serializers.Serializer[Any]):
    """How far the pages are."""

    message = serializers.CharField()
    book_id = serializers.IntegerField()
    progress = serializers.IntegerField(help_text=gettext_lazy("Per cent."))
