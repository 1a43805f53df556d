"""Paths of the room."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from apps.config.views import ConfigViewSet

router = SimpleRouter(use_regex_path=False)
router.register("config", ConfigViewSet, basename="config")

urlpatterns = router.urls
