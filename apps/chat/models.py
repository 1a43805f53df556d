"""What was asked and answered, the documents beside the library's, and the state of their index."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.companies.models import Company

NAME_TAKEN = _("There is already a document with this name: replace it or choose another.")


class ChatQuery(models.Model):
    """A question and its answer, as they were given."""

    query_id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+", verbose_name=_("company"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="chat_queries", verbose_name=_("user")
    )
    conversation_id = models.UUIDField(_("conversation"), default=uuid.uuid4)
    request_id = models.CharField(max_length=64)
    question = models.TextField(_("question"))
    answer = models.TextField(_("answer"), blank=True, default="")
    sources = models.JSONField(_("sources"), default=list)
    context_used = models.BooleanField(_("context used"), default=False)
    grounded = models.BooleanField(_("grounded"), default=False)
    provider = models.CharField(_("provider"), max_length=20, blank=True, default="")
    response_time = models.FloatField(_("seconds"), default=0)
    helpful = models.BooleanField(_("helpful"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=1000, blank=True, default="")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        db_table = "chat_queries"
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["-created_at", "-query_id"]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="chat_queries_of_user"),
            models.Index(fields=["company", "-created_at"], name="chat_queries_of_company"),
            models.Index(fields=["conversation_id", "created_at"], name="chat_queries_in_conversation"),
        ]

    def __str__(self) -> str:
        return self.question[:80]


class ChatQuota(models.Model):
    """How many questions a user has begun on a day: what the next one is reserved from."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    day = models.DateField()
    asked = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "chat_quotas"

    def __str__(self) -> str:
        return f"{self.day}: {self.asked}"


class ChatDocument(models.Model):
    """A document that somebody added; `company` null: for all of them. The text is what is indexed."""

    document_id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("company")
    )
    name = models.CharField(_("name"), max_length=150)
    text = models.TextField(_("text"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        db_table = "chat_documents"
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["name", "document_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "name"], name="chat_documents_unique_name", violation_error_message=NAME_TAKEN
            ),
            models.UniqueConstraint(
                fields=["name"], condition=Q(company=None), name="chat_documents_unique_for_all",
                violation_error_message=NAME_TAKEN,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class IndexStatus(models.Model):
    """The one row that says who is making the index.

    `lease` names the process that does and holds until `lease_until`, which it keeps moving: a killed
    one frees itself. `stale` is set by a change of documents and cleared by who begins to read them.
    """

    status_id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    lease = models.CharField(max_length=32, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    stale = models.BooleanField(_("stale"), default=False)
    last_rebuild = models.DateTimeField(_("last rebuild"), null=True)
    rebuild_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("rebuilt by")
    )

    class Meta:
        db_table = "chat_index_status"
        verbose_name = _("index")
        verbose_name_plural = _("index")
        constraints = [
            models.CheckConstraint(condition=Q(status_id=1), name="chat_index_status_single_row"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="chat_index_status_percent"),
        ]

    def __str__(self) -> str:
        return str(self.last_rebuild or "")
