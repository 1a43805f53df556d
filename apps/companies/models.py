"""The tenant of every row, and its fiscal years and months."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CompanyKind(models.TextChoices):
    """Whether many work in the company's books, or one student or group practises in them."""

    SHARED = "shared", _("Shared")
    PRACTICE = "practice", _("Practice")


class Company(models.Model):
    """One set of books. Nothing of one company is visible from another."""

    company_id = models.BigAutoField(primary_key=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=CompanyKind, default=CompanyKind.SHARED)
    is_default = models.BooleanField(_("default"), default=False)
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        db_table = "companies"
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["company_id"]
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="companies_one_default"),
            models.UniqueConstraint(fields=["is_demo"], condition=Q(is_demo=True), name="companies_one_demo"),
            models.CheckConstraint(condition=Q(kind__in=CompanyKind.values), name="companies_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class PeriodKind(models.TextChoices):
    """A fiscal year (the calendar year) or one of its months."""

    YEAR = "year", _("Year")
    MONTH = "month", _("Month")


class PeriodStatus(models.TextChoices):
    """Nothing may be dated in a closed period, and nothing in it may change."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Period(models.Model):
    """A fiscal year (`month` is null) or month of a company. One without a row is open.

    A month is shut by itself or with its year; reopening the year leaves each month as it was.
    """

    period_id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="periods")
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=6, choices=PeriodStatus, default=PeriodStatus.OPEN)

    class Meta:
        db_table = "periods"
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["-year", models.F("month").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "year"], condition=Q(month__isnull=True), name="periods_unique_year"
            ),
            models.UniqueConstraint(
                fields=["company", "year", "month"], condition=Q(month__isnull=False), name="periods_unique_month"
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__range=(1, 12)), name="periods_month_real"
            ),
            models.CheckConstraint(condition=Q(year__range=(1900, 9999)), name="periods_year_real"),
            models.CheckConstraint(condition=Q(status__in=PeriodStatus.values), name="periods_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.year}" if self.month is None else f"{self.year}-{self.month:02}"

    @property
    def kind(self) -> str:
        """`year` or `month`."""
        return PeriodKind.YEAR if self.month is None else PeriodKind.MONTH

    # The next two are of rows of `queries.periods_of`, which know `shut_by_year`.

    @property
    def effective_status(self) -> str:
        """`open` or `closed`, by itself or with its year."""
        return PeriodStatus.CLOSED if self.shut_by_year else PeriodStatus(self.status)  # type: ignore[attr-defined]

    @property
    def waits_for_year(self) -> bool:
        """Whether it is a month of a closed year."""
        return self.month is not None and self.shut_by_year  # type: ignore[attr-defined]
