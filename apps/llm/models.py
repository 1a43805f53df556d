"""What users have used of the language models, by day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LlmUsage(models.Model):
    """Tokens and money of a user on a day; money is in millionths of a US dollar."""

    usage_id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("user")
    )
    day = models.DateField(_("day"))
    tokens = models.PositiveBigIntegerField(_("tokens"), default=0)
    cost_micros = models.PositiveBigIntegerField(_("cost (millionths of a dollar)"), default=0)
    calls = models.PositiveBigIntegerField(_("calls"), default=0)

    class Meta:
        db_table = "llm_usage"
        verbose_name = _("use of language models")
        verbose_name_plural = _("use of language models")
        ordering = ["-day", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="llm_usage_unique_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"


class LlmReservation(models.Model):
    """What a call under way may still use; forgotten after a while, in case its process died."""

    reservation_id = models.BigAutoField(primary_key=True)
    usage = models.ForeignKey(LlmUsage, on_delete=models.CASCADE, related_name="reservations")
    tokens = models.PositiveBigIntegerField()
    cost_micros = models.PositiveBigIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "llm_reservations"
        constraints = [models.CheckConstraint(condition=Q(tokens__gt=0), name="llm_reservations_of_something")]

    def __str__(self) -> str:
        return f"{self.usage_id}: {self.tokens}"
