"""Paths of the room; both spellings are documented."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from apps.dash.views import StatisticsView

urlpatterns: list[URLPattern | URLResolver] = [
    path("dash/stats/", StatisticsView.as_view(), name="dash-stats"),
    path("dashboard/stats/", StatisticsView.as_view(), name="dashboard-stats"),
]
