"""The wire of accounts: what comes in, and the shapes that OpenAPI shows of what goes out."""

from __future__ import annotations

from typing import Any

from drf_spectacular.helpers import lazy_serializer
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts.models import AccountKind, code_shape
from apps.accounts.wire import AccountNode
from apps.common.fields import FlagField, MoneyField

_KEY_MAX = 2**63 - 1


class AccountInSerializer(serializers.Serializer[Any]):
    """What a caller sends to add an account or to change one."""

    code = serializers.CharField(
        max_length=30, validators=[code_shape], help_text="Digits, with dots where you like: 11101 or 1.1.1.01."
    )
    name = serializers.CharField(max_length=120)
    nature = FlagField(help_text="True: Deudora; false: Acreedora.")
    kind = serializers.ChoiceField(
        choices=AccountKind.choices, required=False,
        help_text="Without it, that of the heading; without a heading, by the first digit as 1 to 5 number the "
        "default chart's partidas, else orden.",
    )
    status = FlagField(required=False, help_text="True, the default: active.")
    postable = FlagField(required=False, help_text="False for a heading. True by default.")
    parent = serializers.IntegerField(  # type: ignore[assignment]  # Field.parent is another thing
        required=False, allow_null=True, min_value=1, max_value=_KEY_MAX,
        help_text="A heading's acc_id. Without it, a new account goes under the longest heading that its code extends.",
    )


# --- What goes out: read by OpenAPI alone, written by apps/accounts/wire.py; a test compares the two ---


class AccountBriefSerializer(serializers.Serializer[Any]):
    """An account as an entry shows it."""

    acc_id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    saldo = MoneyField(help_text="Centavos, positive on the side of the nature; 0 for a heading.")
    nature = serializers.BooleanField(help_text="True: Deudora; false: Acreedora.")
    nature_display = serializers.CharField()
    status = serializers.BooleanField(help_text="True: active.")


class AccountSerializer(AccountBriefSerializer):
    """An account or heading."""

    postable = serializers.BooleanField(help_text="False: a heading.")
    parent = serializers.IntegerField(  # type: ignore[assignment]
        allow_null=True, help_text="The heading's acc_id."
    )
    kind = serializers.ChoiceField(choices=AccountKind.choices)


class AccountNodeSerializer(AccountSerializer):
    """An account of the tree; there a heading's `saldo` is that of everything under it."""

    children = serializers.SerializerMethodField()

    @extend_schema_field(lazy_serializer("apps.accounts.serializers.AccountNodeSerializer")(many=True))
    def get_children(self, node: AccountNode) -> list[AccountNode]:
        """Return what stands under the account."""
        return node["children"]
