"""The append-only trail of who did what, each event hashed over the one before it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

SYSTEM_CHAIN = 0
GENESIS_HASH = "0" * 64


class AuditChain(models.Model):
    """The head of a chain: one per company, and chain 0 for what belongs to none.

    A company that came from another installation brings its trail along, as it was written: a chain
    with a number below zero, which was written as chain `origin` and is kept for `company_id`.
    """

    chain = models.BigIntegerField(primary_key=True)
    origin = models.BigIntegerField(_("written as chain"), null=True)
    company_id = models.BigIntegerField(_("kept for company"), null=True, db_index=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS_HASH)

    class Meta:
        db_table = "audit_chains"
        verbose_name = _("head of a trail")
        verbose_name_plural = _("heads of the trails")

    def __str__(self) -> str:
        return f"{self.chain}: {self.seq}"


class AuditEvent(models.Model):
    """One thing done, named without foreign keys: what it tells about may go, the trail stays."""

    event_id = models.BigAutoField(primary_key=True)
    chain = models.BigIntegerField(_("chain"))
    seq = models.PositiveBigIntegerField(_("sequence"))
    at = models.CharField(_("at"), max_length=32)
    user_id = models.BigIntegerField(_("user"), null=True)
    user_email = models.CharField(_("e-mail"), max_length=254, blank=True, default="")
    action = models.CharField(_("action"), max_length=60)
    subject = models.CharField(_("subject"), max_length=40)
    subject_id = models.CharField(_("subject's number"), max_length=40)
    detail = models.TextField(_("detail"), default="{}")
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        db_table = "audit_events"
        verbose_name = _("audit event")
        verbose_name_plural = _("audit trail")
        ordering = ["-event_id"]
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_events_unique_seq")]
        indexes = [models.Index(fields=["subject", "subject_id"], name="audit_events_subject")]

    def __str__(self) -> str:
        return f"{self.chain}/{self.seq} {self.action}"
