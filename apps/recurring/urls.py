"""Paths of the room."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from apps.recurring.views import RecurringViewSet, TemplateViewSet

router = SimpleRouter()
router.register("templates", TemplateViewSet, basename="template")
router.register("recurring", RecurringViewSet, basename="recurring")

urlpatterns = router.urls
