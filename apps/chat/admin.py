"""The assistant in the admin."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.chat import actions
from apps.chat.converting import text_of
from apps.chat.errors import UnreadableDocument
from apps.chat.models import ChatDocument, ChatQuery, IndexStatus
from apps.common.admin import ActionAdmin, ReadOnlyAdmin
from apps.common.db import unit_of_work
from apps.users.models import User


@admin.register(ChatQuery)
class ChatQueryAdmin(ReadOnlyAdmin):
    """What was asked and answered."""

    list_display = ("created_at", "user", "company", "question", "provider", "grounded", "helpful")
    list_filter = ("company", "provider", "grounded", "helpful")
    list_select_related = ("user", "company")
    search_fields = ("question", "answer")
    date_hierarchy = "created_at"


class DocumentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A document as text, or a file that is turned into it."""

    file = forms.FileField(
        label=_("file"), required=False, help_text=_("In place of the text: md, txt, html, docx, pdf.")
    )

    class Meta:
        model = ChatDocument
        fields = ("name", "company", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "text" in self.fields:
            self.fields["text"].required = False

    def clean(self) -> dict[str, Any]:
        """Take the text from the file; one of the two is needed."""
        given = super().clean() or {}
        if file := given.get("file"):
            try:
                given["text"] = text_of(file.name, file.read())
            except UnreadableDocument as error:
                raise forms.ValidationError({"file": error.fields["file"]}) from None
        elif not (given.get("text") or "").strip():
            raise forms.ValidationError({"text": _("Write a text or choose a file.")})
        return given


@admin.register(ChatDocument)
class ChatDocumentAdmin(ActionAdmin):
    """Documents that questions are answered from, beside the library's."""

    form = DocumentForm
    list_display = ("name", "company", "uploaded_by", "updated_at")
    list_filter = ("company",)
    list_select_related = ("company", "uploaded_by")
    search_fields = ("name",)
    actions = None

    def save_model(self, request: HttpRequest, obj: ChatDocument, _form: Any, _change: bool) -> None:
        """Write it by the action, which makes the index anew."""
        user = cast(User, request.user)
        actions.write_document(obj, acting_user=user, company=obj.company or user.company)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete in one unit of work."""
        return unit_of_work(super().delete_view)(request, *args, **kwargs)

    def delete_model(self, request: HttpRequest, obj: ChatDocument) -> None:
        """Remove it by the action."""
        user = cast(User, request.user)
        actions.remove_document(obj.pk, acting_user=user, company=obj.company or user.company)


@admin.register(IndexStatus)
class IndexStatusAdmin(ReadOnlyAdmin):
    """Who is making the index."""

    list_display = ("status_id", "last_rebuild", "rebuild_by", "progress", "stale", "lease_until")
    exclude = ("lease",)
