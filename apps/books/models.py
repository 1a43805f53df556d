"""Daily books (libros diarios)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.companies.models import Company
from apps.trans.models import Transaction

NAME_MAX = 120


class BookStatus(models.TextChoices):
    """A book stands, or its transactions were given back."""

    CLOSED = "closed", _("Closed")
    DISSOLVED = "dissolved", _("Dissolved")


class DailyBook(models.Model):
    """Transactions closed and numbered together, in order of date.

    `user` and `group` tell by whom they were recorded, where the book is of some alone. `sha256` is of
    the content (services/daily/libro_diario.py), `total` the centavos on each side. `lease` names the
    process that is making the pages of a large book and holds until `lease_until`, which it keeps
    moving: a killed one frees itself. `progress` is in per cent.
    """

    book_id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_MAX)
    search_text = models.CharField(max_length=2 * NAME_MAX, editable=False, default="")
    date_from = models.DateField(_("from"))
    date_to = models.DateField(_("to"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("user"),
    )
    group = models.CharField(_("group"), max_length=60, blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    entries_count = models.PositiveIntegerField(_("transactions"))
    lines_count = models.PositiveIntegerField(_("lines"))
    total = models.BigIntegerField(_("total"))
    sha256 = models.CharField(max_length=64)
    status = models.CharField(_("status"), max_length=9, choices=BookStatus, default=BookStatus.CLOSED)
    lease = models.CharField(max_length=32, blank=True, default="", editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    progress = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        db_table = "daily_books"
        verbose_name = _("daily book")
        verbose_name_plural = _("daily books")
        ordering = ["-created_at", "-book_id"]
        indexes = [models.Index(fields=["company", "-created_at"], name="daily_books_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=BookStatus.values), name="daily_books_status_known"),
            models.CheckConstraint(condition=Q(entries_count__gt=0, lines_count__gt=0), name="daily_books_not_empty"),
            models.CheckConstraint(condition=Q(date_from__lte=models.F("date_to")), name="daily_books_dates_in_order"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="daily_books_percent"),
        ]

    def __str__(self) -> str:
        return self.name


class DailyBookContent(models.Model):
    """What a book says, as it was when it was made: canonical JSON, compressed by zlib."""

    book = models.OneToOneField(DailyBook, on_delete=models.CASCADE, primary_key=True, related_name="content")
    packed = models.BinaryField()

    class Meta:
        db_table = "daily_book_contents"

    def __str__(self) -> str:
        return str(self.book_id)


class DailyBookEntry(models.Model):
    """A transaction of a book that stands; none is in two."""

    book = models.ForeignKey(DailyBook, on_delete=models.CASCADE, related_name="entries")
    transaction = models.OneToOneField(Transaction, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "daily_book_entries"

    def __str__(self) -> str:
        return f"{self.book_id}: {self.transaction_id}"


INDEX_SCALE = 10_000  # a value of an index is kept in ten-thousandths


class PriceIndex(models.Model):
    """The value of a price index in a month (its first day), for one company or, without one, for all."""

    index_id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    month = models.DateField(_("month"))
    ten_thousandths = models.BigIntegerField(_("value in ten-thousandths"))

    class Meta:
        db_table = "price_indices"
        verbose_name = _("price index")
        verbose_name_plural = _("price indices")
        ordering = ["month", "index_id"]
        constraints = [
            models.UniqueConstraint(fields=["company", "month"], name="price_indices_unique"),
            models.UniqueConstraint(fields=["month"], condition=Q(company=None), name="price_indices_unique_for_all"),
            models.CheckConstraint(condition=Q(ten_thousandths__gt=0), name="price_indices_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.ten_thousandths / INDEX_SCALE}"
