"""Paths of the room."""

from __future__ import annotations

from django.urls import path
from rest_framework.routers import SimpleRouter

from apps.books.reports import views as reports
from apps.books.views import DailyBookViewSet

router = SimpleRouter(use_regex_path=False)
router.register("libros", DailyBookViewSet, basename="daily-book")

urlpatterns = [
    *router.urls,
    path("reports/sumas-y-saldos/", reports.TrialView.as_view(), name="report-trial"),
]
