"""Paths of the room."""

from __future__ import annotations

from django.urls import path

from apps.books.reports import views as reports

urlpatterns = [
    path("reports/sumas-y-saldos/", reports.TrialView.as_view(), name="report-trial"),
]
