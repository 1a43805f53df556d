"""The chart of accounts and its materialised totals."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.common.text import fold
from apps.companies.models import Company
from ledger.balances import saldo


class AccountKind(models.TextChoices):
    """The element of the statements that an account belongs to."""

    ASSET = "activo", _("Asset")
    LIABILITY = "pasivo", _("Liability")
    EQUITY = "patrimonio", _("Equity")
    INCOME = "ingreso", _("Income")
    EXPENSE = "egreso", _("Expense")
    MEMORANDUM = "orden", _("Memorandum")


class Liquidity(models.TextChoices):
    """Where an account stands in the statement of financial position."""

    CURRENT = "corriente", _("Current")
    NON_CURRENT = "no_corriente", _("Non-current")


code_shape = RegexValidator(
    r"^[0-9]+(\.[0-9]+)*\Z", _("Use digits, with dots between them if you like: 1.1.01")
)


class Account(models.Model):
    """A heading (not postable) or an account of a company's chart.

    `debits` and `credits` are kept by the database's guards when a transaction is sealed or
    unsealed; nothing else writes them. `nature` true is Deudora: debe - haber is its saldo.
    """

    acc_id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="accounts")
    code = models.CharField(_("code"), max_length=30, validators=[code_shape])
    name = models.CharField(_("name"), max_length=120)
    nature = models.BooleanField(_("debit nature"))
    kind = models.CharField(_("kind"), max_length=10, choices=AccountKind)
    status = models.BooleanField(_("active"), default=True)
    postable = models.BooleanField(_("postable"), default=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    liquidity = models.CharField(_("liquidity"), max_length=12, choices=Liquidity, blank=True, default="")
    monetary = models.BooleanField(_("monetary"), default=False)
    search_text = models.CharField(max_length=400, editable=False, default="")
    debits = models.BigIntegerField(_("debits"), default=0, editable=False)
    credits = models.BigIntegerField(_("credits"), default=0, editable=False)

    class Meta:
        db_table = "accounts"
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["code", "acc_id"]
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="accounts_unique_code"),
            models.CheckConstraint(condition=Q(kind__in=AccountKind.values), name="accounts_kind_known"),
            models.CheckConstraint(condition=Q(debits__gte=0, credits__gte=0), name="accounts_totals_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the folded search text."""
        self.search_text = self.searchable(self.code, self.name)
        fields = kwargs.get("update_fields")
        if fields is not None and {"code", "name"} & set(fields):
            kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)

    @staticmethod
    def searchable(code: str, name: str) -> str:
        """Return what `search` looks in; bulk writes pass `save` by and set it themselves."""
        return fold(f"{code} {name}")

    @property
    def saldo(self) -> int:
        """The balance in centavos, positive on the side of the account's nature."""
        return saldo(self.debits, self.credits, debit_nature=self.nature)


class AccountMonth(models.Model):
    """What one account moved in one month (`month` is its first day); kept by the guards."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="months")
    month = models.DateField()
    debits = models.BigIntegerField(default=0)
    credits = models.BigIntegerField(default=0)

    class Meta:
        db_table = "account_months"
        constraints = [models.UniqueConstraint(fields=["account", "month"], name="account_months_unique")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.month:%Y-%m}"
