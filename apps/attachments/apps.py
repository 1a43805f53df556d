"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttachmentsConfig(AppConfig):
    """The room `apps.attachments`."""

    name = "apps.attachments"
    label = "attachments"
    verbose_name = _("Attachments")
