"""The wire of transactions: what comes in, and the shapes that OpenAPI shows of what goes out."""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.utils import html

from apps.accounts.serializers import AccountBriefSerializer
from apps.common.fields import IsoDateField, MoneyField
from apps.trans.models import LEGEND_MAX, TransactionKind, TransactionStatus
from ledger.entries import Line
from ledger.rules import LINES_MAX

IDS_MAX = 1000
_KEY_IN_BRACKETS = re.compile(r"(\])\[(\w+)\]\Z")


class LineSerializer(serializers.Serializer[Any]):
    """A line as it is sent; OpenAPI's description of EntriesField."""

    acc_id = serializers.IntegerField(min_value=1)
    debit = MoneyField(required=False, default=0, min_value=0, help_text="Centavos.")
    credit = MoneyField(required=False, default=0, min_value=0, help_text="Centavos.")


@extend_schema_field(LineSerializer(many=True))
class EntriesField(serializers.Field):  # type: ignore[type-arg]
    """Lines of a transaction, read without a serializer per line: 10,000 of them in 30 ms, not 2 s."""

    default_error_messages = {
        "not_a_list": serializers.ListSerializer.default_error_messages["not_a_list"],
        "too_many": "",
    }
    _amount = MoneyField()
    _key = serializers.IntegerField(min_value=1, max_value=2**63 - 1)

    def get_value(self, dictionary: Any) -> Any:
        """Return the lines also of a form.

        As `entries[0]acc_id=1`, which is DRF's way, as `entries[0][acc_id]=1`, which is that of browsers'
        libraries, or as `entries` with the JSON of all lines or, repeated, of one each.
        """
        name = str(self.field_name)
        if not html.is_html_input(dictionary):
            return super().get_value(dictionary)
        if name in dictionary:
            found = [_json_or_text(text) for text in dictionary.getlist(name)]
            return found[0] if len(found) == 1 and isinstance(found[0], list) else found
        plain = MultiValueDict({_KEY_IN_BRACKETS.sub(r"\1\2", key): [dictionary[key]] for key in dictionary})
        return html.parse_html_list(plain, prefix=name, default=empty)

    def to_internal_value(self, data: Any) -> tuple[Line, ...]:
        """Return the lines; ValidationError with one object of messages per line."""
        if not isinstance(data, list):
            self.fail("not_a_list", input_type=type(data).__name__)
        if len(data) > LINES_MAX:
            message = _("A transaction may have at most %(max)d lines: split it.") % {"max": LINES_MAX}
            raise serializers.ValidationError([message])
        read = [self._line(raw) for raw in data]
        if any(isinstance(line, dict) for line in read):
            raise serializers.ValidationError([line if isinstance(line, dict) else {} for line in read])
        return tuple(line for line in read if isinstance(line, Line))

    def to_representation(self, value: Any) -> Any:
        """Never called: transactions are written by apps/trans/wire.py."""
        return value

    def _line(self, raw: Any) -> Line | dict[str, Any]:
        """Return the line, or its messages by field."""
        if isinstance(raw, QueryDict):
            raw = raw.dict()
        if not isinstance(raw, dict):
            return {"non_field_errors": [_("Each line must be an object with acc_id and debit or credit.")]}
        faults: dict[str, Any] = {}
        values = {
            name: self._number(field, name, raw.get(name), faults)
            for name, field in (("acc_id", self._key), ("debit", self._amount), ("credit", self._amount))
        }
        return faults or Line(values["acc_id"], values["debit"], values["credit"])

    def _number(self, field: serializers.IntegerField, name: str, raw: Any, faults: dict[str, Any]) -> int:
        if raw in (None, "") and name != "acc_id":
            return 0
        if type(raw) is int and 0 < raw < 2**53:
            return raw
        if raw is None:
            faults[name] = [_("This field is required.")]
            return 0
        try:
            return int(field.run_validation(raw))
        except serializers.ValidationError as error:
            faults[name] = error.detail
            return 0


def _json_or_text(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return text  # an upload, or what is no JSON


class TransactionInSerializer(serializers.Serializer[Any]):
    """What a caller sends to record a transaction or to replace one."""

    date = IsoDateField()
    legend = serializers.CharField(required=False, allow_blank=True, max_length=LEGEND_MAX)
    entries = EntriesField()
    status = serializers.IntegerField(required=False, help_text="Only 0: verify and close by their actions.")

    def validate_status(self, value: int) -> int:
        """Refuse any state but the first."""
        if value != TransactionStatus.PENDING:
            raise serializers.ValidationError(
                _("A transaction is recorded to be verified (0): use toggle_status and close to change its state.")
            )
        return value


class ReversalInSerializer(serializers.Serializer[Any]):
    """Why a transaction is reversed, and on which date (today by default)."""

    reason = serializers.CharField(max_length=300)
    date = IsoDateField(required=False, allow_null=True)


class BulkInSerializer(serializers.Serializer[Any]):
    """An action for many transactions at once."""

    action = serializers.ChoiceField(choices=["verify", "close"])
    trans_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), allow_empty=False, max_length=IDS_MAX
    )


class LimitSerializer(serializers.Serializer[Any]):
    """How many of the most recent."""

    limit = serializers.IntegerField(
        required=False, default=10, min_value=1, max_value=100, help_text=gettext_lazy("How many of the newest.")
    )


# --- What goes out: read by OpenAPI alone, written by apps/trans/wire.py; a test compares the two ------


class EntrySerializer(serializers.Serializer[Any]):
    """A line."""

    entr_id = serializers.IntegerField()
    acc_id = serializers.IntegerField()
    account = AccountBriefSerializer()
    debit = MoneyField(help_text="Centavos.")
    credit = MoneyField(help_text="Centavos.")


class TransactionSerializer(serializers.Serializer[Any]):
    """A transaction with its lines."""

    trans_id = serializers.IntegerField()
    user = serializers.IntegerField()
    user_name = serializers.CharField()
    status = serializers.ChoiceField(choices=TransactionStatus.choices)
    status_display = serializers.CharField()
    date = serializers.DateField()
    legend = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    entries = EntrySerializer(many=True)
    total_debit = MoneyField(help_text="Centavos.")
    total_credit = MoneyField(help_text="Centavos.")
    is_balanced = serializers.BooleanField()
    number = serializers.IntegerField(allow_null=True, help_text="Given at closing, gapless in the fiscal year.")
    kind = serializers.ChoiceField(choices=TransactionKind.choices)
    reverses = serializers.IntegerField(allow_null=True)
    reversed_by = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField(help_text="Send it back in If-Match.")
    company = serializers.IntegerField()


class ListedTransactionSerializer(TransactionSerializer):
    """A transaction as an item of a list."""

    entries_count = serializers.IntegerField()
    total_amount = MoneyField(help_text="Centavos.")


class BulkResultSerializer(serializers.Serializer[Any]):
    """What became of one transaction of a bulk action."""

    trans_id = serializers.IntegerField()
    ok = serializers.BooleanField()
    code = serializers.CharField(required=False)
    error = serializers.CharField(required=False)


class BulkOutSerializer(serializers.Serializer[Any]):
    """What became of each, in the order sent."""

    results = BulkResultSerializer(many=True)
