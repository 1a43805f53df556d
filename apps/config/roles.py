"""Roles and what they are called in each mode."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.IntegerChoices):
    """The numbers on the wire; in educational mode only 0 (Profesor) and 2 (Alumno) are given."""

    ADMIN = 0, _("Admin")
    MANAGER = 1, _("Manager")
    ACCOUNTANT = 2, _("Accountant")
    OPERATOR = 3, _("Operator")
    VIEWER = 4, _("Viewer")


TEACHER = Role.ADMIN
STUDENT = Role.ACCOUNTANT

# Business names are literal on the wire, so they are not translated.
BUSINESS_NAMES = {0: "Admin", 1: "Manager", 2: "Accountant", 3: "Operator", 4: "Viewer"}
EDUCATIONAL_NAMES = {0: "Profesor", 2: "Alumno"}


def role_names(*, business: bool) -> dict[int, str]:
    """Return the roles that can be given in a mode, by number."""
    return BUSINESS_NAMES if business else EDUCATIONAL_NAMES


def role_name(rol: int, *, business: bool) -> str:
    """Return a role's name; one left over from the other mode keeps its business name."""
    return role_names(business=business).get(rol, BUSINESS_NAMES[rol])
