"""Paths of the room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from apps.llm.views import StatusView

urlpatterns: list[URLPattern | URLResolver] = [path("llm/status/", StatusView.as_view(), name="llm-status")]
