"""The admin, whose pages are loaded when somebody enters it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig


class MosaiteAdminSite(admin.AdminSite):
    """Django's admin, which looks for the rooms' pages when its addresses are asked for, or checked.

    They are 2 MB that most web processes never show.
    """

    def get_urls(self) -> list[Any]:
        """Return the addresses of all pages."""
        admin.autodiscover()
        return super().get_urls()

    def check(self, app_configs: Any) -> list[Any]:
        """Return what is wrong with a page."""
        admin.autodiscover()
        return super().check(app_configs)


class MosaiteAdminConfig(SimpleAdminConfig):
    """The admin without a search for its pages at start."""

    default_site = "config.admin.MosaiteAdminSite"

    def ready(self) -> None:
        """Make the site, which Django's check of the admin would otherwise not know of."""
        super().ready()
        admin.site.check  # noqa: B018
