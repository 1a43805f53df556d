"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    """The room `apps.chat`."""

    name = "apps.chat"
    label = "chat"
    verbose_name = _("Assistant")
