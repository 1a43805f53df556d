"""Errors of the room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.common.errors import Conflict


class ConfigExists(Conflict):
    """There is one configuration, from the first migration on."""

    code = "config_exists"
    message = _("There is already a configuration: change that one.")
