"""The filters of the lists of accounts."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from apps.accounts.models import Account, AccountKind
from apps.common.filters import StrictBooleanFilter
from apps.common.text import fold


class AccountFilter(filters.FilterSet):
    """`?status=&nature=&kind=&search=`."""

    status = StrictBooleanFilter(label=_("true: active"))
    nature = StrictBooleanFilter(label=_("true: Deudora; false: Acreedora"))
    kind = filters.ChoiceFilter(label=_("kind"), choices=AccountKind.choices)
    search = filters.CharFilter(label=_("words of the code or name, whatever their case and accents"),
                                method="matching", max_length=120)

    class Meta:
        model = Account
        fields: list[str] = []

    def matching(self, rows: QuerySet[Account], _name: str, value: str) -> QuerySet[Account]:
        """Keep those whose code or name holds every word."""
        for word in fold(value).split():
            rows = rows.filter(search_text__contains=word)
        return rows
