"""WSGI entry point."""

from __future__ import annotations

import os

import django
from django.core.handlers.wsgi import WSGIHandler

from config.requests import Utf8WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Utf8Handler(WSGIHandler):
    """Django's handler, reading UTF-8 only."""

    request_class = Utf8WSGIRequest


django.setup(set_prefix=False)
application = Utf8Handler()
