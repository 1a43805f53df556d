"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class LanguageModelsConfig(AppConfig):
    """The room `apps.llm`: who may use how much of the language models, and how these stand."""

    name = "apps.llm"
    label = "llm"
    verbose_name = _("Language models")

    def ready(self) -> None:
        """Give the process's gateway its budget, and check what the environment says of it."""
        from apps.llm.budget import DatabaseBudget, in_the_requests_thread
        from apps.llm.checks import check_environment
        from services.llm_gateway import configure

        configure(budget=DatabaseBudget(), offload=in_the_requests_thread)
        checks.register(check_environment)
