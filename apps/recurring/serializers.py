"""The wire of recurring transactions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.common.fields import FlagField, MoneyField
from apps.recurring.models import NAME_MAX, Frequency, Occurrence, Schedule, Side, Template, TemplateLine
from apps.trans.models import LEGEND_MAX
from ledger.formulas import FORMULA_MAX
from ledger.patterns import PATTERN_LINES_MAX
from ledger.rules import DATE_MAX, DATE_MIN
from ledger.schedules import EVERY_MAX

NUMBER_MAX = 2**63 - 1
_ISO = ["%Y-%m-%d"]


def _date(**kwargs: Any) -> serializers.DateField:
    return serializers.DateField(input_formats=_ISO, validators=[_within_books], **kwargs)


def _within_books(day: dt.date) -> None:
    if not DATE_MIN <= day <= DATE_MAX:
        raise serializers.ValidationError(_("The date must lie between 1900 and 2199."))


class TemplateLineSerializer(serializers.ModelSerializer[TemplateLine]):
    """A line of a template."""

    acc_id = serializers.IntegerField(source="account_id")
    code = serializers.CharField(source="account.code")
    account_name = serializers.CharField(source="account.name")

    class Meta:
        model = TemplateLine
        fields = ["acc_id", "code", "account_name", "side", "amount", "formula", "rounding"]
        read_only_fields = fields


class TemplateSerializer(serializers.ModelSerializer[Template]):
    """A template."""

    user_name = serializers.CharField(source="user.name")
    lines = TemplateLineSerializer(many=True)

    class Meta:
        model = Template
        fields = ["template_id", "name", "legend", "lines", "user", "user_name", "created_at", "updated_at"]
        read_only_fields = fields


class TemplateLineInSerializer(serializers.Serializer[Any]):
    """A line: a fixed amount, or a formula of the base."""

    acc_id = serializers.IntegerField(min_value=1, max_value=NUMBER_MAX)
    side = serializers.ChoiceField(choices=Side.choices)
    amount = MoneyField(required=False, allow_null=True, default=None, min_value=1, help_text="Centavos.")
    formula = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=FORMULA_MAX,
        help_text="Of pesos, such as `base * 21%` or `base / 1,21`.",
    )
    rounding = FlagField(default=False, help_text="Takes the centavos that rounding leaves over.")


class TemplateInSerializer(serializers.Serializer[Any]):
    """What is written of a template."""

    name = serializers.CharField(max_length=NAME_MAX)
    legend = serializers.CharField(
        required=False, allow_blank=True, max_length=LEGEND_MAX,
        help_text="May hold {dia}, {mes}, {mes_anterior}, {año}, {año_mes_anterior}, {fecha}.",
    )
    lines: Any = serializers.ListSerializer(
        child=TemplateLineInSerializer(), min_length=2, max_length=PATTERN_LINES_MAX
    )


class TemplateChangeSerializer(TemplateInSerializer):
    """What changes of a template; lines that are sent replace all."""

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, none of them required: DRF's `partial` would let lines be incomplete too."""
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class FillSerializer(serializers.Serializer[Any]):
    """With what a template is filled."""

    date = _date()
    base = MoneyField(required=False, allow_null=True, default=None, min_value=1, help_text="Centavos.")
    legend = serializers.CharField(
        required=False, allow_blank=True, max_length=LEGEND_MAX, help_text="In place of the template's."
    )


class FilledLineSerializer(serializers.Serializer[Any]):
    """A line as it would be recorded."""

    acc_id = serializers.IntegerField(source="account_id")
    debit = MoneyField(help_text="Centavos.")
    credit = MoneyField(help_text="Centavos.")


class FilledSerializer(serializers.Serializer[Any]):
    """A transaction as it would be recorded."""

    date = serializers.DateField()
    legend = serializers.CharField()
    total = MoneyField(help_text="Centavos.")
    entries = FilledLineSerializer(source="lines", many=True)


class ScheduleSerializer(serializers.ModelSerializer[Schedule]):
    """A recurring transaction; `failed` due dates are tried again each day."""

    template_name = serializers.CharField(source="template.name")
    user_name = serializers.CharField(source="user.name")
    failed = serializers.IntegerField()

    class Meta:
        model = Schedule
        fields = [
            "schedule_id", "template", "template_name", "frequency", "every", "day", "start", "end", "base", "active",
            "next_date", "failed", "user", "user_name", "created_at",
        ]
        read_only_fields = fields


class ScheduleChangeSerializer(serializers.Serializer[Any]):
    """What changes of a recurring transaction."""

    frequency = serializers.ChoiceField(choices=Frequency.choices)
    every = serializers.IntegerField(
        required=False, min_value=1, max_value=EVERY_MAX,
        help_text="Every so many weeks, months or years; by default 1."
    )
    day = serializers.IntegerField(
        required=False, min_value=1, max_value=31,
        help_text="Of the month; 31 is the last one. By default that of the start.",
    )
    start = _date()
    end = _date(required=False, allow_null=True)
    base = MoneyField(required=False, allow_null=True, min_value=1, help_text="Centavos.")
    active = FlagField(required=False, help_text="False: it is paused, and catches up when it goes on.")


class ScheduleInSerializer(ScheduleChangeSerializer):
    """What recurs, and when."""

    template = serializers.IntegerField(min_value=1, max_value=NUMBER_MAX)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the data with a day."""
        return {"day": attrs["start"].day, **attrs}


class OccurrenceSerializer(serializers.ModelSerializer[Occurrence]):
    """What became of a due date."""

    trans_id = serializers.IntegerField(source="transaction_id", allow_null=True)

    class Meta:
        model = Occurrence
        fields = ["due_date", "status", "trans_id", "attempts", "code", "message", "updated_at"]
        read_only_fields = fields


class SkipSerializer(serializers.Serializer[Any]):
    """Which due date to leave out."""

    due_date = _date()


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of a due date in a run."""

    schedule_id = serializers.IntegerField()
    name = serializers.CharField()
    due_date = serializers.DateField()
    status = serializers.CharField()
    trans_id = serializers.IntegerField(allow_null=True)
    code = serializers.CharField()
    message = serializers.CharField()


class RunSerializer(serializers.Serializer[Any]):
    """A run."""

    posted = serializers.IntegerField()
    failed = serializers.IntegerField()
    results = OutcomeSerializer(many=True)
