"""The closing of a year on the wire."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.books.reports.serializers import ReportSerializer
from apps.books.years.guide import Foreseen, StepState
from apps.books.years.proposals import Wish
from apps.books.years.queries import STEPS
from apps.common.fields import MoneyField
from apps.trans.models import LEGEND_MAX, TransactionKind
from apps.trans.serializers import EntriesField

Plain = serializers.Serializer[Any]
_CHOICES = [(step.value, step.label) for step in STEPS]


class StepInSerializer(Plain):
    """A step of a closing."""

    step = serializers.ChoiceField(choices=_CHOICES)
    entries = EntriesField(required=False, default=(), help_text=_("Of an adjustment: its lines."))
    final_stock = MoneyField(
        required=False, allow_null=True, default=None, min_value=0,
        help_text=_("Of an adjustment, in place of lines: the goods counted, for the cost by difference of inventory."),
    )
    legend = serializers.CharField(required=False, allow_blank=True, default="", max_length=LEGEND_MAX)
    result_account = serializers.CharField(
        required=False, allow_null=True, default=None, max_length=30,
        help_text=_("Of the closing of results: code or number of the account that takes the result."),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the data, of an adjustment with lines or a stock but not both."""
        if attrs["final_stock"] is not None and (attrs["entries"] or attrs["step"] != TransactionKind.ADJUSTMENT):
            raise serializers.ValidationError({"final_stock": [gettext("Only for an adjustment without lines.")]})
        return attrs

    @property
    def step_asked(self) -> TransactionKind:
        """The step, once it is valid."""
        return TransactionKind(self.validated_data["step"])

    @property
    def wish(self) -> Wish:
        """What the caller adds to the step."""
        data = self.validated_data
        return Wish(tuple(data["entries"]), data["legend"].strip(), data["final_stock"], data["result_account"])


class ReasonSerializer(Plain):
    """Why a year is reopened."""

    reason = serializers.CharField(max_length=300)


class StepEntrySerializer(Plain):
    """An entry that stands."""

    trans_id = serializers.IntegerField()
    number = serializers.IntegerField()


class StepStateSerializer(Plain):
    """A step of the guide."""

    step = serializers.ChoiceField(choices=_CHOICES)
    name = serializers.CharField(source="step.label")
    entries = StepEntrySerializer(many=True)
    blocked = serializers.SerializerMethodField()

    def get_blocked(self, state: StepState) -> str | None:
        """Return what stands in the way, in words; None where the step can be taken or was."""
        return str(state.blocked.message) if state.blocked else None


class GuideSerializer(Plain):
    """How far the closing of a year is."""

    year = serializers.IntegerField()
    status = serializers.ChoiceField(choices=["open", "closed"])
    pending = serializers.IntegerField(help_text=_("Transactions of the year that await verification."))
    verified = serializers.IntegerField(help_text=_("Transactions of the year that await their daily book."))
    result = MoneyField(help_text=_("Income less expenses of the year, before its results are closed."))
    steps = StepStateSerializer(many=True)


class ForeseenLineSerializer(Plain):
    """A line of a step's entry."""

    acc_id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    debit = MoneyField()
    credit = MoneyField()


class ForeseenStepSerializer(Plain):
    """The entry that a step would record, or has recorded."""

    step = serializers.ChoiceField(choices=_CHOICES)
    done = serializers.BooleanField()
    trans_id = serializers.IntegerField(allow_null=True)
    date = serializers.DateField()
    legend = serializers.CharField()
    entries = ForeseenLineSerializer(many=True)
    total = MoneyField()


def foreseen_step(step: TransactionKind, found: Foreseen) -> dict[str, Any]:
    """Return what ForeseenStepSerializer describes; an account that the draft misnames has no code."""
    draft = found.draft
    return {
        "step": step.value, "done": found.entry is not None, "trans_id": found.entry and found.entry.pk,
        "date": draft.date, "legend": draft.legend, "total": draft.total,
        "entries": [
            {
                "acc_id": line.account_id, "debit": line.debit, "credit": line.credit,
                **dict(zip(("code", "name"), found.accounts.get(line.account_id, ("", "")), strict=True)),
            }
            for line in draft.lines
        ],
    }


class InflationRowSerializer(Plain):
    """A movement of an account in the month in whose money it stands; amounts are debe - haber."""

    acc_id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    month = serializers.DateField()
    historico = MoneyField()
    coeficiente = serializers.CharField()
    ajustado = MoneyField()
    ajuste = MoneyField()


class InflationTotalsSerializer(Plain):
    """recpam is what balances the adjustments: positive a loss."""

    historico = MoneyField()
    ajustado = MoneyField()
    ajuste = MoneyField()
    recpam = MoneyField()


class InflationSerializer(ReportSerializer):
    """The working of the adjustment for inflation."""

    rows = InflationRowSerializer(many=True)
    totals = InflationTotalsSerializer()
