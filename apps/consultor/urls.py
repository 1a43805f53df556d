"""Paths of the room."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from apps.consultor.views import ConsultorHistoryViewSet, ConsultorViewSet

router = SimpleRouter()
router.register("consultor/history", ConsultorHistoryViewSet, basename="consultor-history")
router.register("consultor/query", ConsultorViewSet, basename="consultor")

urlpatterns = router.urls
