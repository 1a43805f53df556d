"""Charts of accounts in the admin, written through the same actions as over the API."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.actions import AccountFields, create_account, edit_account
from apps.accounts.models import Account, AccountMonth
from apps.common.admin import ActionAdmin, ReadOnlyAdmin
from ledger.money import pesos


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account; without a kind it takes its heading's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].required = False
        headings = Account.objects.filter(postable=False)
        if self.instance.pk is not None:
            headings = headings.filter(company=self.instance.company_id)
        self.fields["parent"].queryset = headings  # type: ignore[attr-defined]

    def given(self) -> AccountFields:
        """Return what the form says, for the actions."""
        fields = {name: value for name, value in self.cleaned_data.items() if name not in {"company", "parent"}}
        if not fields["kind"]:
            del fields["kind"]
        parent = self.cleaned_data["parent"]
        return cast(AccountFields, {**fields, "parent": None if parent is None else parent.pk})


@admin.register(Account)
class AccountAdmin(ActionAdmin):
    """Accounts and headings of all companies. Deleting is the API's: the admin deactivates."""

    form = AccountForm
    list_display = ("code", "name", "kind", "nature", "saldo_pesos", "status", "postable", "company")
    list_filter = ("company", "kind", "postable", "status", "nature", "liquidity", "monetary")
    list_select_related = ("company",)
    search_fields = ("search_text",)
    ordering = ("company", "code")

    def get_fields(self, _request: HttpRequest, obj: Account | None = None) -> tuple[str, ...]:
        """Leave out, of a new account, what it takes from its heading."""
        fields = ("company", "code", "name", "nature", "kind", "postable", "parent", "status")
        return fields if obj is None else (*fields, "liquidity", "monetary")

    def get_readonly_fields(self, _request: HttpRequest, obj: Account | None = None) -> tuple[str, ...]:
        """Fix the company once the account is there."""
        return () if obj is None else ("company",)

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse."""
        return False

    def save_model(self, request: HttpRequest, obj: Account, form: AccountForm, change: bool) -> None:
        """Create or change the account as the API would."""
        acting_user: Any = request.user
        if change:
            edit_account(obj.pk, form.given(), acting_user=acting_user, company=obj.company)
        else:
            obj.pk = create_account(form.given(), acting_user=acting_user, company=obj.company).pk

    @admin.display(description=_("balance"))
    def saldo_pesos(self, account: Account) -> str:
        """The balance in pesos."""
        return pesos(account.saldo)


@admin.register(AccountMonth)
class AccountMonthAdmin(ReadOnlyAdmin):
    """What each account moved in each month; kept by the guards."""

    list_display = ("account", "month", "debits_pesos", "credits_pesos")
    list_filter = ("account__company", "month")
    list_select_related = ("account",)
    search_fields = ("account__search_text",)

    @admin.display(description=_("debits"), ordering="debits")
    def debits_pesos(self, month: AccountMonth) -> str:
        """The debits in pesos."""
        return pesos(month.debits)

    @admin.display(description=_("credits"), ordering="credits")
    def credits_pesos(self, month: AccountMonth) -> str:
        """The credits in pesos."""
        return pesos(month.credits)
