"""The one row of system-wide settings."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from apps.config.currencies import currency_choices

MODE_CACHE_KEY = "config.system_mode"
# A bound on how long a change made behind our back (by SQL, or in the instant before its commit
# reaches the cache) stays unseen.
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
    currency = models.CharField(_("currency"), max_length=3, choices=currency_choices, default="ARS")

    class Meta:
        db_table = "config"
        verbose_name = _("configuration")
        verbose_name_plural = _("configuration")
        constraints = [models.CheckConstraint(condition=models.Q(config_id=1), name="config_single_row")]

    def __str__(self) -> str:
        return str(_("Configuration"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and let every process see the mode as soon as it is committed."""
        super().save(*args, **kwargs)
        # Set, not deleted: a reader that missed the cache before the commit only adds to it, so it
        # cannot put the old mode back.
        transaction.on_commit(partial(cache.set, MODE_CACHE_KEY, self.system_mode, MODE_CACHE_S))
