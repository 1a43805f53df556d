"""Paths of the room."""

from __future__ import annotations

from django.urls import path

from apps.transfer.views import ExportView

urlpatterns = [path("companies/<int:pk>/export/", ExportView.as_view(), name="company-export")]
