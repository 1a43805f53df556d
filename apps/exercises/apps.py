"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExercisesConfig(AppConfig):
    """The room `apps.exercises`."""

    name = "apps.exercises"
    label = "exercises"
    verbose_name = _("Exercises")
