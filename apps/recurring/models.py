"""Templates of transactions, when they recur, and what became of each due date."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Account
from apps.companies.models import Company
from apps.trans.models import LEGEND_MAX, Transaction
from ledger.formulas import FORMULA_MAX
from ledger.patterns import PatternLine
from ledger.schedules import EVERY_MAX, Recurrence
from ledger.schedules import Frequency as Every

NAME_MAX = 120
MESSAGE_MAX = 500


class Template(models.Model):
    """A transaction to be: its legend may hold placeholders (`legends.py`), its lines formulas of a base."""

    template_id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="templates")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="templates", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=NAME_MAX)
    legend = models.CharField(_("legend"), max_length=LEGEND_MAX, blank=True, default="")
    search_text = models.CharField(max_length=200, editable=False, default="")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        db_table = "templates"
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        ordering = ["name", "template_id"]
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="templates_unique_name")]

    def __str__(self) -> str:
        return self.name


class Side(models.TextChoices):
    """The side of a line."""

    DEBIT = "debit", _("Debit")
    CREDIT = "credit", _("Credit")


class TemplateLine(models.Model):
    """A line: a fixed `amount` in centavos, or a `formula`; the `rounding` one takes what rounding leaves over."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("account"))
    side = models.CharField(_("side"), max_length=6, choices=Side)
    amount = models.BigIntegerField(_("amount"), null=True, blank=True)
    formula = models.CharField(_("formula"), max_length=FORMULA_MAX, blank=True, default="")
    rounding = models.BooleanField(_("takes the rounding"), default=False)

    class Meta:
        db_table = "template_lines"
        verbose_name = _("line of a template")
        verbose_name_plural = _("lines of templates")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "position"], name="template_lines_unique_position"),
            models.UniqueConstraint(
                fields=["template"], condition=Q(rounding=True), name="template_lines_one_takes_rounding"
            ),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="template_lines_side_known"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, formula="") | (Q(amount__isnull=True) & ~Q(formula="")),
                name="template_lines_amount_or_formula",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.side} {self.formula or self.amount}"

    def as_pattern(self) -> PatternLine:
        """Return the line as the ledger's rules take it."""
        return PatternLine(self.account_id, self.side == Side.DEBIT, self.amount, self.formula, self.rounding)


class Frequency(models.TextChoices):
    """How often."""

    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    YEARLY = "yearly", _("Yearly")


class Schedule(models.Model):
    """When a template is posted, in whose name and with which base amount.

    `day` is that of the month (31: the last one). `next_date` is the first due date that has not been
    seen to; null when there is none left. A paused schedule (`active` false) posts nothing, and catches
    up when it goes on.
    """

    schedule_id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="schedules")
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="schedules")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="schedules", verbose_name=_("user")
    )
    frequency = models.CharField(_("frequency"), max_length=7, choices=Frequency)
    every = models.PositiveSmallIntegerField(_("every"), default=1)
    day = models.PositiveSmallIntegerField(_("day"), default=1)
    start = models.DateField(_("start"))
    end = models.DateField(_("end"), null=True, blank=True)
    base = models.BigIntegerField(_("base amount"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)
    next_date = models.DateField(_("next date"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        db_table = "schedules"
        verbose_name = _("recurring transaction")
        verbose_name_plural = _("recurring transactions")
        ordering = ["schedule_id"]
        indexes = [models.Index(fields=["next_date"], condition=Q(active=True), name="schedules_due")]
        constraints = [
            models.CheckConstraint(condition=Q(frequency__in=Frequency.values), name="schedules_frequency_known"),
            models.CheckConstraint(condition=Q(every__range=(1, EVERY_MAX)), name="schedules_every_bounded"),
            models.CheckConstraint(condition=Q(day__range=(1, 31)), name="schedules_day_real"),
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="schedules_end_later"),
            models.CheckConstraint(condition=Q(base__isnull=True) | Q(base__gt=0), name="schedules_base_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} {self.frequency}"

    @property
    def recurrence(self) -> Recurrence:
        """When it is due."""
        return Recurrence(Every(self.frequency), self.every, self.day, self.start, self.end)


class OccurrenceStatus(models.TextChoices):
    """What became of a due date; a failed one is tried again each day."""

    POSTED = "posted", _("Posted")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Skipped")


class Occurrence(models.Model):
    """A due date of a schedule: once for each, which is what keeps it from being posted twice.

    `transaction` is null where it failed or was skipped, and where it was deleted since.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="occurrences")
    due_date = models.DateField(_("due date"))
    status = models.CharField(_("status"), max_length=7, choices=OccurrenceStatus)
    transaction = models.ForeignKey(Transaction, on_delete=models.SET_NULL, null=True, related_name="+")
    attempts = models.PositiveIntegerField(_("attempts"), default=1)
    code = models.CharField(max_length=60, blank=True, default="")
    message = models.CharField(_("message"), max_length=MESSAGE_MAX, blank=True, default="")
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        db_table = "occurrences"
        verbose_name = _("due date")
        verbose_name_plural = _("due dates")
        ordering = ["-due_date", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "due_date"], name="occurrences_once"),
            models.CheckConstraint(condition=Q(status__in=OccurrenceStatus.values), name="occurrences_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.due_date:%Y-%m-%d} {self.status}"
