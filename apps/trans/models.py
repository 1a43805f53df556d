"""Transactions (asientos) and their entries.

How a transaction comes to be: its header is inserted unsealed, its entries after it, and clearing
`unsealed` seals it. The database's guards (sql/guards.*.sql) check the whole at that moment and
post the balances; a sealed transaction's entries cannot change, a closed one not at all.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Account
from apps.companies.models import Company


class TransactionStatus(models.IntegerChoices):
    """The three states, in their only order."""

    PENDING = 0, "Para verificar"
    VERIFIED = 1, "Verificado"
    CLOSED = 2, "Cerrado"


class TransactionKind(models.TextChoices):
    """Where a transaction comes from. The last five are those of the end of a fiscal year."""

    STANDARD = "standard", _("Standard")
    REVERSAL = "reversal", _("Reversal")
    ADJUSTMENT = "adjustment", _("Adjustment at closing")
    INFLATION = "inflation", _("Adjustment for inflation")
    RESULTS = "results", _("Closing of results")
    CLOSING = "closing", _("Closing of the books")
    OPENING = "opening", _("Opening of the books")


YEAR_END_KINDS = ["adjustment", "inflation", "results", "closing", "opening"]


class NeverSealed(models.Model):
    """A table that can hold no row.

    A deferred foreign key into it fails at commit on every engine: that is how no transaction is
    ever committed unsealed, on SQLite too, which has no deferred trigger.
    """

    class Meta:
        db_table = "transactions_never_sealed"
        constraints = [models.CheckConstraint(condition=Q(pk__isnull=True), name="never_sealed_empty")]

    def __str__(self) -> str:
        return ""


UNSEALED = 1
LEGEND_MAX = 500


class Transaction(models.Model):
    """The header of a double entry.

    `total` (centavos on each side) and `entries_count` are control totals: sealing fails when they
    differ from the lines. `number` is given at closing, gapless per company and fiscal year.
    """

    trans_id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="transactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="transactions")
    status = models.PositiveSmallIntegerField(
        _("status"), choices=TransactionStatus, default=TransactionStatus.PENDING
    )
    date = models.DateField(_("date"))
    legend = models.CharField(_("legend"), max_length=LEGEND_MAX, blank=True, default="")
    search_text = models.CharField(max_length=600, editable=False, default="")
    kind = models.CharField(_("kind"), max_length=10, choices=TransactionKind, default=TransactionKind.STANDARD)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    total = models.BigIntegerField(_("total"))
    entries_count = models.PositiveIntegerField(_("entries"))
    unsealed = models.ForeignKey(
        NeverSealed, on_delete=models.DO_NOTHING, null=True, default=UNSEALED, editable=False, related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        db_table = "transactions"
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        ordering = ["-date", "-created_at", "-trans_id"]
        indexes = [
            models.Index(fields=["company", "-date", "-created_at", "-trans_id"], name="transactions_newest"),
            models.Index(
                fields=["company", "status", "-date", "-created_at", "-trans_id"], name="transactions_by_status"
            ),
            # A few rows a year, which statements and the closing of a year look for each time.
            models.Index(
                fields=["company", "kind", "date"], condition=Q(kind__in=YEAR_END_KINDS),
                name="transactions_of_year_end",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "fiscal_year", "number"], name="transactions_unique_number"),
            models.CheckConstraint(condition=Q(status__in=[0, 1, 2]), name="transactions_status_known"),
            models.CheckConstraint(
                condition=Q(status=2, number__isnull=False, fiscal_year__isnull=False)
                | Q(status__lt=2, number__isnull=True, fiscal_year__isnull=True),
                name="transactions_number_when_closed",
            ),
            models.CheckConstraint(condition=Q(kind__in=TransactionKind.values), name="transactions_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False) | (~Q(kind="reversal") & Q(reverses__isnull=True)),
                name="transactions_reversal_linked",
            ),
            models.CheckConstraint(condition=Q(total__gt=0, entries_count__gte=2), name="transactions_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.legend}".strip()


class BooksPass(models.Model):
    """While it stands, closed transactions of its company may go back to Verificado.

    It can never be committed (see NeverSealed), so it lasts for a step within one unit of work; and
    the guards take it only in educational mode or from a practice company.
    """

    company = models.OneToOneField(Company, on_delete=models.CASCADE, primary_key=True, related_name="+")
    unsealed = models.ForeignKey(NeverSealed, on_delete=models.DO_NOTHING, default=UNSEALED, related_name="+")

    class Meta:
        db_table = "books_passes"

    def __str__(self) -> str:
        return str(self.company_id)


class TotalsPass(models.Model):
    """While it stands, totals, months and tallies may change: SQLite's guards hold it while they post.

    It can never be committed (see NeverSealed). PostgreSQL knows by itself that a trigger writes.
    """

    unsealed = models.ForeignKey(
        NeverSealed, on_delete=models.DO_NOTHING, default=UNSEALED, related_name="+", db_index=False
    )

    class Meta:
        db_table = "totals_passes"

    def __str__(self) -> str:
        return str(self.pk)


class Entry(models.Model):
    """One line: an amount on exactly one side of an account. `date` repeats the header's."""

    entr_id = models.BigAutoField(primary_key=True)
    transaction = models.ForeignKey(Transaction, on_delete=models.CASCADE, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", db_index=False)
    date = models.DateField()
    debit = models.BigIntegerField(default=0)
    credit = models.BigIntegerField(default=0)

    class Meta:
        db_table = "transaction_entries"
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["entr_id"]
        indexes = [
            # The mayor reads one account in order of date, page by page. With the amounts in it, balances
            # between dates are summed without a look at the rows: half the time, for 0.06 ms a posting.
            models.Index(fields=["account", "date", "entr_id", "debit", "credit"], name="entries_of_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0), name="entries_one_positive_side"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.debit} / {self.credit}"


class TransactionTally(models.Model):
    """How many transactions a user has in a month and state; kept by the guards."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    status = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        db_table = "transaction_tallies"
        constraints = [
            models.UniqueConstraint(fields=["company", "user", "month", "status"], name="transaction_tallies_unique")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.month:%Y-%m} {self.status}: {self.count}"


class NumberCounter(models.Model):
    """The last number given in a company's fiscal year; its row is the lock of numbering."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "transaction_counters"
        constraints = [models.UniqueConstraint(fields=["company", "fiscal_year"], name="transaction_counters_unique")]

    def __str__(self) -> str:
        return f"{self.company_id}/{self.fiscal_year}: {self.last}"


class IdempotencyKey(models.Model):
    """The first answer to a keyed request, committed together with what it did."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    answer = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "idempotency_keys"
        constraints = [models.UniqueConstraint(fields=["company", "user", "key"], name="idempotency_keys_unique")]

    def __str__(self) -> str:
        return self.key
