"""The one row of system-wide settings."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

MODE_CACHE_KEY = "config.system_mode"
# A bound on how long a process that missed an invalidation may be wrong.
MODE_CACHE_S = 60


class DateFormat(models.TextChoices):
    """How pages and documents write dates."""

    DMY = "DD/MM/YYYY", "DD/MM/YYYY"
    MDY = "MM/DD/YYYY", "MM/DD/YYYY"
    ISO = "YYYY-MM-DD", "YYYY-MM-DD"
    DMY_DASHED = "DD-MM-YYYY", "DD-MM-YYYY"


class Config(models.Model):
    """System-wide settings; the database holds exactly one row."""

    config_id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    system_mode = models.BooleanField(_("business mode"), default=False)
    date_format = models.CharField(_("date format"), max_length=10, choices=DateFormat, default=DateFormat.DMY)
    currency = models.CharField(_("currency"), max_length=3, default="ARS")

    class Meta:
        db_table = "config"
        verbose_name = _("configuration")
        verbose_name_plural = _("configuration")
        constraints = [models.CheckConstraint(condition=models.Q(config_id=1), name="config_single_row")]

    def __str__(self) -> str:
        return str(_("Configuration"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and let every process see the mode at once."""
        super().save(*args, **kwargs)
        cache.delete(MODE_CACHE_KEY)
        # Again after the commit: between the two, a reader may have cached the old row.
        transaction.on_commit(lambda: cache.delete(MODE_CACHE_KEY))
