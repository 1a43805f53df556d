"""The documents of transactions; their bytes stand in files (`files.py`)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.companies.models import Company
from apps.trans.models import Transaction

NAME_MAX = 150


class Attachment(models.Model):
    """A document: `stored_name` is that of its file, random; what people call it is only ever told.

    Fixed once it is there (sql/guards.*.sql), and kept for ever once its transaction is closed.
    """

    attachment_id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="attachments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_MAX)
    content_type = models.CharField(_("type"), max_length=60)
    bytes = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    stored_name = models.CharField(max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        db_table = "attachments"
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["attachment_id"]
        indexes = [models.Index(fields=["company"], name="attachments_of_company")]
        constraints = [models.CheckConstraint(condition=Q(bytes__gt=0), name="attachments_not_empty")]

    def __str__(self) -> str:
        return self.name
