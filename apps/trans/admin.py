"""Transactions in the admin: to look at. The books are written by their actions alone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.common.admin import ReadOnlyAdmin, ReadOnlyMixin
from apps.trans.models import Entry, IdempotencyKey, NumberCounter, Transaction, TransactionTally
from ledger.money import pesos


class EntryInline(ReadOnlyMixin, admin.TabularInline):  # type: ignore[type-arg]
    """The lines of a transaction."""

    model = Entry
    fields = ("account", "debit_pesos", "credit_pesos")
    readonly_fields = fields
    extra = 0
    show_change_link = False

    @admin.display(description=_("debit"))
    def debit_pesos(self, entry: Entry) -> str:
        """The debit in pesos, blank for none."""
        return pesos(entry.debit) if entry.debit else ""

    @admin.display(description=_("credit"))
    def credit_pesos(self, entry: Entry) -> str:
        """The credit in pesos, blank for none."""
        return pesos(entry.credit) if entry.credit else ""

    def get_queryset(self, request: Any) -> Any:
        """Bring the accounts along."""
        return super().get_queryset(request).select_related("account")


@admin.register(Transaction)
class TransactionAdmin(ReadOnlyAdmin):
    """Transactions of all companies."""

    list_display = ("trans_id", "date", "legend", "total_pesos", "status", "number", "user", "company")
    list_filter = ("company", "status", "kind", "fiscal_year")
    list_select_related = ("user", "company")
    search_fields = ("search_text", "=number", "=trans_id")
    date_hierarchy = "date"
    show_full_result_count = False
    exclude = ("search_text",)
    inlines = (EntryInline,)

    @admin.display(description=_("total"), ordering="total")
    def total_pesos(self, transaction: Transaction) -> str:
        """The total in pesos."""
        return pesos(transaction.total)


@admin.register(TransactionTally)
class TransactionTallyAdmin(ReadOnlyAdmin):
    """How many transactions by person, month and state; kept by the guards."""

    list_display = ("company", "user", "month", "status", "count")
    list_filter = ("company", "status")
    list_select_related = ("user", "company")


@admin.register(NumberCounter)
class NumberCounterAdmin(ReadOnlyAdmin):
    """The last number given in each fiscal year."""

    list_display = ("company", "fiscal_year", "last")
    list_filter = ("company",)


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    """Keys of repeated requests, without the answers they keep."""

    list_display = ("key", "company", "user", "created_at")
    list_filter = ("company",)
    list_select_related = ("user", "company")
    exclude = ("answer", "fingerprint")
