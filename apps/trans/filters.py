"""The filters of the lists of transactions."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError

from apps.accounts.queries import accounts_named
from apps.common.filters import IsoDateFilter
from apps.common.text import fold
from apps.companies.models import Company
from apps.trans.models import Entry, Transaction, TransactionStatus
from apps.trans.queries import tallied
from ledger.money import MINOR_MAX

KEY_MAX = 2**63 - 1
ACCOUNTS_MAX = 100


class TransactionFilter(filters.FilterSet):
    """`?status=&user=&group=&account=&date_from=&date_to=&amount_min=&amount_max=&search=`."""

    status = filters.TypedChoiceFilter(
        label=_("0 to verify, 1 verified, 2 closed"), choices=TransactionStatus.choices, coerce=int
    )
    user = filters.NumberFilter(
        label=_("number of the user who recorded it"), field_name="user_id", min_value=1, max_value=KEY_MAX,
        decimal_places=0,
    )
    group = filters.CharFilter(label=_("group of the user who recorded it"), field_name="user__group", max_length=60)
    account = filters.CharFilter(
        label=_("codes or numbers of accounts of which it moves one, with commas between"), method="moving_account",
        max_length=4000,
    )
    date_from = IsoDateFilter(label=_("from this date on"), field_name="date", lookup_expr="gte")
    date_to = IsoDateFilter(label=_("up to this date"), field_name="date", lookup_expr="lte")
    amount_min = filters.NumberFilter(
        label=_("smallest total in centavos"), field_name="total", lookup_expr="gte", min_value=0, max_value=MINOR_MAX,
        decimal_places=0,
    )
    amount_max = filters.NumberFilter(
        label=_("largest total in centavos"), field_name="total", lookup_expr="lte", min_value=0, max_value=MINOR_MAX,
        decimal_places=0,
    )
    search = filters.CharFilter(label=_("words of the legend, or a number"), method="matching", max_length=200)

    class Meta:
        model = Transaction
        fields: list[str] = []

    @property
    def company(self) -> Company:
        """The company of the request, set by its view."""
        return self.request.parser_context["view"].company  # type: ignore[no-any-return]

    def moving_account(self, rows: QuerySet[Transaction], _name: str, value: str) -> QuerySet[Transaction]:
        """Keep those with a line on one of the accounts; an unknown account is a bad value."""
        names = [name.strip() for name in value.split(",")]
        named = accounts_named(self.company, names[:ACCOUNTS_MAX])
        known = [key for key in named if key is not None]
        if len(known) < len(names):
            raise ValidationError({"account": [_("There is no account with this code or number.")]})
        # IN rather than EXISTS: SQLite then begins with the accounts' lines and not with every transaction.
        return rows.filter(pk__in=Entry.objects.filter(account_id__in=known).values("transaction_id"))

    def matching(self, rows: QuerySet[Transaction], _name: str, value: str) -> QuerySet[Transaction]:
        """Keep those whose legend holds the words, or whose number or key is the value."""
        wanted = Q(search_text__contains=fold(value))
        digits = value.strip()
        if digits.isascii() and digits.isdigit() and int(digits) <= KEY_MAX:
            wanted |= Q(pk=int(digits)) | Q(number=int(digits))
        return rows.filter(wanted)

    def filter_queryset(self, queryset: QuerySet[Transaction]) -> QuerySet[Transaction]:
        """Filter, and let a list that only names state and user be counted by the tallies."""
        rows: QuerySet[Transaction] = super().filter_queryset(queryset)
        given: dict[str, Any] = {
            name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")
        }
        if given.keys() <= {"status", "user"}:
            user_id = given.get("user")
            rows.known_count = tallied(  # type: ignore[attr-defined]
                self.company, status=given.get("status"), user_id=None if user_id is None else int(user_id)
            )
        return rows
