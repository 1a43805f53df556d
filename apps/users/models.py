"""People who use the books, and the families of their refresh tokens."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.common.text import fold
from apps.companies.models import Company
from apps.companies.queries import default_company
from apps.config.roles import Role


class UserStatus(models.IntegerChoices):
    """Inactive people keep their history and cannot enter."""

    ACTIVE = 0, _("Active")
    INACTIVE = 1, _("Inactive")


class UserManager(BaseUserManager["User"]):
    """Makes users with hashed passwords and a company."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user by e-mail, whatever its case."""
        return self.get(email=(username or "").strip().lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user; without a company, one of the default company (see save)."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user who may do what rol 0 may, and enter the admin."""
        return self.create_user(email, password, **{**fields, "rol": Role.ADMIN, "is_superuser": True})


class User(AbstractBaseUser, PermissionsMixin):
    """A person; `rol` means what the system's mode says (apps/config/roles.py)."""

    user_id = models.BigAutoField(primary_key=True)
    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120)
    group = models.CharField(_("group"), max_length=60, blank=True, default="", db_index=True)
    rol = models.PositiveSmallIntegerField(_("role"), choices=Role, default=Role.ACCOUNTANT)
    status = models.PositiveSmallIntegerField(_("status"), choices=UserStatus, default=UserStatus.ACTIVE)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="users", verbose_name=_("company"))
    search_text = models.TextField(editable=False, default="")
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        db_table = "users"
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["user_id"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="users_email_caseless"),
            models.CheckConstraint(condition=Q(rol__range=(0, 4)), name="users_rol_known"),
            models.CheckConstraint(condition=Q(status__in=[0, 1]), name="users_status_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with a company, the e-mail in its one spelling and the folded search text."""
        self.email = self.email.strip().lower()
        if self.company_id is None:
            self.company = default_company()
        self.search_text = fold(f"{self.name} {self.email} {self.group}")
        fields = kwargs.get("update_fields")
        if fields is not None and {"name", "email", "group"} & set(fields):
            kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether the person may enter."""
        return self.status == UserStatus.ACTIVE

    @property
    def is_staff(self) -> bool:
        """Whether the person may enter the admin: rol 0 for the assistant's documents, a superuser for all."""
        return self.leads

    @property
    def leads(self) -> bool:
        """Whether the person may do what rol 0 may."""
        return self.rol == Role.ADMIN or self.is_superuser


class TokenFamily(models.Model):
    """All refresh tokens that descend from one login; exactly one of them is current.

    A pair is a deterministic function of its claims, so the claims of the current pair are enough
    to hand a parallel tab the very same pair within the grace period.
    """

    family_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="token_families")
    current_jti = models.CharField(max_length=36)
    previous_jti = models.CharField(max_length=36, blank=True, default="")
    current_claims = models.JSONField()
    rotated_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "token_families"
        verbose_name = _("token family")
        verbose_name_plural = _("token families")

    def __str__(self) -> str:
        return str(self.family_id)
