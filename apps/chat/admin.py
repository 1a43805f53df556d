"""The assistant in the admin."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.chat import actions
from apps.chat.converting import text_of
from apps.chat.errors import NameMissing, UnreadableDocument
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

    # What the file says, and what is wrong with it: read before the form is, see ChatDocumentAdmin.
    file_text: ClassVar[str] = ""
    file_fault: ClassVar[Any] = None
    file = forms.FileField(
        label=_("file"), required=False, help_text=_("In place of the text: md, txt, html, docx, pdf."),
        error_messages={"empty": _("The file is empty.")},
    )

    class Meta:
        model = ChatDocument
        fields = ("name", "company", "text")
        help_texts: ClassVar = {
            "name": _("The file's name by default."), "company": _("Whose questions it answers; blank: everybody's."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"name", "text"} & self.fields.keys():
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """Take the text from the file, and its name where none is written; a text or a file is needed."""
        given = super().clean() or {}
        file = given.get("file")
        if file:
            if self.file_fault:
                raise forms.ValidationError({"file": self.file_fault})
            given["text"] = self.file_text
            given["name"] = given.get("name") or file.name
        elif "file" not in self.errors and not (given.get("text") or "").strip():
            self.add_error("text", _("Write a text or choose a file."))
        if "file" not in self.errors and not given.get("name"):
            self.add_error("name", NameMissing().fields["name"][0])
        return given


def _read(file: Any) -> tuple[str, Any]:
    """Return a file's text and what is wrong with it."""
    try:
        return text_of(file.name, file.read()), None
    except UnreadableDocument as error:
        return "", error.fields["file"]


def _leads(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.leads


@admin.register(ChatDocument)
class ChatDocumentAdmin(ActionAdmin):
    """Documents that questions are answered from, beside the library's."""

    form = DocumentForm
    list_display = ("name", "company", "uploaded_by", "updated_at")
    list_filter = ("company",)
    list_select_related = ("company", "uploaded_by")
    search_fields = ("name",)
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Let rol 0 in, who may write documents through the API as well."""
        return _leads(request)

    def has_view_permission(self, request: HttpRequest, _obj: ChatDocument | None = None) -> bool:
        """Let rol 0 look at documents."""
        return _leads(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let rol 0 add documents."""
        return _leads(request)

    def has_change_permission(self, request: HttpRequest, _obj: ChatDocument | None = None) -> bool:
        """Let rol 0 replace documents."""
        return _leads(request)

    def has_delete_permission(self, request: HttpRequest, _obj: ChatDocument | None = None) -> bool:
        """Let rol 0 remove documents."""
        return _leads(request)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Read the file before the unit of work begins: it may take a minute, in which others want to write."""
        if self.has_add_permission(request) and (file := request.FILES.get("file")):
            request.document_file = _read(file)  # type: ignore[attr-defined]
        return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Give the form what the file says."""
        form: Any = super().get_form(request, *args, **kwargs)
        form.file_text, form.file_fault = getattr(request, "document_file", ("", None))
        return form

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
