"""Charts of accounts in the admin: to look at. They are changed through the API, with its rules and its trail."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Account, AccountMonth
from apps.common.admin import ReadOnlyAdmin
from ledger.money import pesos


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    """Accounts and headings of all companies."""

    list_display = ("code", "name", "kind", "nature", "saldo_pesos", "status", "postable", "company")
    list_filter = ("company", "kind", "postable", "status", "nature", "liquidity", "monetary")
    list_select_related = ("company",)
    search_fields = ("search_text",)
    ordering = ("company", "code")
    exclude = ("search_text",)

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
