"""The wire of imports. What goes out is read by OpenAPI alone; a test compares it with what is written."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers

from apps.common.fields import FlagField, MoneyField
from apps.trans.imports.cells import HEADS
from apps.trans.imports.rows import CODE_MAX
from apps.trans.models import LEGEND_MAX


class ImportInSerializer(serializers.Serializer[Any]):
    """The file."""

    file = serializers.FileField(
        max_length=255, help_text=f"CSV or XLSX whose first row names the columns {', '.join(HEADS)}, in any order."
    )


class OpeningInSerializer(serializers.Serializer[Any]):
    """The file of balances, and how they are recorded."""

    file = serializers.FileField(
        max_length=255,
        help_text="CSV or XLSX whose first row names the columns cuenta and saldo (above zero on the side of the"
                  " account's nature), or cuenta, debe and haber.",
    )
    date = serializers.DateField(help_text="The day on which the books begin.")
    legend = serializers.CharField(
        max_length=LEGEND_MAX, default=lambda: gettext("Opening balances"), help_text="Of the transaction."
    )
    counterpart = serializers.CharField(
        max_length=CODE_MAX, default="", allow_blank=True,
        help_text="Code of the account that takes the difference between both sides; blank: there may be none.",
    )


class ImportQuerySerializer(serializers.Serializer[Any]):
    """How to import."""

    dry_run = FlagField(default=False, help_text="True: only report what would be done.")
    again = FlagField(default=False, help_text="True: record also a journal that was imported before.")


class RowErrorSerializer(serializers.Serializer[Any]):
    """One thing wrong with a row."""

    column = serializers.ChoiceField(choices=[*HEADS, "saldo"])
    code = serializers.CharField()
    message = serializers.CharField(help_text="What is wrong and how to mend it.")


class ReportRowSerializer(serializers.Serializer[Any]):
    """What becomes of a row."""

    row = serializers.IntegerField(help_text="From 1, as a spreadsheet counts.")
    action = serializers.ChoiceField(choices=["create", "skip", "error"])
    transaction = serializers.IntegerField(allow_null=True, help_text="Which transaction of the file it belongs to.")
    trans_id = serializers.IntegerField(allow_null=True, help_text="The transaction that was recorded.")
    message = serializers.CharField(help_text="Why it is skipped, or what is wrong.")
    errors = RowErrorSerializer(many=True)  # type: ignore[assignment]  # Serializer.errors is another thing


class FileErrorSerializer(serializers.Serializer[Any]):
    """What stands against the file as a whole."""

    code = serializers.CharField()
    message = serializers.CharField()


class CountsSerializer(serializers.Serializer[Any]):
    """Rows by what becomes of them."""

    create = serializers.IntegerField()  # type: ignore[assignment]  # Serializer.create is another thing
    skip = serializers.IntegerField()
    error = serializers.IntegerField()


class ReportSerializer(serializers.Serializer[Any]):
    """An import, or its rehearsal."""

    dry_run = serializers.BooleanField()
    valid = serializers.BooleanField(help_text="Nothing stands against recording all of it.")
    created = serializers.IntegerField(help_text="Transactions recorded: all of the file or none.")
    transactions = serializers.IntegerField(help_text="Transactions in the file.")
    total = MoneyField(help_text="Debits of the sound transactions, in centavos.")
    counts = CountsSerializer()
    errors = FileErrorSerializer(many=True)  # type: ignore[assignment]
    rows = ReportRowSerializer(many=True)
