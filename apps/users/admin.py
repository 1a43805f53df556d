"""Users in the admin, written through the same actions as over the API."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from apps.common.admin import ActionAdmin, ReadOnlyAdmin
from apps.users import actions
from apps.users.models import TokenFamily, User
from apps.users.rights import UserData

# Roles are what the matrix says, not Django's groups; sessions are shown as families of tokens,
# and simplejwt's own pages search a field that our users do not have.
admin.site.unregister([Group, OutstandingToken, BlacklistedToken])


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    """A user with, for a new one or a change, a password."""

    new_password = forms.CharField(
        label=_("New password"), strip=False, required=False, help_text=_("Blank: it stays as it is."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = User
        fields = ("email", "name", "group", "rol", "status", "company")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].required = self.instance.pk is None

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        password = self.cleaned_data.get("new_password")
        if password:
            try:
                validate_password(password, self.instance)
            except ValidationError as error:
                self.add_error("new_password", error)

    def data_given(self) -> UserData:
        """Return what the form says, for the actions."""
        given = self.cleaned_data
        return UserData(
            email=given["email"], name=given["name"], password=given["new_password"] or None, group=given["group"],
            rol=given["rol"], status=given["status"], company=given["company"].pk,
        )


@admin.register(User)
class UserAdmin(ActionAdmin):
    """Users of all companies. Deleting is the API's: the admin deactivates."""

    form = UserForm
    list_display = ("email", "name", "group", "rol", "status", "company", "is_superuser", "created_at")
    list_filter = ("company", "rol", "status", "group")
    list_select_related = ("company",)
    search_fields = ("search_text",)
    readonly_fields = ("is_superuser", "created_at", "updated_at")

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: UserForm, change: bool) -> None:
        """Create or change the user as the API would."""
        acting_user: Any = request.user
        if not change:
            obj.pk = actions.create_user(form.data_given(), acting_user=acting_user, company=obj.company).pk
            return
        stored = User.objects.select_related("company").get(pk=obj.pk)
        actions.change_user(obj.pk, form.data_given(), acting_user=acting_user, company=stored.company)


@admin.register(TokenFamily)
class TokenFamilyAdmin(ReadOnlyAdmin):
    """Sessions, without what their tokens are made of."""

    list_display = ("family_id", "user", "rotated_at", "revoked_at", "expires_at")
    list_filter = ("user__company",)
    list_select_related = ("user",)
    search_fields = ("user__search_text",)
    exclude = ("current_claims",)
