"""Paths of the room."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from apps.accounts.views import AccountViewSet

router = SimpleRouter()
router.register("accounts", AccountViewSet, basename="account")

urlpatterns = router.urls
