"""What came from elsewhere, so that it comes once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.companies.models import Company


class ImportedRow(models.Model):
    """A row of the first Mosaite that was brought into a company.

    `digest` is of the row as it was then: a second import tells what changed there since.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(_("source"), max_length=60, blank=True, default="")
    table = models.CharField(_("table"), max_length=30)
    key = models.CharField(_("key"), max_length=40)
    row_id = models.BigIntegerField(_("row here"))
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "imported_rows"
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [
            models.UniqueConstraint(fields=["company", "source", "table", "key"], name="imported_rows_unique")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"
