"""What was asked of the books, and what was understood; the rows of an answer are never stored."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.companies.models import Company


class Origin(models.TextChoices):
    """Who made the SQL of an answer."""

    TEMPLATE = "plantilla", _("Template")
    MODEL = "llm", _("Language model")


class ConsultorQuery(models.Model):
    """A question, the SQL and the form that it became, and the sentence it was answered with.

    `form` is the interpretation as the service writes it (services/consultorIA/forms.py): a question
    that follows builds on it. An approved one is an example for the company's later questions.
    """

    query_id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consultor_queries", verbose_name=_("user")
    )
    conversation_id = models.UUIDField(_("conversation"), default=uuid.uuid4)
    question = models.TextField(_("question"))
    valida = models.BooleanField(_("valid"))
    consulta = models.TextField("SQL", blank=True, default="")
    codigo = models.SmallIntegerField(_("code"))
    error_tecnico = models.CharField(max_length=500, blank=True, default="")
    error_usuario = models.TextField(blank=True, default="")
    respuesta = models.TextField(_("answer"), blank=True, default="")
    interpretacion = models.TextField(_("interpretation"), blank=True, default="")
    confianza = models.FloatField(_("confidence"), default=0)
    origen = models.CharField(_("origin"), max_length=10, choices=Origin, blank=True, default="")
    form = models.JSONField(null=True)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    truncated = models.BooleanField(default=False)
    response_time = models.FloatField(_("seconds"), default=0)
    helpful = models.BooleanField(_("helpful"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=1000, blank=True, default="")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        db_table = "consultor_queries"
        verbose_name = _("question to the books")
        verbose_name_plural = _("questions to the books")
        ordering = ["-created_at", "-query_id"]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="consultor_queries_of_user"),
            models.Index(fields=["company", "-created_at"], name="consultor_queries_of_company"),
            models.Index(fields=["conversation_id", "created_at"], name="consultor_in_conversation"),
            models.Index(
                fields=["company", "-approved_at"], condition=Q(approved_at__isnull=False), name="consultor_examples"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(codigo=-1, valida=True) | Q(codigo__range=(0, 8), valida=False),
                name="consultor_queries_code_known",
            ),
            models.CheckConstraint(
                # Not null: a condition that is unknown would let the row pass.
                condition=Q(approved_at__isnull=True) | Q(valida=True, helpful=True, helpful__isnull=False),
                name="consultor_approved_helpful",
            ),
        ]

    def __str__(self) -> str:
        return self.question[:80]

    @property
    def approved(self) -> bool:
        """Whether it is an example."""
        return self.approved_at is not None
