"""Application configuration."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BooksConfig(AppConfig):
    """The room of the accountant's books."""

    name = "apps.books"
    label = "books"
    verbose_name = _("books")
